# SPDX-License-Identifier: MIT
"""A wrong secret, and a name that the server does not know, are named in the log, and tried again."""

from lib.scenario import run


async def scenario(t):
    await t.run_server()
    sockets = await t.backend_socket()
    for name, values, wanted in (
            ("secret", {"service.password": "wrong"}, r"the server refuses service\.password"),
            ("name", {"service.jid": "unknown.localhost"}, "(host-unknown|does not know this component)")):
        gateway = t.make_gateway(name)
        gateway.values.update({"service.backend": sockets.command(), "service.port": t.server.component, **values})
        await gateway.run()
        await gateway.wait_log(f"link to the XMPP server 127.0.0.1:.*{wanted}.*next try")
        await gateway.wait_log("(?s)next try.*next try")
        await gateway.finish()


run(scenario)
