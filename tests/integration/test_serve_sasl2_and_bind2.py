# SPDX-License-Identifier: MIT
"""A login with all that a session begins with in one round (XEP-0388, XEP-0386): a resource, stream management, carbons,
inactivity; then the same stream resumed by another login, also in one round (XEP-0198)."""

import asyncio

from lib.raw_client import find, text_of
from lib.scenario import run

BIND = """<bind xmlns='urn:xmpp:bind:0'><tag>Dino</tag><enable xmlns='urn:xmpp:sm:3' resume='true'/>
<enable xmlns='urn:xmpp:carbons:2'/><inactive xmlns='urn:xmpp:csi:0'/></bind>"""
AGENT = """<user-agent id='d4565fa7-4d72-4749-b3d3-740edbf87770'><software>Dino</software><device>desk</device>
</user-agent>"""


async def connect(t, name):
    client = t.raw_client(name)
    await client.connect()
    await client.open()
    features = await client.starttls()
    assert find(features, "sasl2:authentication/sasl2:inline/sm:sm") is not None
    offered = [f.get("var") for f in features.iterfind(".//{urn:xmpp:bind:0}feature")]
    assert offered == ["urn:xmpp:carbons:2", "urn:xmpp:csi:0", "urn:xmpp:sm:3"], offered
    return client


async def scenario(t):
    await t.serve()
    romeo = await connect(t, "romeo")
    answer = asyncio.create_task(romeo.authenticate2("romeo", inner=AGENT + BIND))
    await t.backend.expect("LOGIN", user="romeo@localhost", password="secret")
    t.backend.connected("romeo@localhost")
    success = await answer
    romeo.jid = text_of(success, "sasl2:authorization-identifier")
    assert romeo.jid.startswith("romeo@localhost/Dino"), romeo.jid
    enabled = find(success, "bind2:bound/sm:enabled")
    assert enabled.get("resume") == "true" and int(enabled.get("max")) > 0, enabled.attrib
    # No stream begins anew: features, and then stanzas.
    features = await romeo.expect("stream:features")
    assert find(features, "bind:bind") is None and find(features, "rosterver:ver") is not None
    await romeo.sync()

    # The network goes away under him, and he comes back by the next round.
    romeo.abort()
    again = await connect(t, "romeo again")
    success = await again.authenticate2(
        "romeo", inner=f"<resume xmlns='urn:xmpp:sm:3' previd='{enabled.get('id')}' h='1'/>" + BIND)
    assert text_of(success, "sasl2:authorization-identifier") == romeo.jid
    assert find(success, "sm:resumed").get("h") == "1"
    assert find(success, "bind2:bound") is None
    await again.expect("stream:features")
    await again.sync()

    # What cannot be resumed is bound anew.
    other = await connect(t, "romeo elsewhere")
    success = await other.authenticate2(
        "romeo", inner="<resume xmlns='urn:xmpp:sm:3' previd='unheard-of' h='0'/>" + BIND)
    assert find(success, "sm:failed/stanzas:item-not-found") is not None
    assert text_of(success, "sasl2:authorization-identifier") not in (romeo.jid, "romeo@localhost")
    await other.sync()
    await again.sync()

    # A login that asks for nothing else is only that.
    plain = await connect(t, "romeo plain")
    success = await plain.authenticate2("romeo")
    assert text_of(success, "sasl2:authorization-identifier") == "romeo@localhost"
    assert find(await plain.expect("stream:features"), "bind:bind") is not None

    # Refused, in its own words.
    wrong = await connect(t, "wrong")
    failure = await wrong.authenticate2("romeo", "guessed")
    assert find(failure, "sasl:not-authorized") is not None


run(scenario)
