# SPDX-License-Identifier: MIT
"""Without -n a start that fails is told by the starter: a line on stderr and exit code 1."""

from lib.gateway import program
from lib.processes import Process
from lib.scenario import run


async def scenario(t):
    host = await t.component_host()
    gateway = t.make_gateway(log=None)
    gateway.values.update({"service.port": host.port, "service.backend": "/bin/true",
                           "database.database": gateway.folder / "spectrum.cfg"})
    gateway.write_config()
    t.gateways.remove(gateway)
    starter = Process("starter", t.folder / "starter-output")
    await starter.start([str(program("spectrum2")), str(gateway.config_file)], cwd=t.folder,
                        env={"ASAN_OPTIONS": "detect_leaks=0"})
    assert await starter.wait() == 1, starter.log()
    assert "spectrum.cfg" in starter.log(), starter.log()


run(scenario)
