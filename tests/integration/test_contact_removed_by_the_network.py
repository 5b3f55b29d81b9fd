# SPDX-License-Identifier: MIT
"""A contact the network removes takes its subscriptions back."""

from lib.scenario import run


async def scenario(t):
    await t.scripted()
    await t.enter()
    t.backend.buddy("romeo@localhost", "juliet")
    await t.host.expect("presence[@type='subscribe'][@from='juliet@irc.localhost']")
    t.backend.send("BUDDY_REMOVED", user="romeo@localhost", buddy="juliet")
    await t.host.expect("presence[@type='unsubscribe'][@from='juliet@irc.localhost']")
    await t.host.expect("presence[@type='unsubscribed'][@from='juliet@irc.localhost']")


run(scenario)
