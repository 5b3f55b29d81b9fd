# SPDX-License-Identifier: MIT
"""Between Prosody and ngircd: found in discovery, registered, joined, both sides' lines arrive."""

from lib.scenario import run
from lib.waiting import until
from lib.xmpp_client import find, text_of


async def scenario(t):
    await t.real()
    romeo = await t.xmpp_user("romeo")
    bob = await t.irc_user("bob", "#spectrum")

    async def discovered():
        answer = await romeo.ask("irc.localhost", "<query xmlns='http://jabber.org/protocol/disco#info'/>")
        return answer if answer.get("type") == "result" else None

    items = await romeo.ask("localhost", "<query xmlns='http://jabber.org/protocol/disco#items'/>")
    assert find(items, "items:query/items:item[@jid='irc.localhost']") is not None
    info = await until(discovered, "the gateway in disco")
    assert find(info, "info:query/info:feature[@var='jabber:iq:register']") is not None
    assert find(info, "info:query/info:feature[@var='http://jabber.org/protocol/muc']") is not None
    answer = await romeo.ask("irc.localhost", "<query xmlns='jabber:iq:register'><username>romeo</username>"
                             "<password>x</password></query>", "set")
    assert answer.get("type") == "result"
    romeo.say("<presence/>")
    romeo.say("<presence to='irc.localhost'/>")
    await romeo.expect("presence[@from='irc.localhost'][not(@type)]")
    room = "#spectrum@irc.localhost"
    romeo.say(f"<presence to='{room}/romeo'><x xmlns='http://jabber.org/protocol/muc'/></presence>")
    await romeo.expect(f"presence[@from='{room}/bob']")
    await romeo.expect(f"presence[@from='{room}/romeo']", "presence/mucuser:x/mucuser:status[@code='110']")
    await bob.expect("JOIN", "#spectrum", nick="romeo")
    bob.say("#spectrum", "welcome, romeo \u00e4\u20ac\U0001f600")
    message = await romeo.expect("message[@type='groupchat']/body")
    assert message.get("from") == f"{room}/bob"
    assert text_of(message, "body") == "welcome, romeo \u00e4\u20ac\U0001f600"
    romeo.say(f"<message type='groupchat' to='{room}'><body>thank you, bob</body></message>")
    line = await bob.expect("PRIVMSG", "#spectrum", nick="romeo")
    assert line.args[1] == "thank you, bob"
    await romeo.expect(f"message[@type='groupchat'][@from='{room}/romeo'][body='thank you, bob']")
    # Privately, through the room and by the contact.
    bob.say("romeo", "just us")
    message = await romeo.expect("message[@type='chat'][body='just us']")
    romeo.say(f"<message type='chat' to='{room}/bob'><body>only us</body></message>")
    assert (await bob.expect("PRIVMSG", "bob", nick="romeo")).args[1] == "only us"
    romeo.say(f"<presence type='unavailable' to='{room}/romeo'/>")
    await bob.expect("PART", "#spectrum", nick="romeo")
    await romeo.expect(f"presence[@from='{room}/romeo'][@type='unavailable']")
    romeo.say("<presence type='unavailable' to='irc.localhost'/>")
    await bob.close()


run(scenario)
