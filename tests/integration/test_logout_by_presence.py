# SPDX-License-Identifier: MIT
"""The last resource that leaves logs the user out; contacts and transport go."""

from lib.scenario import run


async def scenario(t):
    await t.scripted()
    await t.enter()
    t.backend.buddy("romeo@localhost", "juliet")
    await t.host.expect("presence[@from='juliet@irc.localhost/bot'][not(@type)]")
    t.host.send("<presence from='romeo@localhost/balcony' to='irc.localhost'/>")
    await t.host.expect("presence[@from='irc.localhost'][@to='romeo@localhost/balcony'][not(@type)]")
    t.host.send("<presence type='unavailable' from='romeo@localhost/orchard' to='irc.localhost'/>")
    await t.host.expect("presence[@from='juliet@irc.localhost/bot'][@type='unavailable']")
    await t.host.expect("presence[@from='irc.localhost'][@type='unavailable'][@to='romeo@localhost/orchard']")
    await t.host.sync()
    t.backend.refute("LOGOUT")
    t.host.send("<presence type='unavailable' from='romeo@localhost/balcony' to='irc.localhost'/>")
    await t.backend.expect("LOGOUT", user="romeo@localhost", legacy_name="montague")


run(scenario)
