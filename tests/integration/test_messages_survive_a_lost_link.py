# SPDX-License-Identifier: MIT
"""Messages of the network that arrive while the link is down are delivered when it is up again."""

from lib.component_host import ComponentHost
from lib.scenario import run


async def scenario(t):
    await t.scripted()
    await t.enter()
    first, port = t.host, t.host.port
    await first.stop()
    first.link.close()
    await t.gateway.wait_log(r"(?i)link.*next try")
    t.backend.message("romeo@localhost", "juliet", "while you were away")
    t.backend.send("PONG")
    t.host = await ComponentHost().start(port)
    t.cast.append(("second host", t.host))
    t.closers.append(t.host.stop)
    await t.host.wait_online()
    await t.host.expect("message[@to='romeo@localhost'][body='while you were away']")


run(scenario)
