# SPDX-License-Identifier: MIT
"""A refused secret is one clear line in the log, and the link is tried again, ever more slowly."""

import re

from lib.scenario import run
from lib.waiting import until


async def scenario(t):
    host = await t.component_host(secret="another")
    await t.scripted(wait=False, log=None)
    await until(lambda: len(host.handshakes) >= 3, "three tries")
    lines = [line for line in t.gateway.log().split("\n") if re.search("not-authorized|secret|password", line, re.I)]
    assert lines, "no line says that the secret is wrong"
    assert "secret" not in [word.strip("'\".,") for line in lines for word in line.split("=")[1:]]
    times = host.handshakes
    assert len(set(times)) == len(times), "a handshake was sent twice"
    host.secret = "secret"
    await host.wait_online()


run(scenario)
