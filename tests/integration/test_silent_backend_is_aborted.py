# SPDX-License-Identifier: MIT
"""A backend that does not answer pings gets SIGABRT and its users move on."""

from lib.scenario import run


async def scenario(t):
    await t.scripted()
    await t.enter()
    t.backend.order(do="freeze")
    second = await t.backends.wait(2, within=90)
    await second.expect("LOGIN", user="romeo@localhost")
    second.connected("romeo@localhost")
    await t.backend.wait_gone()
    await t.gateway.wait_log(r"(?i)(signal 6|SIGABRT|aborted)")


run(scenario)
