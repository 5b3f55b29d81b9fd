# SPDX-License-Identifier: MIT
"""A picture that a user gives himself by one client, as an avatar or in his vCard, is known to the network and to his
other clients (XEP-0084, XEP-0153, XEP-0398)."""

import base64
import hashlib

from lib.raw_client import find, show
from lib.scenario import run

PUBSUB = "<pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='{}'><item id='{}'>{}</item></publish></pubsub>"
DATA, METADATA = "urn:xmpp:avatar:data", "urn:xmpp:avatar:metadata"
CAPS = "<presence><c xmlns='http://jabber.org/protocol/caps' node='urn:test' ver='1'/></presence>"
HEARS = ("<query xmlns='http://jabber.org/protocol/disco#info'><identity category='client' type='pc'/>"
         f"<feature var='{METADATA}+notify'/></query>")


def picture(name):
    photo = b"\x89PNG\r\n\x1a\n" + name
    return photo, base64.b64encode(photo).decode(), hashlib.sha1(photo).hexdigest()


async def set_(client, payload):
    answer = await client.ask(None, payload, "set")
    assert answer.get("type") == "result", show(answer)


async def avatar_is_told(client, name):
    return await client.expect("message[@from='romeo@localhost']/pubsubevent:event/pubsubevent:items"
                               f"[@node='{METADATA}']/pubsubevent:item/{{{METADATA}}}metadata/{{{METADATA}}}info"
                               f"[@id='{name}']")


async def scenario(t):
    await t.serve({"database.type": "sqlite3", "database.database": t.folder / "database.sql"})
    phone = await t.raw_user("romeo", "phone")
    desk = await t.raw_user("romeo", "desk", presence=None)
    desk.send(CAPS)
    asked = await desk.expect("iq[@type='get']/{http://jabber.org/protocol/disco#info}query")
    desk.send(f"<iq type='result' id='{asked.get('id')}' to='{asked.get('from')}'>{HEARS}</iq>")
    await desk.sync()

    photo, text, name = picture(b"first")
    await set_(phone, PUBSUB.format(DATA, name, f"<data xmlns='{DATA}'>{text}</data>"))
    await set_(phone, PUBSUB.format(METADATA, name, f"<metadata xmlns='{METADATA}'><info bytes='{len(photo)}' "
                                    f"id='{name}' type='image/png'/></metadata>"))
    await avatar_is_told(desk, name)
    update = await t.backend.expect("VCARD")
    assert (update.photo, update.buddy or "") == (photo, ""), update
    card = await desk.ask(None, "<vCard xmlns='vcard-temp'/>")
    assert find(card, "*/{vcard-temp}PHOTO/{vcard-temp}BINVAL").text == text, show(card)

    photo, text, name = picture(b"second")
    await set_(desk, f"<vCard xmlns='vcard-temp'><NICKNAME>Romeo</NICKNAME><PHOTO><TYPE>image/png</TYPE>"
               f"<BINVAL>{text}</BINVAL></PHOTO></vCard>")
    update = await t.backend.expect("VCARD")
    assert (update.photo, update.nickname) == (photo, "Romeo"), update
    await avatar_is_told(desk, name)
    await phone.sync()
    phone.refute("message")

    await set_(phone, PUBSUB.format("http://jabber.org/protocol/nick", "current",
                                    "<nick xmlns='http://jabber.org/protocol/nick'>Montague</nick>"))
    update = await t.backend.expect("VCARD")
    assert (update.photo, update.nickname) == (photo, "Montague"), update


run(scenario)
