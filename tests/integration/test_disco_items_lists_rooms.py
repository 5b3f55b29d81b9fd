# SPDX-License-Identifier: MIT
"""disco#items of the gateway lists the rooms a network told of."""

from lib.scenario import run
from lib.waiting import until


async def scenario(t):
    await t.scripted(announce="[features]|muc=1")
    answer = await t.host.ask("irc.localhost", "<query xmlns='http://jabber.org/protocol/disco#items'/>")
    assert answer.get("type") == "result" and len(answer[0]) == 0
    t.backend.send("ROOM_LIST", room=["#one", "#two"], name=["First", "Second"])

    async def listed():
        found = await t.host.ask("irc.localhost", "<query xmlns='http://jabber.org/protocol/disco#items'/>")
        return {item.get("jid"): item.get("name") for item in found[0]} or None

    rooms = await until(listed, "rooms in disco#items")
    assert rooms == {"#one@irc.localhost": "First", "#two@irc.localhost": "Second"}, rooms


run(scenario)
