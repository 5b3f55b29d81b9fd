# SPDX-License-Identifier: MIT
"""A second resource sees the room at once without another join; the last that leaves leaves the room."""

from lib.rooms import join
from lib.scenario import run


async def scenario(t):
    await t.scripted(announce="[features]|muc=1")
    await t.enter()
    romeo, room = "romeo@localhost", "#verona@irc.localhost"
    await join(t, "#verona", others=["juliet"])
    t.host.send(f"<presence from='{romeo}/balcony' to='irc.localhost'/>")
    t.host.send(f"<presence from='{romeo}/balcony' to='{room}/montague'><x xmlns='http://jabber.org/protocol/muc'/></presence>")
    await t.host.expect(f"presence[@from='{room}/juliet'][@to='{romeo}/balcony']")
    await t.host.expect(f"presence[@from='{room}/montague'][@to='{romeo}/balcony']",
                        "presence/mucuser:x/mucuser:status[@code='110']")
    t.backend.refute("JOIN_ROOM")
    t.backend.message(romeo, "#verona", "both", nickname="juliet")
    for resource in ("orchard", "balcony"):
        await t.host.expect(f"message[@type='groupchat'][@to='{romeo}/{resource}'][body='both']")
    t.host.send(f"<presence type='unavailable' from='{romeo}/orchard' to='{room}/montague'/>")
    await t.host.expect(f"presence[@from='{room}/montague'][@to='{romeo}/orchard'][@type='unavailable']")
    t.backend.refute("LEAVE_ROOM")
    t.host.send(f"<presence type='unavailable' from='{romeo}/balcony' to='{room}/montague'/>")
    await t.backend.expect("LEAVE_ROOM", room="#verona")


run(scenario)
