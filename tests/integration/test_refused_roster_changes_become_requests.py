# SPDX-License-Identifier: MIT
"""A server that grants changes of rosters and then refuses them: users are asked for subscriptions instead."""

from lib.privileges import RosterKeeper
from lib.scenario import run

USER = "romeo@localhost"


async def scenario(t):
    await t.scripted()
    keeper = RosterKeeper(t.host, version=1)
    keeper.refuses = "internal-server-error"  # as ejabberd 23.01 does
    keeper.grant()
    await t.enter()
    await t.host.expect(f"presence[@type='subscribe'][@from='irc.localhost'][@to='{USER}']")
    for n in range(12):
        t.backend.buddy(USER, f"nurse{n}", alias=f"Nurse {n}")
    for n in range(12):
        request = await t.host.expect(f"presence[@type='subscribe'][@from='nurse{n}@irc.localhost'][@to='{USER}']")
        assert request.findtext("{http://jabber.org/protocol/nick}nick") == f"Nurse {n}"
    await t.gateway.wait_log("localhost grants changes of rosters but refuses them")
    answer = await t.host.ask("irc.localhost", "<query xmlns='jabber:iq:register'><remove/></query>", "set")
    assert answer.get("type") == "result"
    for jid in ("nurse7@irc.localhost", "irc.localhost"):
        await t.host.expect(f"presence[@type='unsubscribe'][@from='{jid}']")
        await t.host.expect(f"presence[@type='unsubscribed'][@from='{jid}']")
    assert not keeper.of(USER)


run(scenario)
