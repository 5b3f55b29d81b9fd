#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Who is in a room invites others to it, hears when they decline, and is told whom it cannot invite."""

from lib.component_host import find
from lib.rooms import join
from lib.scenario import run

X = "x xmlns='http://jabber.org/protocol/muc#user'"


async def scenario(t):
    await t.scripted(announce="[features]|muc=1")
    await t.enter()
    romeo, room = "romeo@localhost/orchard", "#verona@irc.localhost"

    def say(inside, to=room, user=romeo, id_="i1"):
        t.host.send(f"<message from='{user}' to='{to}' id='{id_}'>{inside}</message>")

    say(f"<{X}><invite to='juliet@localhost'/></x>")
    error = await t.host.expect("message[@type='error'][@id='i1']")
    assert error.get("from") == room and error.find("{*}error/{*}not-acceptable") is not None

    await join(t, "#verona")
    say(f"<{X}><invite to='juliet@localhost'><reason>Come</reason></invite></x>")
    invitation = await t.host.expect("message[@to='juliet@localhost']")
    assert invitation.get("from") == room
    assert find(invitation, "mucuser:x/mucuser:invite").get("from") == "romeo@localhost"
    assert invitation.find("{jabber:x:conference}x").get("jid") == room
    say(f"<{X}><decline to='romeo@localhost'><reason>Late</reason></decline></x>", user="juliet@localhost/balcony")
    declined = await t.host.expect("message[@to='romeo@localhost']/mucuser:x/mucuser:decline")
    assert find(declined, "mucuser:x/mucuser:decline").get("from") == "juliet@localhost"

    say(f"<{X}><invite to='tybalt@irc.localhost'/></x>", id_="i2")
    await t.host.expect(f"message[@type='error'][@id='i2'][@from='{room}']/error/stanzas:feature-not-implemented")
    say(f"<x xmlns='jabber:x:conference' jid='{room}'/>", to="tybalt@irc.localhost", id_="i3")
    await t.host.expect("message[@type='error'][@id='i3'][@from='tybalt@irc.localhost']"
                        "/error/stanzas:feature-not-implemented")
    say("<x xmlns='jabber:x:data' type='submit'><field var='muc#role'><value>participant</value></field></x>", id_="i4")
    await t.host.expect(f"message[@type='error'][@id='i4'][@from='{room}']")
    t.backend.refute("CONV_MESSAGE")


run(scenario)
