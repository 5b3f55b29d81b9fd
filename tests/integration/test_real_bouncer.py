# SPDX-License-Identifier: MIT
"""A client goes as servers say it (unavailable to the room and to the gateway) and comes back: its user was in the
channel all the time, and hears what was said."""

from lib.people import enter_room
from lib.scenario import AVAILABLE, run

ROOM = "#spectrum@irc.localhost"


async def online(t):
    romeo = await t.xmpp_user("romeo", "phone")
    romeo.say("<presence/>")
    romeo.say("<presence to='irc.localhost'/>")
    await romeo.expect(AVAILABLE.format("irc.localhost", "romeo@localhost/phone"))
    return romeo


async def scenario(t):
    await t.real(config={"settings.stay_connected": 1})
    romeo = await t.xmpp_user("romeo", "phone")
    bob = await t.irc_user("bob", "#spectrum")
    await enter_room(romeo, ROOM)
    await bob.expect("JOIN", "#spectrum", nick="romeo")
    await romeo.close()
    bob.say("#spectrum", "are you still there?")
    bob.say("romeo", "call me")
    # Longer than a client that leaves the room alone is waited for.
    juliet = await t.xmpp_user("juliet")
    await enter_room(juliet, ROOM, "juliet")
    await bob.expect("JOIN", "#spectrum", nick="juliet")
    bob.say("#spectrum", "hello juliet")
    await juliet.expect("message[@type='groupchat'][body='hello juliet']")
    romeo = await online(t)
    await romeo.expect("message[@type='chat'][body='call me']", "message/delay:delay")
    romeo.say(f"<presence to='{ROOM}/romeo'><x xmlns='http://jabber.org/protocol/muc'/></presence>")
    for nick in ("bob", "juliet"):
        await romeo.expect(f"presence[@from='{ROOM}/{nick}'][not(@type)]")
    await romeo.expect(f"presence[@from='{ROOM}/romeo']", "presence/mucuser:x/mucuser:status[@code='110']")
    await romeo.expect("message[@type='groupchat'][body='are you still there?']", "message/delay:delay")
    await romeo.expect("message[@type='groupchat'][body='hello juliet']", "message/delay:delay")
    assert not [line for line in bob.lines if line.command in ("PART", "QUIT") and line.nick == "romeo"]
    # Who leaves the channel and stays online leaves it.
    romeo.say(f"<presence type='unavailable' to='{ROOM}/romeo'/>")
    await bob.expect("PART", "#spectrum", nick="romeo")


run(scenario)
