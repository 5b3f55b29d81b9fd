# SPDX-License-Identifier: MIT
"""Nothing is answered to a client that has not logged in: what it sends out of turn ends the stream. Likewise after a
refused login, and before a resource is bound."""

from lib.scenario import run

BIND = "<iq type='set' id='1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>"
EARLY = (
    BIND,
    "<iq type='set' id='1'><session xmlns='urn:ietf:params:xml:ns:xmpp-session'/></iq>",
    "<iq type='get' id='1'><query xmlns='jabber:iq:roster'/></iq>",
    "<iq type='get' id='1' to='localhost'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
    "<iq type='get' id='1'><ping xmlns='urn:xmpp:ping'/></iq>",
    "<iq type='set' id='1'><query xmlns='jabber:iq:register'/></iq>",
    "<message to='juliet@localhost'><body>psst</body></message>",
    "<presence/>",
    "<enable xmlns='urn:xmpp:sm:3' resume='true'/>",
    "<resume xmlns='urn:xmpp:sm:3' previd='x' h='0'/>",
    "<r xmlns='urn:xmpp:sm:3'/>",
    "<inactive xmlns='urn:xmpp:csi:0'/>",
)


async def refused(client, stanza):
    client.send(stanza)
    await client.wait_closed()
    assert client.ended, stanza
    assert client.inbox.first(lambda e: e.tag.endswith("}error") and e.tag.startswith("{http://etherx")), stanza
    left = [e.tag for e in client.inbox.items if e.tag.startswith(("{jabber:client}", "{urn:xmpp:sm:3}"))]
    assert not left, f"answered to {stanza}: {left}"


async def scenario(t):
    await t.serve()
    for stanza in EARLY:
        client = t.raw_client("stranger")
        await client.connect()
        await client.open()
        await refused(client, stanza)
    # The password was just refused.
    for stanza in EARLY[:4]:
        client = t.raw_client("refused")
        await client.connect()
        await client.open()
        client.send("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AHJvbWVvAHdyb25n</auth>")
        await t.backend.expect("LOGIN")
        t.backend.send("DISCONNECTED", user="romeo@localhost", error=2, message="wrong")
        await client.expect("sasl:failure")
        await refused(client, stanza)
    # While the network is asked.
    client = t.raw_client("asking")
    await client.connect()
    await client.open()
    client.send("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AGp1bGlldAB3cm9uZw==</auth>")
    await t.backend.expect("LOGIN", user="juliet@localhost")
    await refused(client, BIND)
    t.backend.refute("CONV_MESSAGE")


run(scenario)
