# SPDX-License-Identifier: MIT
"""Two XMPP users on one IRC channel see each other and everything once."""

from lib.people import enter_room
from lib.scenario import run


async def scenario(t):
    await t.real()
    romeo = await t.xmpp_user("romeo")
    juliet = await t.xmpp_user("juliet")
    bob = await t.irc_user("bob", "#spectrum")
    room = "#spectrum@irc.localhost"
    await enter_room(romeo, room)
    await enter_room(juliet, room, "juliet")
    await romeo.expect(f"presence[@from='{room}/juliet'][not(@type)]")
    bob.say("#spectrum", "once")
    for client in (romeo, juliet):
        await client.expect("message[@type='groupchat'][body='once']")
    juliet.say(f"<message type='groupchat' to='{room}'><body>from juliet</body></message>")
    message = await romeo.expect("message[@type='groupchat'][body='from juliet']")
    assert message.get("from") == f"{room}/juliet"
    await bob.expect("PRIVMSG", "#spectrum", nick="juliet")
    romeo.say(f"<message type='groupchat' to='{room}'><body>end</body></message>")
    for client in (romeo, juliet):
        await client.expect("message[@type='groupchat'][body='end']")
        assert client.inbox.first(lambda s: s.tag.endswith("}message") and s.findtext("{jabber:client}body") == "once") is None


run(scenario)
