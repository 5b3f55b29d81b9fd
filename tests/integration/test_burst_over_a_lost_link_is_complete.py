# SPDX-License-Identifier: MIT
"""The server dies in the middle of a burst, without having read what was written to it: every message of the
network arrives at least once, in order, twice only with the same id; the users stay."""

from lib.component_host import ComponentHost, text_of
from lib.scenario import run
from lib.waiting import until

PAD = " ." * 1000


async def scenario(t):
    await t.scripted()
    await t.enter()
    for n in range(50):
        t.backend.message("romeo@localhost", "juliet", f"{n}{PAD}")
        t.host.send("<message type='chat' from='romeo@localhost/orchard' to='juliet@irc.localhost'>"
                    f"<body>up {n}</body></message>")
    await until(lambda: len(bodies(t.host)) == 50, "the first 50")
    for n in range(50):
        assert (await t.backend.expect("CONV_MESSAGE")).message == f"up {n}"
    first, link = t.host, t.host.link
    link.writer.transport.pause_reading()
    for n in range(50, 300):
        t.backend.message("romeo@localhost", "juliet", f"{n}{PAD}")
    await sync(t, "before")
    await first.stop()
    link.writer.transport.abort()
    await t.gateway.wait_log(r"(?i)link.*next try")
    for n in range(300, 400):
        t.backend.message("romeo@localhost", "juliet", f"{n}{PAD}")
    await sync(t, "between")
    t.host = await ComponentHost().start(first.port)
    t.cast.append(("second host", t.host))
    t.closers.append(t.host.stop)
    await t.host.wait_online()
    await until(lambda: t.host.inbox.first(lambda s: body(s).startswith("399 ")), "the last message")
    check(bodies(t.host), bodies(first))
    t.backend.refute("LOGOUT")
    t.backend.refute("LOGIN")


async def sync(t, marker):
    """After this the gateway has dealt with all that the backend said before."""
    t.backend.message(f"{marker}@localhost", "juliet", "")
    await t.gateway.wait_log(f"{marker}@localhost, who is not on that backend")


def body(stanza):
    return text_of(stanza, "body") or ""


def bodies(host):
    return [(int(body(s).split()[0]), s.get("id")) for s in host.inbox.items if body(s).endswith(PAD)]


def check(late, early):
    numbers = [number for number, _ in late]
    assert numbers == sorted(numbers), "not in order"
    assert len(set(late)) == len(late), "twice on one link"
    assert set(range(400)) == {number for number, _ in early + late}, "lost"
    assert min(numbers) <= 50 and max(number for number, _ in early) < 300
    ids = dict(early)
    assert all(ids.get(number, id_) == id_ for number, id_ in late), "another id"


run(scenario)
