# SPDX-License-Identifier: MIT
"""The network hears the presence of the resource with the highest priority."""

from lib.scenario import run


async def scenario(t):
    await t.scripted()
    await t.enter()
    t.host.send("<presence from='romeo@localhost/balcony' to='irc.localhost'><show>xa</show><priority>5</priority></presence>")
    assert (await t.backend.expect("STATUS_CHANGED", status=3)).user == "romeo@localhost"
    t.host.send("<presence type='unavailable' from='romeo@localhost/balcony' to='irc.localhost'/>")
    await t.backend.expect("STATUS_CHANGED", status=0)


run(scenario)
