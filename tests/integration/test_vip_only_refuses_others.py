# SPDX-License-Identifier: MIT
"""With vip_only a user who is no VIP is told so and not logged in."""

from lib.scenario import run


async def scenario(t):
    await t.scripted({"service.vip_only": 1, "service.vip_message": "For friends only"})
    await t.register()
    t.host.send("<presence from='romeo@localhost/orchard' to='irc.localhost'/>")
    message = await t.host.expect("message[@from='irc.localhost'][body='For friends only']")
    await t.host.sync()
    t.backend.refute("LOGIN")


run(scenario)
