# SPDX-License-Identifier: MIT
"""Server mode over STARTTLS between a real client and ngircd: a channel, and words between two."""

from lib.scenario import run
from lib.served import enter_room, talk
from lib.waiting import until

ROOM = "#spectrum@localhost"


async def scenario(t):
    await t.serve_irc()
    romeo = await t.served_user("romeo")
    assert romeo.boundjid.full == "romeo@localhost/test", romeo.boundjid
    bob = await t.irc_user("bob", "#spectrum")
    romeo.say("<presence/>")
    await enter_room(romeo, ROOM)
    await romeo.expect(f"presence[@from='{ROOM}/bob'][not(@type)]")
    await bob.expect("JOIN", "#spectrum", nick="romeo")
    await talk(romeo, bob, "#spectrum", ROOM)
    bob.say("romeo", "just us")
    await romeo.expect("message[@type='chat'][body='just us']")
    romeo.say(f"<message type='chat' to='{ROOM}/bob'><body>through the room</body></message>")
    assert (await bob.expect("PRIVMSG", "bob", nick="romeo")).args[1] == "through the room"
    romeo.say("<message type='chat' to='bob@localhost'><body>to the nickname</body></message>")
    assert (await bob.expect("PRIVMSG", "bob", nick="romeo")).args[1] == "to the nickname"
    romeo.say(f"<presence type='unavailable' to='{ROOM}/romeo'/>")
    await bob.expect("PART", "#spectrum", nick="romeo")
    await romeo.close()

    async def is_gone():
        bob.send("WHOIS romeo")
        return (await bob.expect_any("311", "401")).command == "401"
    await until(is_gone, "romeo leaves the network")


run(scenario)
