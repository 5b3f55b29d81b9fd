# SPDX-License-Identifier: MIT
"""Clients of one user in one room: each enters by itself, and sees from the room what the other one says there."""

from lib import wire
from lib.raw_client import show
from lib.scenario import run
from lib.served import enter_room

ROMEO, ROOM = "romeo@localhost", "#verona@localhost"


async def scenario(t):
    await t.serve()
    desk = await t.raw_user("romeo", "desk")
    phone = await t.raw_user("romeo", "phone")
    for client in (desk, phone):
        client.say = client.send
        await client.ask(None, "<enable xmlns='urn:xmpp:carbons:2'/>", "set")
    desk.send(f"<presence to='{ROOM}/romeo'><x xmlns='http://jabber.org/protocol/muc'/></presence>")
    await t.backend.expect("JOIN_ROOM", room="#verona")
    t.backend.participant(ROMEO, "#verona", "romeo", wire.ME)
    t.backend.participant(ROMEO, "#verona", "juliet")
    await desk.expect(f"presence[@from='{ROOM}/romeo']", "presence/mucuser:x/mucuser:status[@code='110']")
    await phone.sync()
    for stanza in phone.inbox.items:
        assert not (stanza.get("from") or "").startswith(ROOM), show(stanza)
    await enter_room(phone, ROOM)
    await phone.expect(f"presence[@from='{ROOM}/juliet']")

    desk.send(f"<message type='groupchat' to='{ROOM}' id='g1'><body>from the desk</body></message>")
    await t.backend.expect("CONV_MESSAGE", message="from the desk")
    t.backend.message(ROMEO, "#verona", "from the desk", nickname="romeo")
    for client in (desk, phone):
        await client.expect(f"message[@type='groupchat'][@from='{ROOM}/romeo'][body='from the desk']")
    t.backend.message(ROMEO, "#verona", "psst", nickname="juliet", pm=True)
    for client in (desk, phone):
        await client.expect(f"message[@type='chat'][@from='{ROOM}/juliet'][body='psst']")
    desk.send(f"<message type='chat' to='{ROOM}/juliet'><body>yes?</body></message>")
    await t.backend.expect("CONV_MESSAGE", message="yes?")
    await phone.expect(f"message[@from='{ROMEO}']/carbons:sent/forward:forwarded/message[body='yes?']")

    desk.send(f"<presence type='unavailable' to='{ROOM}/romeo'/>")
    await desk.expect(f"presence[@from='{ROOM}/romeo'][@type='unavailable']")
    await phone.sync()
    for client in (desk, phone):
        client.refute("message/body")
    t.backend.refute("LEAVE_ROOM")
    phone.abort()
    await t.backend.expect("LEAVE_ROOM", room="#verona")


run(scenario)
