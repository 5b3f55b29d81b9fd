# SPDX-License-Identifier: MIT
"""Presence of somebody who is not registered does not reach a backend."""

from lib.scenario import run


async def scenario(t):
    await t.scripted()
    t.host.send("<presence from='tybalt@localhost/hall' to='irc.localhost'/>")
    await t.enter()
    t.backend.refute("LOGIN")
    t.host.send("<presence type='probe' from='tybalt@localhost' to='irc.localhost'/>")
    await t.host.expect("presence[@type='unavailable'][@from='irc.localhost'][@to='tybalt@localhost']")


run(scenario)
