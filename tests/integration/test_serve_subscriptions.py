# SPDX-License-Identifier: MIT
"""Contacts come and go by presence too (RFC 6121, section 3): who is subscribed to is a contact at once; requests of
the network wait until a client answers them."""

from lib.scenario import run

ROMEO = "romeo@localhost"


def item(node, **attributes):
    wanted = "".join(f"[@{key}='{value}']" for key, value in attributes.items())
    return "iq[@type='set']", f"iq/roster:query/roster:item[@jid='{node}@localhost']{wanted}"


async def scenario(t):
    await t.serve()
    desk = await t.raw_user("romeo", "desk", presence=None)
    # Before any client can hear of it.
    t.backend.send("AUTH_REQUEST", user=ROMEO, buddy="paris", status=0)
    await desk.ask(None, "<query xmlns='jabber:iq:roster'/>")
    t.backend.buddy(ROMEO, "mercutio")
    await desk.expect(*item("mercutio"))
    desk.send("<presence/>")
    await desk.expect("presence[@type='subscribe'][@from='paris@localhost']")
    phone = await t.raw_user("romeo", "phone")
    await phone.expect("presence[@type='subscribe'][@from='paris@localhost']")
    await phone.ask(None, "<query xmlns='jabber:iq:roster'/>")
    phone.send("<presence type='unsubscribed' to='paris@localhost'/>")
    await t.backend.expect("BUDDY_REMOVED", buddy="paris")

    desk.send("<presence type='subscribe' to='juliet@localhost'/>")
    await t.backend.expect("BUDDY_CHANGED", buddy="juliet")
    for client in (desk, phone):
        await client.expect(*item("juliet", subscription="both"))
        await client.expect("presence[@type='subscribed'][@from='juliet@localhost']")
    t.backend.buddy(ROMEO, "juliet")
    for client in (desk, phone):
        await client.expect("presence[@from='juliet@localhost/bot'][not(@type)]")

    t.backend.send("AUTH_REQUEST", user=ROMEO, buddy="nurse", status=0)
    for client in (desk, phone):
        await client.expect("presence[@type='subscribe'][@from='nurse@localhost']")
    desk.send("<presence type='subscribed' to='nurse@localhost'/>")
    await t.backend.expect("BUDDY_CHANGED", buddy="nurse")
    for client in (desk, phone):
        await client.expect(*item("nurse", subscription="both"))

    desk.send("<presence type='unsubscribe' to='juliet@localhost'/>")
    await t.backend.expect("BUDDY_REMOVED", buddy="juliet")
    for client in (desk, phone):
        await client.expect(*item("juliet", subscription="remove"))
        await client.expect("presence[@type='unsubscribed'][@from='juliet@localhost']")
        # Nobody is asked back by a contact.
        client.refute("presence[@type='subscribe']")
        client.refute("presence[@type='unsubscribe']")
    pad = await t.raw_user("romeo", "pad")
    await pad.sync()
    pad.refute("presence[@type='subscribe']")


run(scenario)
