# SPDX-License-Identifier: MIT
"""A client that does not read is left behind when too much waits for it, and nobody else is slowed meanwhile; with
stream management it comes back and has missed nothing."""

import re

from lib.raw_client import text_of
from lib.scenario import run

TEXT = "x" * 40000
MOST = 600  # messages: more than it and the kernel together may have waiting
ROMEO = "romeo@localhost"


def left_behind(t, resource):
    return re.search(f"{ROMEO}/{resource}: .* does not read", t.gateway.log())


async def flood(t, juliet, resource):
    """Until the client is left behind; how many that took."""
    for n in range(MOST):
        t.backend.message(ROMEO, "nurse", f"{n} {TEXT}")
        if n % 10 == 0:
            t.backend.message("juliet@localhost", "nurse", f"{resource} {n}")
            await juliet.expect(f"message[body='{resource} {n}']")
            if left_behind(t, resource):
                return n + 1
    raise AssertionError("it may have everything waiting")


async def scenario(t):
    await t.serve(log="info")
    juliet = await t.raw_user("juliet", "balcony")
    deaf = await t.raw_user("romeo", "deaf")
    deaf.stop_reading()
    await flood(t, juliet, "deaf")
    await t.backend.expect("LOGOUT", user=ROMEO)
    phone = await t.raw_user("romeo", "phone")
    token = (await phone.enable()).get("id")
    await phone.sync()
    phone.stop_reading()
    count = await flood(t, juliet, "phone")
    t.backend.refute("LOGOUT")
    again = t.raw_client("again")
    await again.connect()
    await again.open()
    await again.authenticate("romeo")
    assert (await again.resume(token, 1)).tag.endswith("}resumed")
    got = [text_of(await again.expect("message[@type='chat']/body", "message"), "body") for _ in range(count)]
    assert [text.split()[0] for text in got] == [str(n) for n in range(count)], [text[:5] for text in got]
    await again.sync()
    again.refute("message")


run(scenario)
