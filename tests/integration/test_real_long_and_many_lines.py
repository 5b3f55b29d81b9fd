# SPDX-License-Identifier: MIT
"""Long lines are split where IRC must, several lines become several, none is lost."""

from lib.people import enter_room
from lib.scenario import run


async def scenario(t):
    await t.real()
    romeo = await t.xmpp_user("romeo")
    bob = await t.irc_user("bob", "#spectrum")
    room = "#spectrum@irc.localhost"
    await enter_room(romeo, room)
    long = "\u00e4 word " * 150
    romeo.say(f"<message type='groupchat' to='{room}'><body>first\nsecond\n{long}</body></message>")
    assert (await bob.expect("PRIVMSG", "#spectrum")).args[1] == "first"
    assert (await bob.expect("PRIVMSG", "#spectrum")).args[1] == "second"
    got = ""
    while len(got.replace(" ", "")) < len(long.replace(" ", "")):
        got += (await bob.expect("PRIVMSG", "#spectrum")).args[1]
        assert "\ufffd" not in got, "a character was cut in two"
    assert got.replace(" ", "") == long.replace(" ", "")
    romeo.say(f"<message type='groupchat' to='{room}'><body>/me waves</body></message>")
    assert (await bob.expect("PRIVMSG", "#spectrum")).args[1] == "\x01ACTION waves\x01"
    bob.say("#spectrum", "\x01ACTION nods\x01")
    await romeo.expect("message[@type='groupchat'][body='/me nods']")
    bob.say("#spectrum", "\x02bold\x02 and \x0304red\x03")
    message = await romeo.expect("message[@type='groupchat']/body")
    while "bold" not in message.findtext("{jabber:client}body"):
        message = await romeo.expect("message[@type='groupchat']/body")
    assert message.findtext("{jabber:client}body") == "bold and red"


run(scenario)
