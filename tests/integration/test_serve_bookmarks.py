# SPDX-License-Identifier: MIT
"""Bookmarks are one list for a client that knows them as private storage and for one that knows them as items of a node
(XEP-0402), which hears of changes by the other."""

from lib.raw_client import find, show
from lib.scenario import run

OLD = "<query xmlns='jabber:iq:private'><storage xmlns='storage:bookmarks'>{}</storage></query>"
PUBSUB = "<pubsub xmlns='http://jabber.org/protocol/pubsub'>{}</pubsub>"
NODE = "urn:xmpp:bookmarks:1"
CAPS = "<presence><c xmlns='http://jabber.org/protocol/caps' node='urn:test' ver='1'/></presence>"
HEARS = ("<query xmlns='http://jabber.org/protocol/disco#info'><identity category='client' type='pc'/>"
         f"<feature var='{NODE}+notify'/></query>")
ROOM = "#spectrum@localhost"
OPTIONS = ("<publish-options><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE' type='hidden'>"
           "<value>http://jabber.org/protocol/pubsub#publish-options</value></field>"
           "<field var='pubsub#persist_items'><value>true</value></field>"
           "<field var='pubsub#max_items'><value>max</value></field>"
           "<field var='pubsub#send_last_published_item'><value>never</value></field>"
           "<field var='pubsub#access_model'><value>whitelist</value></field></x></publish-options>")


async def done(client, payload):
    answer = await client.ask(None, payload, "set")
    assert answer.get("type") == "result", show(answer)


async def old_rooms(client):
    answer = await client.ask(None, OLD.format(""))
    return [room.get("jid") for room in answer.iter("{storage:bookmarks}conference")]


async def scenario(t):
    await t.serve({"database.type": "sqlite3", "database.database": t.folder / "database.sql"})
    old = await t.raw_user("romeo", "old")
    new = await t.raw_user("romeo", "new", presence=None)
    new.send(CAPS)
    asked = await new.expect("iq[@type='get']/{http://jabber.org/protocol/disco#info}query")
    new.send(f"<iq type='result' id='{asked.get('id')}' to='{asked.get('from')}'>{HEARS}</iq>")
    await new.sync()

    await done(old, OLD.format(f"<conference jid='{ROOM}' name='Spectrum' autojoin='1'><nick>romeo</nick></conference>"))
    items = f"message/pubsubevent:event/pubsubevent:items[@node='{NODE}']"
    event = await new.expect(f"{items}/pubsubevent:item[@id='{ROOM}']/bookmarks1:conference[@autojoin='true']")
    assert find(event, ".//bookmarks1:nick").text == "romeo", show(event)

    await done(new, PUBSUB.format(f"<publish node='{NODE}'><item id='#two@localhost'><conference xmlns='{NODE}' "
                                  f"name='Two'/></item></publish>{OPTIONS}"))
    await new.expect(f"{items}/pubsubevent:item[@id='#two@localhost']")
    assert await old_rooms(old) == ["#two@localhost", ROOM]

    await done(old, OLD.format("<conference jid='#two@localhost' name='Two'/>"))
    await new.expect(f"{items}/pubsubevent:retract[@id='{ROOM}']")
    answer = await new.ask(None, PUBSUB.format(f"<items node='{NODE}'/>"))
    assert [item.get("id") for item in answer.iter("{http://jabber.org/protocol/pubsub}item")] == ["#two@localhost"]


run(scenario)
