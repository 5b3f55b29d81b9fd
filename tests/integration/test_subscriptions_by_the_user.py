# SPDX-License-Identifier: MIT
"""Adding and removing a contact goes to the network and is answered from bare JID to bare JID."""

from lib.scenario import run


async def scenario(t):
    await t.scripted({"service.enable_remove_buddy": 1})
    await t.enter()
    t.host.send("<presence type='subscribe' from='romeo@localhost' to='juliet\\40capulet.example@irc.localhost'/>")
    change = await t.backend.expect("BUDDY_CHANGED")
    assert change.buddy == "juliet@capulet.example", change
    await t.host.expect("presence[@type='subscribed'][@from='juliet\\40capulet.example@irc.localhost'][@to='romeo@localhost']")
    await t.host.expect("presence[@type='subscribe'][@from='juliet\\40capulet.example@irc.localhost'][@to='romeo@localhost']")
    t.host.send("<presence type='unsubscribe' from='romeo@localhost' to='juliet\\40capulet.example@irc.localhost'/>")
    removed = await t.backend.expect("BUDDY_REMOVED")
    assert removed.buddy == "juliet@capulet.example"
    await t.host.expect("presence[@type='unsubscribed'][@from='juliet\\40capulet.example@irc.localhost']")


run(scenario)
