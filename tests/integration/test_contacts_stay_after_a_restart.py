# SPDX-License-Identifier: MIT
"""Contacts and registration survive a restart of the gateway; those online are asked to come back."""

from lib.scenario import run


async def scenario(t):
    await t.scripted()
    await t.enter()
    t.backend.buddy("romeo@localhost", "juliet", alias="Juliet")
    await t.host.expect("presence[@type='subscribe'][@from='juliet@irc.localhost']")
    t.host.send("<presence type='subscribed' from='romeo@localhost' to='juliet@irc.localhost'/>")
    await t.backend.expect("BUDDY_CHANGED")
    first = t.gateway
    known = len(t.backends.backends)
    await first.finish()
    t.gateways.remove(first)
    t.gateway = t.make_gateway("second")
    t.gateway.values = dict(first.values)
    await t.gateway.run()
    t.backend = await t.backends.wait(known + 1)
    await t.host.wait_online(2)
    await t.host.expect("presence[@type='probe'][@to='romeo@localhost']")
    login = await t.login()
    assert login.legacy_name == "montague"
    t.backend.buddy("romeo@localhost", "juliet", alias="Juliet")
    t.backend.buddy("romeo@localhost", "nurse")
    await t.host.expect("presence[@type='subscribe'][@from='nurse@irc.localhost']")
    t.host.refute("presence[@type='subscribe'][@from='juliet@irc.localhost']")


run(scenario)
