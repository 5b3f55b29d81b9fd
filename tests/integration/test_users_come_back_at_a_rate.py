# SPDX-License-Identifier: MIT
"""After a start users are asked for, or logged in, at service.login_rate."""

import datetime
import re

from lib.restart import restart
from lib.scenario import run

LOGIN = r"(?m)^(\S+ \S+),(\d+) .*: user\d@localhost: loading -> waiting$"


def logins(log):
    """When the gateway logged users in, by its own clock, which no delay of ours changes."""
    return [datetime.datetime.fromisoformat(f"{moment}.{ms}").timestamp() for moment, ms in re.findall(LOGIN, log)]


async def scenario(t):
    await t.scripted({"settings.stay_connected": 1})
    for n in range(6):
        await t.enter(user=f"user{n}@localhost", name=f"name{n}")
    await restart(t, config={"service.login_rate": 3})
    for _ in range(6):
        await t.backend.expect("LOGIN")
    times = logins(t.gateway.log())
    assert len(times) == 6 and times[3] - times[2] > 0.3, times
    for n in range(6):
        await t.host.expect(f"presence[@type='probe'][@to='user{n}@localhost']")


run(scenario)
