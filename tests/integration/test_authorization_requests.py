# SPDX-License-Identifier: MIT
"""A request from the network becomes a subscription request; accepting and refusing reach the network."""

from lib.scenario import run


async def scenario(t):
    await t.scripted()
    await t.enter()
    for name, answer, frame in (("juliet", "subscribed", "BUDDY_CHANGED"), ("paris", "unsubscribed", "BUDDY_REMOVED")):
        t.backend.send("AUTH_REQUEST", user="romeo@localhost", buddy=name)
        await t.host.expect(f"presence[@type='subscribe'][@from='{name}@irc.localhost'][@to='romeo@localhost']")
        t.host.send(f"<presence type='{answer}' from='romeo@localhost' to='{name}@irc.localhost'/>")
        assert (await t.backend.expect(frame)).buddy == name


run(scenario)
