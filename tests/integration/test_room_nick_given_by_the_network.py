# SPDX-License-Identifier: MIT
"""A nick that the network changed at the entry is told with the codes 110 and 210."""

from lib.scenario import run


async def scenario(t):
    await t.scripted(announce="[features]|muc=1")
    await t.enter()
    romeo, room = "romeo@localhost", "#verona@irc.localhost"
    t.host.send(f"<presence from='{romeo}/orchard' to='{room}/wanted'><x xmlns='http://jabber.org/protocol/muc'/></presence>")
    await t.backend.expect("JOIN_ROOM", nickname="wanted")
    t.backend.send("ROOM_NICKNAME_CHANGED", user=romeo, room="#verona", nickname="given")
    t.backend.participant(romeo, "#verona", "given", flag=16)
    await t.host.expect(f"presence[@from='{room}/given'][@to='{romeo}/orchard']",
                        "presence/mucuser:x/mucuser:status[@code='110']", "presence/mucuser:x/mucuser:status[@code='210']")


run(scenario)
