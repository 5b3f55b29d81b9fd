# SPDX-License-Identifier: MIT
"""Contacts' presence carries show, status and avatar, changes once, and is shown to new resources and probes."""

from lib.scenario import run


async def scenario(t):
    await t.scripted()
    await t.enter()
    hash_ = "a" * 40
    t.backend.buddy("romeo@localhost", "juliet", status=1, status_message="sleeping", icon_hash=hash_)
    presence = await t.host.expect("presence[@from='juliet@irc.localhost/bot'][show='away'][status='sleeping']",
                                   f"presence/avatar:x[avatar:photo='{hash_}']")
    assert presence.get("to") == "romeo@localhost"
    assert presence.find("{http://jabber.org/protocol/caps}c") is not None
    t.backend.buddy("romeo@localhost", "juliet", status=1, status_message="sleeping", icon_hash=hash_)
    t.backend.buddy("romeo@localhost", "juliet", status=5)
    await t.host.expect("presence[@from='juliet@irc.localhost/bot'][@type='unavailable']")
    t.host.refute("presence[@from='juliet@irc.localhost/bot'][not(@type)]")
    t.backend.buddy("romeo@localhost", "juliet", status=2)
    await t.host.expect("presence[@from='juliet@irc.localhost/bot'][show='chat']")
    t.host.send("<presence from='romeo@localhost/balcony' to='irc.localhost'/>")
    await t.host.expect("presence[@from='juliet@irc.localhost/bot'][@to='romeo@localhost/balcony'][show='chat']")
    t.host.send("<presence type='probe' from='romeo@localhost' to='juliet@irc.localhost'/>")
    await t.host.expect("presence[@from='juliet@irc.localhost/bot'][@to='romeo@localhost'][show='chat']")


run(scenario)
