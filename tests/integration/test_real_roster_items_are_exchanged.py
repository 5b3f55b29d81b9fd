# SPDX-License-Identifier: MIT
"""On a server that grants nothing, a client that supports XEP-0144 takes over the contacts of the network, and they
are there as mutual subscriptions, seen online."""

from lib.people import GATEWAY, register, wait_for_gateway
from lib.scenario import run

ROSTERX = "http://jabber.org/protocol/rosterx"
INFO = "http://jabber.org/protocol/disco#info"
# The hash of that one identity and that one feature.
CAPS = ("<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='https://client.example' "
        "ver='RkwGicZQYPcBVlNK4vP4d3WCoNQ='/>")


async def offered(client, action):
    iq = await client.expect(f"iq[@type='set']/{{{ROSTERX}}}x/{{{ROSTERX}}}item[@action='{action}']")
    client.say(f"<iq type='result' id='{iq.get('id')}' to='{iq.get('from')}'/>")
    return [item.get("jid") for item in iq[0]]


async def scenario(t):
    await t.half_real()
    romeo = await t.xmpp_user("romeo")
    await wait_for_gateway(romeo)
    await register(romeo, "montague")
    assert (await romeo.ask("romeo@localhost", "<query xmlns='jabber:iq:roster'/>")).get("type") == "result"
    romeo.say(f"<presence>{CAPS}</presence>")
    romeo.say(f"<presence to='{GATEWAY}'>{CAPS}</presence>")
    await t.backend.expect("LOGIN", user="romeo@localhost")
    t.backend.connected("romeo@localhost")
    await romeo.expect(f"presence[@from='{GATEWAY}'][not(@type)]")
    t.backend.buddy("romeo@localhost", "juliet", alias="Juliet")
    question = await romeo.expect(f"iq[@type='get'][@from='{GATEWAY}']/info:query[@node]")
    romeo.say(f"<iq type='result' id='{question.get('id')}' to='{GATEWAY}'><query xmlns='{INFO}' "
              f"node='{question[0].get('node')}'><identity category='client' type='pc' name='C'/>"
              f"<feature var='{ROSTERX}'/></query></iq>")
    assert await offered(romeo, "add") == ["juliet@irc.localhost"]
    await romeo.ask("romeo@localhost", "<query xmlns='jabber:iq:roster'><item jid='juliet@irc.localhost' name='Juliet'/>"
                    "</query>", "set")
    romeo.say("<presence type='subscribe' to='juliet@irc.localhost'/>")
    await romeo.expect("presence[@type='subscribe'][@from='juliet@irc.localhost']")
    romeo.say("<presence type='subscribed' to='juliet@irc.localhost'/>")
    await romeo.expect("iq[@type='set']/roster:query/roster:item[@jid='juliet@irc.localhost'][@subscription='both']")
    await romeo.expect("presence[@from='juliet@irc.localhost/bot'][not(@type)]")
    assert (await t.backend.expect("BUDDY_CHANGED")).buddy == "juliet"
    t.backend.send("BUDDY_REMOVED", user="romeo@localhost", buddy="juliet")
    assert await offered(romeo, "delete") == ["juliet@irc.localhost"]
    await romeo.ask("romeo@localhost", "<query xmlns='jabber:iq:roster'><item jid='juliet@irc.localhost' "
                    "subscription='remove'/></query>", "set")
    await romeo.expect("iq[@type='set']/roster:query/roster:item[@jid='juliet@irc.localhost'][@subscription='remove']")


run(scenario)
