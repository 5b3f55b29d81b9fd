# SPDX-License-Identifier: MIT
"""What comes in the clear before TLS is not taken for said under it (RFC 6120, section 5.4.3.3), and passwords are not
asked for in the clear from elsewhere."""

import asyncio

from lib.raw_client import find, plain
from lib.scenario import run

STARTTLS = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
AUTH = f"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{plain('mallory', 'secret')}</auth>"


async def put_behind(t):
    """In the same packet: the words of somebody in between are forgotten, TLS and login go through."""
    client = t.raw_client("behind")
    await client.connect()
    await client.open()
    client.send(STARTTLS + AUTH)
    await client.expect("tls:proceed")
    await client.secure()
    features = await client.open()
    assert find(features, "tls:starttls") is None
    assert find(features, "sasl:mechanisms") is not None
    client.refute("sasl:success")
    client.refute("sasl:failure")
    login = asyncio.create_task(client.authenticate("romeo"))
    await t.backend.expect("LOGIN", user="romeo@localhost")
    t.backend.connected("romeo@localhost")
    assert (await login).tag.endswith("}success")


async def go_on_in_the_clear(t):
    """Instead of a handshake: the connection ends without an answer in the clear."""
    client = t.raw_client("clear")
    await client.connect()
    await client.open()
    client.send(STARTTLS)
    await client.expect("tls:proceed")
    sent = len(client.traffic)
    client.send(AUTH)
    await client.wait_closed()
    assert not any(b"<" in data for way, data in client.traffic[sent:] if way == "<"), client.traffic[sent:]


async def twice(t):
    client = t.raw_client("twice")
    await client.connect()
    await client.open()
    await client.starttls()
    client.send(STARTTLS)
    await client.expect("tls:failure")
    await client.expect_end()


async def scenario(t):
    await t.serve()
    await asyncio.gather(put_behind(t), go_on_in_the_clear(t), twice(t))
    t.backend.refute("LOGIN", user="mallory@localhost")


run(scenario)
