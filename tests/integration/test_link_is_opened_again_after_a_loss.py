# SPDX-License-Identifier: MIT
"""A lost link is opened again; users stay, and their presence is announced anew."""

from lib.scenario import AVAILABLE, run


async def scenario(t):
    await t.scripted()
    await t.enter()
    t.host.link.close()
    await t.host.wait_online(2)
    await t.host.expect(AVAILABLE.format("irc.localhost", "romeo@localhost/orchard"))
    t.backend.message("romeo@localhost", "juliet", "are you there?")
    await t.host.expect("message[@to='romeo@localhost'][body='are you there?']")
    t.backend.refute("LOGOUT")
    t.backend.refute("LOGIN")


run(scenario)
