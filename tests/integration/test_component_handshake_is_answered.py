# SPDX-License-Identifier: MIT
"""The gateway opens the component stream by XEP-0114 and proves the secret."""

from lib.component_host import COMPONENT
from lib.scenario import run


async def scenario(t):
    await t.scripted()
    header = t.host.headers[0]
    assert header.tag == "{http://etherx.jabber.org/streams}stream", header.tag
    assert header.get("to") == "irc.localhost"
    assert len(t.host.handshakes) == 1
    given = t.host.handshakes[0]
    assert given == given.lower() and len(given) == 40
    assert COMPONENT in t.host.traffic[0][1].decode()
    await t.host.sync()


run(scenario)
