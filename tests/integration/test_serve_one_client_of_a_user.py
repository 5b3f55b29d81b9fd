# SPDX-License-Identifier: MIT
"""With more_resources = 0 a second client of a user closes the first with conflict; by default both stay."""

from lib.scenario import run


async def scenario(t):
    await t.serve({"service.more_resources": 0})
    first = await t.raw_user("romeo", "orchard")
    second = await t.raw_user("romeo", "balcony")
    await first.expect_end("conflict")
    await second.sync()
    t.backend.refute("LOGOUT")


run(scenario)
