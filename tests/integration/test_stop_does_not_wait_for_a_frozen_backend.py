# SPDX-License-Identifier: MIT
"""A backend that neither reads nor ends is killed after a time limit; the exit code is 0."""

from lib.scenario import run


async def scenario(t):
    await t.scripted()
    await t.enter()
    t.backend.order(do="freeze")
    await t.gateway.stop(within=15)
    assert t.gateway.code == 0
    await t.backend.wait_gone(within=5)


run(scenario)
