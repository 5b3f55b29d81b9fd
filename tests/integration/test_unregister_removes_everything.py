# SPDX-License-Identifier: MIT
"""Unregistering logs out, takes back the subscriptions and forgets the user."""

from lib.component_host import find
from lib.scenario import run


async def scenario(t):
    await t.scripted()
    await t.enter()
    t.backend.buddy("romeo@localhost", "juliet", alias="Juliet")
    await t.host.expect("presence[@type='subscribe'][@from='juliet@irc.localhost']")
    answer = await t.host.ask("irc.localhost", "<query xmlns='jabber:iq:register'><remove/></query>", "set")
    assert answer.get("type") == "result"
    await t.backend.expect("LOGOUT", user="romeo@localhost")
    for jid in ("juliet@irc.localhost", "irc.localhost"):
        await t.host.expect(f"presence[@type='unsubscribe'][@from='{jid}']")
        await t.host.expect(f"presence[@type='unsubscribed'][@from='{jid}']")
    answer = await t.host.ask("irc.localhost", "<query xmlns='jabber:iq:register'/>")
    assert find(answer, "register:query/register:registered") is None


run(scenario)
