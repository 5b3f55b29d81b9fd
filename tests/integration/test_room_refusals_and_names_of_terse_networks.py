#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Networks that say little of rooms: a refusal without a name, a ban before the entry, another own name."""

from lib.rooms import join
from lib.scenario import run

ROMEO = "romeo@localhost"
ENTER = "<presence from='romeo@localhost/orchard' to='{}/montague'><x xmlns='http://jabber.org/protocol/muc'/></presence>"


async def scenario(t):
    await t.scripted(announce="[features]|muc=1")
    await t.enter()

    async def enter(room):
        t.host.send(ENTER.format(f"{room}@irc.localhost"))
        await t.backend.expect("JOIN_ROOM", room=room)

    await enter("#full")
    t.backend.participant(ROMEO, "#full", "", flag=2, status=5)
    await t.host.expect("presence[@type='error'][@from='#full@irc.localhost/montague']/error/stanzas:conflict")
    await enter("#closed")
    t.backend.participant(ROMEO, "#closed", "montague", flag=4, status=5, status_message="Banished")
    await t.host.expect("presence[@type='error'][@from='#closed@irc.localhost/montague']/error/stanzas:forbidden")

    await join(t, "#verona", others=["juliet"])
    room = "#verona@irc.localhost"
    t.backend.participant(ROMEO, "#verona", "guest1", flag=16)
    await t.host.expect(f"presence[@type='unavailable'][@from='{room}/montague']/mucuser:x/mucuser:item[@nick='guest1']")
    await t.host.expect(f"presence[@from='{room}/guest1'][not(@type)]", "presence/mucuser:x/mucuser:status[@code='110']")
    t.backend.participant(ROMEO, "#verona", "guest1", flag=32)
    await t.host.expect(f"presence[@type='unavailable'][@from='{room}/guest1']",
                        "presence/mucuser:x/mucuser:status[@code='307']",
                        "presence/mucuser:x/mucuser:status[@code='110']")
    # Who was kicked may come back.
    await join(t, "#verona")


run(scenario)
