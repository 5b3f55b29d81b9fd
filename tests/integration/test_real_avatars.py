# SPDX-License-Identifier: MIT
"""On a real server a client finds a contact's picture by vCard and by PEP, and its own reaches the network."""

import asyncio
import base64
import hashlib

from lib.scenario import run
from lib.xmpp_client import text_of

ROMEO, JULIET = "romeo@localhost", "juliet@irc.localhost"
HERS, HIS = b"\x89PNG\r\n\x1a\nJuliet", b"\x89PNG\r\n\x1a\nRomeo"
HER_ID, HIS_ID = hashlib.sha1(HERS).hexdigest(), hashlib.sha1(HIS).hexdigest()
PUBSUB, DATA, METADATA = "http://jabber.org/protocol/pubsub", "urn:xmpp:avatar:data", "urn:xmpp:avatar:metadata"


def items(node, inside=""):
    return f"<pubsub xmlns='{PUBSUB}'><items node='{node}'>{inside}</items></pubsub>"


async def scenario(t):
    await t.half_real()
    client = await t.xmpp_user("romeo")
    vcard = (f"<vCard xmlns='vcard-temp'><PHOTO><TYPE>image/png</TYPE><BINVAL>{base64.b64encode(HIS).decode()}</BINVAL>"
             "</PHOTO></vCard>")
    assert (await client.ask(ROMEO, vcard, "set")).get("type") == "result"
    register = "<query xmlns='jabber:iq:register'><username>montague</username><password>x</password></query>"
    assert (await client.ask("irc.localhost", register, "set")).get("type") == "result"
    client.say("<presence/>")
    client.say(f"<presence to='irc.localhost'><x xmlns='vcard-temp:x:update'><photo>{HIS_ID}</photo></x></presence>")
    await t.backend.expect("LOGIN", user=ROMEO)
    t.backend.connected(ROMEO)
    assert (await t.backend.expect("VCARD", user=ROMEO)).photo == HIS

    t.backend.buddy(ROMEO, "juliet", alias="Juliet", icon_hash=HER_ID)
    await client.expect(f"presence[@type='subscribe'][@from='{JULIET}']")
    client.say(f"<presence type='subscribed' to='{JULIET}'/>")
    client.say(f"<presence type='subscribe' to='{JULIET}'/>")
    seen = await client.expect(f"presence[@from='{JULIET}/bot']/{{vcard-temp:x:update}}x")
    assert text_of(seen, "{vcard-temp:x:update}x/{vcard-temp:x:update}photo") == HER_ID
    asking = asyncio.create_task(client.ask(JULIET, "<vCard xmlns='vcard-temp'/>"))
    request = await t.backend.expect("VCARD", buddy="juliet")
    t.backend.send("VCARD", user=ROMEO, buddy="juliet", id=request.id, photo=HERS)
    answer = await asking
    assert base64.b64decode(text_of(answer, ".//{vcard-temp}BINVAL")) == HERS
    answer = await client.ask(JULIET, items(METADATA))
    assert answer.find(f".//{{{METADATA}}}info").get("id") == HER_ID
    answer = await client.ask(JULIET, items(DATA, f"<item id='{HER_ID}'/>"))
    assert base64.b64decode(answer.find(f".//{{{DATA}}}data").text) == HERS
    t.backend.refute("VCARD")


run(scenario)
