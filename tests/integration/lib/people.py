# SPDX-License-Identifier: MIT
"""What a person does with a real client, once the gateway is there."""

from .waiting import WITHIN, until

GATEWAY = "irc.localhost"


async def wait_for_gateway(client, within=WITHIN):
    """Until the server has the component online."""
    async def answered():
        answer = await client.ask(GATEWAY, "<query xmlns='http://jabber.org/protocol/disco#info'/>")
        return answer if answer.get("type") == "result" else None
    return await until(answered, "the gateway answers", within)


async def register(client, name, password="x"):
    answer = await client.ask(GATEWAY, f"<query xmlns='jabber:iq:register'><username>{name}</username>"
                              f"<password>{password}</password></query>", "set")
    assert answer.get("type") == "result", "registration refused"


async def log_in(client, name=None, password="x"):
    """Registers and logs in; returns when the gateway shows itself available."""
    await wait_for_gateway(client)
    await register(client, name or client.boundjid.user, password)
    client.say("<presence/>")
    client.say(f"<presence to='{GATEWAY}'/>")
    await client.expect(f"presence[@from='{GATEWAY}'][not(@type)]")


async def enter_room(client, room, nick="romeo"):
    """Into `room`, after logging in where that was not done yet."""
    if not getattr(client, "logged_in", False):
        await log_in(client)
        client.logged_in = True
    client.say(f"<presence to='{room}/{nick}'><x xmlns='http://jabber.org/protocol/muc'/></presence>")
    await client.expect(f"presence[@from='{room}/{nick}'][not(@type)]",
                        "presence/mucuser:x/mucuser:status[@code='110']")
