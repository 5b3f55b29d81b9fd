# SPDX-License-Identifier: MIT
"""Without irc_server the room's name tells the network; two networks at once, left one by one."""

from lib.people import enter_room
from lib.scenario import run


async def scenario(t):
    await t.real(single=False)
    other = await t.run_ngircd()
    romeo = await t.xmpp_user("romeo")
    bob = await t.irc_user("bob", "#one")
    eve = await t.irc_user("eve", "#two", server=other)
    one = f"#one\\40127.0.0.1\\3a{t.ngircd.port}@irc.localhost"
    two = f"#two\\40127.0.0.1\\3a{other.port}@irc.localhost"
    await enter_room(romeo, one)
    await enter_room(romeo, two)
    await romeo.expect(f"presence[@from='{one}/bob']")
    await romeo.expect(f"presence[@from='{two}/eve']")
    bob.say("#one", "here is one")
    message = await romeo.expect("message[@type='groupchat'][body='here is one']")
    assert message.get("from") == f"{one}/bob"
    eve.say("#two", "here is two")
    message = await romeo.expect("message[@type='groupchat'][body='here is two']")
    assert message.get("from") == f"{two}/eve"
    romeo.say(f"<message type='groupchat' to='{two}'><body>to two</body></message>")
    assert (await eve.expect("PRIVMSG", "#two", nick="romeo")).args[1] == "to two"
    eve.say("romeo", "between us")
    message = await romeo.expect("message[@type='chat'][body='between us']")
    assert message.get("from").startswith(f"eve\\40127.0.0.1\\3a{other.port}@irc.localhost")
    romeo.say(f"<message type='chat' to='{message.get('from')}'><body>so be it</body></message>")
    assert (await eve.expect("PRIVMSG", "eve", nick="romeo")).args[1] == "so be it"
    romeo.say(f"<presence type='unavailable' to='{one}/romeo'/>")
    await bob.expect("PART", "#one", nick="romeo")
    eve.say("#two", "still here")
    await romeo.expect("message[@type='groupchat'][body='still here']")
    romeo.say("<presence type='unavailable' to='irc.localhost'/>")
    await eve.expect("PART", "#two", nick="romeo")


run(scenario)
