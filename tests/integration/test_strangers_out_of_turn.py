# SPDX-License-Identifier: MIT
"""What strangers send that has no place gets the stream error that RFC 6120 names, at once, and nobody is logged in."""

import asyncio

from lib.raw_client import STREAM, find, plain
from lib.scenario import run

HEADER = f"<stream:stream to='localhost' version='1.0' xmlns='jabber:client' xmlns:stream='{STREAM}'>"
BIND = "<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>"
SASL = "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'"

# In the place of a header.
FIRST = {
    "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n": "not-well-formed",
    "\x16\x03\x01\x02\x00": "not-well-formed",
    "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'bbb'>]>": "restricted-xml",
    HEADER.replace("localhost", "example.org"): "host-unknown",
    HEADER.replace("to='localhost'", ""): "host-unknown",
    HEADER.replace("jabber:client", "jabber:server"): "invalid-namespace",
    HEADER.replace("version='1.0'", ""): "unsupported-version",
    HEADER.replace("to=", "a" * 20000 + "='x' to="): "policy-violation",
}

# In a stream that is open.
OPEN = {
    "<message to='juliet@localhost'><body>hi</body></message>": "not-authorized",
    "<presence/>": "not-authorized",
    BIND: "not-authorized",
    "<enable xmlns='urn:xmpp:sm:3'/>": "not-authorized",
    f"<response {SASL}/>": "not-authorized",
    HEADER: "invalid-namespace",
    f"<auth {SASL} mechanism='PLAIN'><a></auth>": "not-well-formed",
    "<anything xmlns='urn:example'/>": "not-authorized",
    "<!-- comment --><a/>": "restricted-xml",
    f"<auth {SASL} mechanism='PLAIN'>&lol;</auth>": "restricted-xml",
    f"<auth {SASL} mechanism='PLAIN'>" + "A" * 20000: "policy-violation",
    f"<auth {SASL} mechanism='PLAIN'>" + "<a>" * 20 + "</a>" * 20 + "</auth>": "policy-violation",
    f"<auth {SASL} mechanism='PLAIN'>" + "<a/>" * 200 + "</auth>": "policy-violation",
}


async def first(t, text, condition):
    client = t.raw_client(f"first {text[:40]!r}")
    await client.connect()
    client.send(text.encode("latin-1"))
    await client.expect_end(condition)


async def opened(t, text, condition):
    client = t.raw_client(f"open {text[:40]!r}")
    await client.connect()
    await client.open()
    client.send(text)
    if text == HEADER:
        client.send("<presence/>")  # a header has no end
    await client.expect_end(condition)


async def guesses_without_end(t):
    """RFC 6120, section 6.4.5: some more tries, then the stream is closed."""
    client = t.raw_client("mechanisms")
    await client.connect()
    await client.open()
    for _ in range(3):
        answer = await client.authenticate("romeo", mechanism="NONESUCH")
        assert find(answer, "sasl:invalid-mechanism") is not None
    await client.expect_end("policy-violation")


async def two_logins(t):
    client = t.raw_client("two logins")
    await client.connect()
    await client.open()
    auth = f"<auth {SASL} mechanism='PLAIN'>{plain('romeo', 'secret')}</auth>"
    client.send(auth + auth)
    await client.expect_end("policy-violation")


async def bound_too_early(t):
    """Who has logged in has to bind a resource first (RFC 6120, section 7.1)."""
    client = t.raw_client("early")
    await client.connect()
    await client.open()
    login = asyncio.create_task(client.authenticate("early"))
    await t.backend.expect("LOGIN", user="early@localhost")
    t.backend.connected("early@localhost")
    assert (await login).tag.endswith("}success")
    await client.open()
    client.send("<message to='juliet@localhost'><body>hi</body></message>")
    await client.expect_end("not-authorized")


async def scenario(t):
    await t.serve()
    juliet = await t.raw_user("juliet")
    await asyncio.gather(*(first(t, *row) for row in FIRST.items()), *(opened(t, *row) for row in OPEN.items()),
                         guesses_without_end(t), two_logins(t), bound_too_early(t))
    await juliet.sync()
    juliet.refute("message")
    t.backend.refute("CONV_MESSAGE")


run(scenario)
