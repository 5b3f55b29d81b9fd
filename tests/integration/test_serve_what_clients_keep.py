# SPDX-License-Identifier: MIT
"""What clients of a user keep with the server: private storage (XEP-0049) and nodes (XEP-0163) with what the others
hear of them."""

from lib.raw_client import find, show
from lib.scenario import run

PRIVATE = "<query xmlns='jabber:iq:private'>{}</query>"
PREFERENCES = "<exodus xmlns='exodus:prefs'><default>Hamlet</default></exodus>"
PUBSUB = "<pubsub xmlns='http://jabber.org/protocol/pubsub'>{}</pubsub>"
CAPS = "<presence><c xmlns='http://jabber.org/protocol/caps' node='urn:test' ver='1'/></presence>"
HEARS = ("<query xmlns='http://jabber.org/protocol/disco#info'><identity category='client' type='pc'/>"
         "<feature var='urn:tune+notify'/></query>")


async def listen(client):
    """Its capabilities are asked for, and say what it wants to hear."""
    client.send(CAPS)
    asked = await client.expect("iq[@type='get']/{http://jabber.org/protocol/disco#info}query")
    client.send(f"<iq type='result' id='{asked.get('id')}' to='{asked.get('from')}'>{HEARS}</iq>")


def publish(item, text):
    return PUBSUB.format(f"<publish node='urn:tune'><item id='{item}'><tune xmlns='urn:tune'>{text}</tune></item>"
                         "</publish>")


async def done(client, payload):
    answer = await client.ask(None, payload, "set")
    assert answer.get("type") == "result", show(answer)


async def kept(client):
    answer = await client.ask(None, PRIVATE.format("<exodus xmlns='exodus:prefs'/>"))
    assert find(answer, "*/{exodus:prefs}exodus/{exodus:prefs}default").text == "Hamlet", show(answer)
    answer = await client.ask(None, PUBSUB.format("<items node='urn:tune'/>"))
    assert find(answer, "pubsub:pubsub/pubsub:items/pubsub:item").get("id") == "2", show(answer)


async def scenario(t):
    await t.serve({"database.type": "sqlite3", "database.database": t.folder / "database.sql"})
    phone = await t.raw_user("romeo", "phone")
    desk = await t.raw_user("romeo", "desk", presence=None)
    await listen(desk)
    await done(phone, PRIVATE.format(PREFERENCES))
    await desk.sync()
    await done(phone, publish("1", "la"))
    path = "message[@type='headline']/pubsubevent:event/pubsubevent:items[@node='urn:tune']/pubsubevent:item[@id='{}']"
    event = await desk.expect(path.format(1))
    assert (event.get("from"), event.get("to")) == ("romeo@localhost", "romeo@localhost/desk"), show(event)
    await done(desk, publish("2", "lala"))
    await desk.expect(path.format(2))
    await phone.sync()
    phone.refute("message")
    await kept(desk)
    # Somebody who comes hears the last.
    third = await t.raw_user("romeo", "third", presence=None)
    await listen(third)
    await third.expect(path.format(2))
    info = await third.ask(None, "<query xmlns='http://jabber.org/protocol/disco#info'/>")
    assert find(info, "*/*[@category='pubsub'][@type='pep']") is not None, show(info)
    # Another user has his own.
    juliet = await t.raw_user("juliet")
    answer = await juliet.ask("romeo@localhost", PUBSUB.format("<items node='urn:tune'/>"))
    assert answer.get("type") == "error", show(answer)
    for client in (phone, desk, third, juliet):
        await client.close()
    for name in ("romeo", "juliet"):
        await t.backend.expect("LOGOUT", user=f"{name}@localhost")
    await kept(await t.raw_user("romeo", "phone"))


run(scenario)
