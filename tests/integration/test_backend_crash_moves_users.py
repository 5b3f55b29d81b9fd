# SPDX-License-Identifier: MIT
"""A crash is one log line with signal, last words, age and users; the user is logged in elsewhere."""

from lib.scenario import AVAILABLE, run


async def scenario(t):
    await t.scripted()
    await t.enter()
    t.backend.order(do="stderr", text="my last words")
    t.backend.order(do="abort")
    await t.host.expect("presence[@from='irc.localhost'][@type='unavailable']")
    second = await t.backends.wait(2)
    await second.expect("LOGIN", user="romeo@localhost")
    second.connected("romeo@localhost")
    await t.host.expect(AVAILABLE.format("irc.localhost", "romeo@localhost/orchard"))
    await t.gateway.wait_log(r"my last words")
    await t.gateway.wait_log(r"(?i)(signal|SIGABRT|aborted).*")


run(scenario)
