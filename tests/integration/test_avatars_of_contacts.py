# SPDX-License-Identifier: MIT
"""A contact's picture is told by its SHA-1 and given to who asks by PEP (XEP-0084); it is fetched once."""

import asyncio
import base64
import hashlib

from lib.component_host import find, text_of
from lib.scenario import run

ROMEO, JULIET = "romeo@localhost", "juliet@irc.localhost"
PICTURE = b"\x89PNG\r\n\x1a\nJuliet"
ID = hashlib.sha1(PICTURE).hexdigest()
PUBSUB, DATA, METADATA = "http://jabber.org/protocol/pubsub", "urn:xmpp:avatar:data", "urn:xmpp:avatar:metadata"


def items(node, item=None):
    inside = f"<item id='{item}'/>" if item else ""
    return f"<pubsub xmlns='{PUBSUB}'><items node='{node}'>{inside}</items></pubsub>"


async def scenario(t):
    await t.scripted()
    await t.enter()
    answer = await t.host.ask(JULIET, items(METADATA))
    assert find(answer, "error/stanzas:item-not-found") is not None
    # This network has names of its own for pictures.
    t.backend.buddy(ROMEO, "juliet", icon_hash="picture 17")
    seen = await t.host.expect(f"presence[@from='{JULIET}/bot']/avatar:x")
    assert text_of(seen, "avatar:x/avatar:photo") == hashlib.sha1(b"picture 17").hexdigest()
    asking = asyncio.create_task(t.host.ask(JULIET, items(METADATA)))
    request = await t.backend.expect("VCARD", user=ROMEO, buddy="juliet")
    t.backend.send("VCARD", user=ROMEO, buddy="juliet", id=request.id, photo=PICTURE)
    answer = await asking
    assert answer.get("from") == JULIET and answer.get("type") == "result"
    info = answer.find(f".//{{{METADATA}}}info")
    assert info.attrib == {"bytes": str(len(PICTURE)), "id": ID, "type": "image/png"}, info.attrib
    assert answer.find(f".//{{{PUBSUB}}}item").get("id") == ID
    answer = await t.host.ask(JULIET, items(DATA, ID))
    assert base64.b64decode(answer.find(f".//{{{DATA}}}data").text) == PICTURE
    for node, item in ((DATA, "0" * 40), (DATA, "../database.sql"), ("urn:xmpp:omemo:2:devices", None)):
        answer = await t.host.ask(JULIET, items(node, item))
        assert find(answer, "error/stanzas:item-not-found") is not None, (node, item)
    answer = await t.host.ask(JULIET, f"<pubsub xmlns='{PUBSUB}'><publish node='x'/></pubsub>", "set")
    assert find(answer, "error/stanzas:feature-not-implemented") is not None
    t.backend.refute("VCARD")
    # From now on it is called by its own name, and it is kept.
    t.host.send(f"<presence type='probe' from='{ROMEO}/orchard' to='{JULIET}'/>")
    await t.host.expect(f"presence[@to='{ROMEO}/orchard']/avatar:x[avatar:photo='{ID}']")
    assert (t.gateway.values["service.working_dir"] / "avatars" / ID).read_bytes() == PICTURE


run(scenario)
