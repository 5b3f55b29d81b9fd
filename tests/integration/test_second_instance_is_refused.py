# SPDX-License-Identifier: MIT
"""A second instance of the same JID refuses to start and names the first; the first goes on."""

from lib.scenario import run


async def scenario(t):
    await t.scripted()
    second = t.make_gateway("second", log=None)
    second.values = dict(t.gateway.values)
    second.values.pop("logging.config", None)
    second.values["service.backend_port"] = 0
    second.expected_code = None
    await second.run()
    code = await second.wait()
    assert code not in (0, 99, 98) and code > 0, code
    assert str(t.gateway.pid) in second.log(), second.log()
    t.gateways.remove(second)
    await t.host.sync()


run(scenario)
