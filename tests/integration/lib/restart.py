# SPDX-License-Identifier: MIT
"""A gateway that goes and comes back on the same data."""

import signal


async def restart(t, kill=False, config=None):
    """Ends the gateway, properly or by SIGKILL, and starts it again; link and backend are there when this returns."""
    links, backends = len(t.host.links), len(t.backends.backends)
    first = t.gateway
    if kill:
        first.expected_code = -signal.SIGKILL
        await first.stop(signal.SIGKILL)
        first.check_reports()
    else:
        await first.finish()
    t.gateways.remove(first)
    t.gateway = t.make_gateway(f"gateway{links}")
    t.gateway.values = {**first.values, **(config or {})}
    await t.gateway.run()
    t.backend = await t.backends.wait(backends + 1)
    await t.host.wait_online(links + 1)
