#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Who is blocked through the transport (XEP-0191) is not heard, the network and other clients are told."""

from lib.scenario import run

NS = "xmlns='urn:xmpp:blocking'"


async def scenario(t):
    await t.scripted()
    await t.enter()
    t.host.send("<presence from='romeo@localhost/balcony' to='irc.localhost'/>")
    t.backend.buddy("romeo@localhost", "tybalt")
    await t.host.expect("presence[@from='tybalt@irc.localhost/bot'][not(@type)]")
    answer = await t.host.ask("irc.localhost", f"<blocklist {NS}/>", user="romeo@localhost/balcony")
    assert len(answer[0]) == 0
    item = "<item jid='tybalt@irc.localhost'/>"
    answer = await t.host.ask("irc.localhost", f"<block {NS}>{item}</block>", "set")
    assert answer.get("type") == "result"
    frame = await t.backend.expect("BUDDY_CHANGED", buddy="tybalt", blocked=1)
    assert frame.user == "romeo@localhost"
    push = await t.host.expect("iq[@type='set'][@to='romeo@localhost/balcony']/{urn:xmpp:blocking}block")
    assert push[0][0].get("jid") == "tybalt@irc.localhost"
    await t.host.expect("presence[@from='tybalt@irc.localhost/bot'][@type='unavailable']")
    t.backend.message("romeo@localhost", "tybalt", "Thou art a villain")
    t.backend.message("romeo@localhost", "juliet", "Wherefore?")
    await t.host.expect("message[body='Wherefore?']")
    t.host.refute("message[body='Thou art a villain']")
    t.host.send("<message from='romeo@localhost/orchard' to='tybalt@irc.localhost' id='m1'><body>hi</body></message>")
    await t.host.expect("message[@id='m1'][@type='error']/error/stanzas:not-acceptable")

    answer = await t.host.ask("irc.localhost", f"<unblock {NS}>{item}</unblock>", "set")
    assert answer.get("type") == "result"
    await t.backend.expect("BUDDY_CHANGED", buddy="tybalt", blocked=0)
    await t.host.expect("presence[@from='tybalt@irc.localhost/bot'][not(@type)]")
    t.backend.message("romeo@localhost", "tybalt", "Peace")
    await t.host.expect("message[body='Peace']")


run(scenario)
