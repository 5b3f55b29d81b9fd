# SPDX-License-Identifier: MIT
"""Thousands of contacts that come at once are pushed and shown to a client that has asked for the roster, also to one
that confirms what it gets (XEP-0198); the whole roster is told in one answer."""

from lib import wire
from lib.scenario import run

ROMEO, CONTACTS = "romeo@localhost", 5000
ROSTER = "<query xmlns='jabber:iq:roster'/>"


async def scenario(t):
    await t.serve(log="info")
    desk = await t.raw_user("romeo", "desk", presence=None)
    phone = await t.raw_user("romeo", "phone", presence=None)
    await phone.enable()
    phone.acks = True
    for client in (desk, phone):
        await client.ask(None, ROSTER)
        client.send("<presence/>")
        await client.sync()
    t.backend.send_bytes(b"".join(
        wire.message("BUDDY_CHANGED", user=ROMEO, buddy=f"contact-{n}", alias=f"Contact {n}", status=wire.ONLINE)
        for n in range(CONTACTS)))
    for client in (desk, phone):
        pushed, shown = set(), set()
        while len(pushed) < CONTACTS or len(shown) < CONTACTS:
            stanza = await client.inbox.take(lambda e: True, f"{len(pushed)} pushed, {len(shown)} shown", within=60)
            pushed.update(item.get("jid") for item in stanza.iter("{jabber:iq:roster}item"))
            if stanza.tag.endswith("}presence") and "contact-" in stanza.get("from"):
                assert stanza.get("from").split("/")[0] in pushed, stanza.get("from")
                shown.add(stanza.get("from"))
        answer = await client.ask(None, ROSTER, within=60)
        assert len(answer[0]) == CONTACTS, len(answer[0])


run(scenario)
