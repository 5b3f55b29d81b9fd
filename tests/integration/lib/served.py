# SPDX-License-Identifier: MIT
"""What a person does with a client of our server."""

import asyncio


async def enter_room(client, room, nick="romeo"):
    """Into `room` of the network; returns when the client has seen itself there."""
    client.say(f"<presence to='{room}/{nick}'><x xmlns='http://jabber.org/protocol/muc'/></presence>")
    await client.expect(f"presence[@from='{room}/{nick}'][not(@type)]",
                        "presence/mucuser:x/mucuser:status[@code='110']")


async def talk(client, irc, channel, room):
    """A line each way in a channel that both are in."""
    irc.say(channel, "from IRC \u00e4\u20ac\U0001f600")
    await client.expect(f"message[@type='groupchat'][@from='{room}/{irc.nick}']"
                        "[body='from IRC \u00e4\u20ac\U0001f600']")
    client.say(f"<message type='groupchat' to='{room}'><body>from XMPP \u00e4\u20ac\U0001f600</body></message>")
    assert (await irc.expect("PRIVMSG", channel)).args[1] == "from XMPP \u00e4\u20ac\U0001f600"
    await client.expect("message[@type='groupchat'][body='from XMPP \u00e4\u20ac\U0001f600']")


async def enter_as_client(t, name, resource="test", plugins=()):
    """A slixmpp client that is logged in and available; the fake backend lets it in."""
    client = await t.served_user(name, resource, login=False)
    for plugin in plugins:
        client.register_plugin(plugin)
    login = asyncio.create_task(client.login())
    user = f"{name}@{t.gateway.values['service.jid']}"
    asked = asyncio.create_task(t.backend.expect("LOGIN", user=user))
    await asyncio.wait((login, asked), return_when=asyncio.FIRST_COMPLETED)
    if asked.done():
        asked.result()
        t.backend.connected(user)
    asked.cancel()
    await login
    client.say("<presence/>")
    await client.ask(t.gateway.values["service.jid"], "<ping xmlns='urn:xmpp:ping'/>")
    return client
