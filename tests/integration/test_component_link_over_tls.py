# SPDX-License-Identifier: MIT
"""Direct TLS to ejabberd with a private CA: the link comes up, is lost with the server, and comes back."""

from lib.people import wait_for_gateway
from lib.scenario import run


async def scenario(t):
    await t.run_server("ejabberd", accounts={"romeo": "secret"}, component_tls=True)
    sockets = await t.backend_socket()
    await t.real_gateway({"service.backend": sockets.command(), "service.tls": 1, "service.server": "localhost",
                          "service.tls_ca": t.server.authority.certificate})
    await t.gateway.wait_log("link to the XMPP server .* is up")
    romeo = await t.xmpp_user("romeo")
    await wait_for_gateway(romeo)
    await t.server.stop()
    await t.gateway.wait_log("link to the XMPP server localhost:.*next try")
    await romeo.close()
    await t.server.run()
    await t.gateway.wait_log("(?s)next try.*link to the XMPP server .* is up")
    romeo = await t.xmpp_user("romeo", "again")
    await wait_for_gateway(romeo)


run(scenario)
