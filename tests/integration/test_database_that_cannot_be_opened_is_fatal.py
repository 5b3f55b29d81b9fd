# SPDX-License-Identifier: MIT
"""A database that cannot be opened ends the start with a line that names it."""

from lib.scenario import run


async def scenario(t):
    await t.backend_socket()
    host = await t.component_host()
    gateway = t.make_gateway(log=None)
    gateway.values.update({"service.port": host.port, "service.backend": t.backends.command(),
                           "database.database": gateway.folder / "spectrum.cfg"})
    await gateway.run()
    code = await gateway.wait()
    assert code not in (0, 98, 99) and code > 0, code
    assert "spectrum.cfg" in gateway.log(), gateway.log()
    gateway.expected_code = code


run(scenario)
