# SPDX-License-Identifier: MIT
"""Whom the network turns out for good loses the streams of all his clients, and hears why; also one that has no
resource yet. He can log in again at once."""

from lib.raw_client import text_of
from lib.scenario import run

ROMEO = "romeo@localhost"


async def scenario(t):
    await t.serve()
    first = await t.raw_user("romeo", "orchard")
    second = await t.raw_user("romeo", "balcony", presence=None)
    unbound = t.raw_client("unbound")
    await unbound.connect()
    await unbound.open()
    assert (await unbound.authenticate("romeo")).tag.endswith("}success")
    t.backend.refute("LOGOUT")
    t.backend.send("DISCONNECTED", user=ROMEO, error=2, message="Your password has changed")
    for client in (first, second):
        error = await client.expect_end("undefined-condition")
        assert text_of(error, "errors:text") == "Your password has changed"
    await t.backend.expect("LOGOUT", user=ROMEO)
    await unbound.open()
    answer = await unbound.ask(None, "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>", "set")
    assert answer.get("type") == "error", "somebody who is not logged in has a resource"
    again = await t.raw_user("romeo", "orchard", password="another")
    await again.sync()


run(scenario)
