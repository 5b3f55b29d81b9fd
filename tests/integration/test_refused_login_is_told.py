# SPDX-License-Identifier: MIT
"""A final refusal of the network is told to the user, who can try again."""

from lib.scenario import run


async def scenario(t):
    await t.scripted()
    await t.register()
    t.host.send("<presence from='romeo@localhost/orchard' to='irc.localhost'/>")
    await t.backend.expect("LOGIN")
    t.backend.send("DISCONNECTED", user="romeo@localhost", error=2, message="Wrong password")
    message = await t.host.expect("message[@from='irc.localhost']")
    assert "Wrong password" in message.findtext("{jabber:component:accept}body")
    await t.host.expect("presence[@from='irc.localhost'][@type='unavailable']")
    await t.login()


run(scenario)
