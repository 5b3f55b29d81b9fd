# SPDX-License-Identifier: MIT
"""A subscription to the gateway is granted, and the gateway answers probes with its presence."""

from lib.scenario import AVAILABLE, run


async def scenario(t):
    await t.scripted()
    await t.enter()
    t.host.send("<presence type='subscribe' from='romeo@localhost' to='irc.localhost'/>")
    await t.host.expect("presence[@type='subscribed'][@from='irc.localhost'][@to='romeo@localhost']")
    t.host.send("<presence type='probe' from='romeo@localhost/orchard' to='irc.localhost'/>")
    await t.host.expect(AVAILABLE.format("irc.localhost", "romeo@localhost/orchard"))


run(scenario)
