# SPDX-License-Identifier: MIT
"""A server whose certificate another CA signed, or that is for another host, is not talked to; the log says why."""

from lib.certificates import Authority
from lib.scenario import run


async def scenario(t):
    await t.run_server("ejabberd", component_tls=True, certificate_for="elsewhere.test")
    sockets = await t.backend_socket()
    stranger = await Authority(t.folder, "stranger").found()
    for name, authority, wanted in (("other authority", stranger, "unable to get local issuer certificate"),
                                    ("other host", t.server.authority, "hostname mismatch")):
        gateway = t.make_gateway(name)
        gateway.values.update({"service.backend": sockets.command(), "service.tls": 1, "service.server": "localhost",
                               "service.port": t.server.component, "service.tls_ca": authority.certificate})
        await gateway.run()
        await gateway.wait_log(f"link to the XMPP server localhost:.*certificate of localhost: {wanted}; next try")
        await gateway.finish()
    assert "Accepted external component" not in t.server.log()


run(scenario)
