# SPDX-License-Identifier: MIT
"""A network that is lost for a passing reason is entered again after a moment, without a word by message."""

from lib.scenario import AVAILABLE, run


async def scenario(t):
    await t.scripted()
    await t.enter()
    t.backend.send("DISCONNECTED", user="romeo@localhost", error=0, message="Connection reset")
    await t.host.expect("presence[@from='irc.localhost'][@type='unavailable']")
    await t.backend.expect("LOGIN", user="romeo@localhost")
    t.backend.connected("romeo@localhost")
    await t.host.expect(AVAILABLE.format("irc.localhost", "romeo@localhost/orchard"))
    t.host.refute("message[@from='irc.localhost']")


run(scenario)
