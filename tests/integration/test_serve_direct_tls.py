# SPDX-License-Identifier: MIT
"""Server mode with service.tls_port: a real client speaks TLS from the first byte (XEP-0368)."""

from lib.processes import free_port, port_open
from lib.scenario import run
from lib.served import enter_room, talk


async def scenario(t):
    port = free_port()
    await t.serve_irc({"service.tls_port": port})
    await port_open(t.gateway, port)
    await t.gateway.wait_log(f"by TLS from the first byte on port {port}")
    romeo = await t.served_user("romeo", tls="direct", port=port)
    bob = await t.irc_user("bob", "#spectrum")
    await enter_room(romeo, "#spectrum@localhost")
    await talk(romeo, bob, "#spectrum", "#spectrum@localhost")
    # STARTTLS is not offered in TLS; the protocol's name is agreed on (ALPN).
    raw = t.raw_client(port=port)
    await raw.connect(tls=True)
    features = await raw.open()
    assert features.find("{urn:ietf:params:xml:ns:xmpp-tls}starttls") is None
    assert raw.transport.get_extra_info("ssl_object").selected_alpn_protocol() == "xmpp-client"


run(scenario)
