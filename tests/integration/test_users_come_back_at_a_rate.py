# SPDX-License-Identifier: MIT
"""After a start users are asked for, or logged in, at service.login_rate."""

import asyncio

from lib.restart import restart
from lib.scenario import run


async def scenario(t):
    await t.scripted({"settings.stay_connected": 1})
    for n in range(6):
        await t.enter(user=f"user{n}@localhost", name=f"name{n}")
    await restart(t, config={"service.login_rate": 3})
    loop = asyncio.get_running_loop()
    times = []
    for _ in range(6):
        await t.backend.expect("LOGIN")
        times.append(loop.time())
    assert times[3] - times[2] > 0.3, times
    for n in range(6):
        await t.host.expect(f"presence[@type='probe'][@to='user{n}@localhost']")


run(scenario)
