# SPDX-License-Identifier: MIT
"""A user's days with the gateway: found, registered by the form, contacts, chats with receipts on two clients, a room
with its history, away and back, another password, and gone without a trace in the roster."""

from lib.people import GATEWAY, wait_for_gateway
from lib.roster_client import CAPS, obey
from lib.scenario import run
from lib.waiting import until
from lib.wire import AWAY
from lib.xmpp_client import find, text_of

USER = "romeo@localhost"
JULIET = f"juliet@{GATEWAY}"
ROOM = f"garden@{GATEWAY}"
CARBONS = "<enable xmlns='urn:xmpp:carbons:2'/>"
COPY = "message/{urn:xmpp:carbons:2}%s/{urn:xmpp:forward:0}forwarded/client:message[client:body='%s']"
FORM = """<query xmlns='jabber:iq:register'><x xmlns='jabber:x:data' type='submit'>
<field var='FORM_TYPE'><value>jabber:iq:register</value></field><field var='username'><value>montague</value></field>
<field var='password'><value>{}</value></field></x></query>"""


async def roster(client):
    """{jid: (subscription, name, groups)} of what the server keeps, without the gateway itself."""
    answer = await client.ask(USER, "<query xmlns='jabber:iq:roster'/>")
    items = {item.get("jid"): item for item in answer.findall("{jabber:iq:roster}query/{jabber:iq:roster}item")}
    return {jid: (item.get("subscription"), item.get("name"), [group.text for group in item])
            for jid, item in items.items()}


async def discover(client):
    await wait_for_gateway(client)
    items = await client.ask("localhost", "<query xmlns='http://jabber.org/protocol/disco#items'/>")
    assert find(items, f"items:query/items:item[@jid='{GATEWAY}']") is not None
    info = await client.ask(GATEWAY, "<query xmlns='http://jabber.org/protocol/disco#info'/>")
    assert find(info, "info:query/info:identity[@category='gateway']") is not None


async def register(t, client, password):
    form = await client.ask(GATEWAY, "<query xmlns='jabber:iq:register'/>")
    for name in ("username", "password"):
        assert find(form, f"register:query/data:x/data:field[@var='{name}']/data:required") is not None
    answer = await client.ask(GATEWAY, FORM.format(password), "set")
    assert answer.get("type") == "result"


async def log_in(t, *clients, password):
    for client in clients:
        client.say(f"<presence>{CAPS}</presence>")
        client.say(f"<presence to='{GATEWAY}'>{CAPS}</presence>")
    login = await t.backend.expect("LOGIN", user=USER)
    assert (login.legacy_name, login.password) == ("montague", password), login
    t.backend.connected(USER)
    for client in clients:
        await client.expect(f"presence[@from='{GATEWAY}'][@to='{client.boundjid.full}'][not(@type)]")


async def meet(t, *clients):
    """A contact of the network is in the roster and shown to both."""
    t.backend.buddy(USER, "juliet", alias="Juliet", group=["Capulets"])

    async def is_there():
        return (await roster(clients[0])).get(JULIET) == ("both", "Juliet", ["Capulets"])

    await until(is_there, "the contact in the roster")
    for client in clients:
        await client.expect(f"presence[@from='{JULIET}/bot'][not(@type)]")
    t.backend.buddy(USER, "juliet", alias="Juliet", group=["Capulets"], status=AWAY, status_message="dreaming")
    for client in clients:
        await client.expect(f"presence[@from='{JULIET}/bot'][show='away'][status='dreaming']")


async def chat(t, desk, phone):
    desk.say(f"<message type='chat' to='{JULIET}/bot' id='d1'><body>Arise</body><request xmlns='urn:xmpp:receipts'/>"
             "<active xmlns='http://jabber.org/protocol/chatstates'/></message>")
    said = await t.backend.expect("CONV_MESSAGE")
    assert (said.buddy, said.message, said.id) == ("juliet", "Arise", "d1"), said
    await phone.expect(COPY % ("sent", "Arise"))
    t.backend.send("CONV_MESSAGE_ACK", user=USER, buddy="juliet", message="", id="d1")
    await desk.expect("message/receipts:received[@id='d1']")
    t.backend.message(USER, "juliet", "Ay me")
    message = await desk.expect("message[@type='chat'][body='Ay me']")
    assert message.get("from") == f"{JULIET}/bot" and message.get("id")
    await phone.expect(COPY % ("received", "Ay me"))
    # The other one takes over the conversation.
    phone.say(f"<message type='chat' to='{JULIET}/bot' id='p1'><body>Speak again</body></message>")
    assert (await t.backend.expect("CONV_MESSAGE")).message == "Speak again"
    t.backend.message(USER, "juliet", "Wherefore art thou")
    await phone.expect("message[@type='chat'][body='Wherefore art thou']")
    await desk.expect(COPY % ("received", "Wherefore art thou"))


async def visit_room(t, *clients):
    for number, client in enumerate(clients):
        client.say(f"<presence to='{ROOM}/romeo'><x xmlns='http://jabber.org/protocol/muc'/></presence>")
        if not number:
            await t.backend.expect("JOIN_ROOM", user=USER, room="garden", nickname="romeo")
            t.backend.participant(USER, "garden", "nurse")
            t.backend.participant(USER, "garden", "romeo", flag=16)
        await client.expect(f"presence[@from='{ROOM}/nurse']")
        await client.expect(f"presence[@from='{ROOM}/romeo']", "presence/mucuser:x/mucuser:status[@code='110']")
        await client.expect(f"message[@type='groupchat'][@from='{ROOM}']/subject")
        if not number:
            t.backend.message(USER, "garden", "Anon, anon!", nickname="nurse", timestamp="20240102T030405")
            old = await client.expect("message[@type='groupchat'][body='Anon, anon!']")
            assert find(old, "delay:delay").get("stamp").startswith("2024-01-02T03:04:05")
    desk, phone = clients
    desk.say(f"<message type='groupchat' to='{ROOM}' id='g1'><body>Good morrow</body></message>")
    assert (await t.backend.expect("CONV_MESSAGE", buddy="garden")).message == "Good morrow"
    t.backend.message(USER, "garden", "Good morrow", nickname="romeo")  # networks tell it to all, the sender too
    for client in clients:
        await client.expect(f"message[@type='groupchat'][@from='{ROOM}/romeo'][body='Good morrow']")
    t.backend.message(USER, "garden", "Is it good den?", nickname="nurse")
    for client in clients:
        await client.expect(f"message[@type='groupchat'][@from='{ROOM}/nurse'][body='Is it good den?']")
    # One leaves, the user stays; then the other.
    desk.say(f"<presence type='unavailable' to='{ROOM}/romeo'/>")
    await desk.expect(f"presence[@from='{ROOM}/romeo'][@type='unavailable']")
    t.backend.refute("LEAVE_ROOM")
    phone.say(f"<presence type='unavailable' to='{ROOM}/romeo'/>")
    await t.backend.expect("LEAVE_ROOM", room="garden")


async def go_and_come_back(t, desk, phone):
    """Offline as clients do it: the server tells the gateway, to which presence was sent directly."""
    phone.say("<presence type='unavailable'/>")
    desk.say("<presence type='unavailable'/>")
    await t.backend.expect("LOGOUT", user=USER)
    await log_in(t, desk, phone, password="first")
    t.backend.buddy(USER, "juliet", alias="Juliet", group=["Capulets"])
    for client in (desk, phone):
        await client.expect(f"presence[@from='{JULIET}/bot'][not(@type)]")


async def change_password(t, desk, phone):
    await register(t, desk, "second")
    await t.backend.expect("LOGOUT", user=USER)
    assert (await t.backend.expect("LOGIN", user=USER)).password == "second"
    t.backend.connected(USER)
    await phone.expect(f"presence[@from='{GATEWAY}'][not(@type)]")


async def leave(t, desk, phone):
    answer = await desk.ask(GATEWAY, "<query xmlns='jabber:iq:register'><remove/></query>", "set")
    assert answer.get("type") == "result"
    await t.backend.expect("LOGOUT", user=USER)

    async def is_empty():
        return not await roster(phone)

    await until(is_empty, "an empty roster")
    form = await desk.ask(GATEWAY, "<query xmlns='jabber:iq:register'/>")
    assert find(form, "register:query/register:registered") is None


async def scenario(t):
    # Contacts get into the roster by the server on Prosody; ejabberd 23.01 cannot do it: there by the clients.
    await t.half_real(privileges=t.kind == "prosody", announce="[features]|receipts=1|muc=1")
    desk, phone = [await t.xmpp_user("romeo", resource) for resource in ("desk", "phone")]
    for client in (desk, phone):
        assert (await client.ask(USER, CARBONS, "set")).get("type") == "result"
        await roster(client)  # from now on it is told of changes
        obey(client)
    await discover(desk)
    await register(t, desk, "first")
    await log_in(t, desk, phone, password="first")
    await meet(t, desk, phone)
    await chat(t, desk, phone)
    await visit_room(t, desk, phone)
    await go_and_come_back(t, desk, phone)
    await change_password(t, desk, phone)
    await leave(t, desk, phone)


run(scenario)
