# SPDX-License-Identifier: MIT
"""Without a backend that answers, the link is opened after ten seconds, with a warning; starts back off."""

from lib.scenario import run


async def scenario(t):
    host = await t.component_host()
    t.gateway = t.make_gateway()
    t.gateway.values.update({"service.port": host.port, "service.backend": "/bin/false"})
    await t.gateway.run()
    await host.wait_online()
    await t.gateway.wait_log(r"(?i)WARN.*backend")
    starts = t.gateway.log().count("/bin/false")
    answer = await host.ask("irc.localhost", "<ping xmlns='urn:xmpp:ping'/>")
    assert answer.get("type") == "result"


run(scenario)
