# SPDX-License-Identifier: MIT
"""Contacts of the network are announced by subscription requests that carry the name, once."""

from lib.scenario import run


async def scenario(t):
    await t.scripted()
    await t.enter()
    t.backend.buddy("romeo@localhost", "juliet@capulet.example", alias="Juliet", group=["Friends"])
    t.backend.buddy("romeo@localhost", "Nurse", status=1, status_message="busy")
    request = await t.host.expect("presence[@type='subscribe'][@from='juliet\\40capulet.example@irc.localhost']")
    assert request.get("to") == "romeo@localhost"
    assert request.findtext("{http://jabber.org/protocol/nick}nick") == "Juliet"
    await t.host.expect("presence[@type='subscribe'][@from='nurse@irc.localhost']")
    t.host.send("<presence type='subscribed' from='romeo@localhost' to='nurse@irc.localhost'/>")
    change = await t.backend.expect("BUDDY_CHANGED", user="romeo@localhost")
    assert change.buddy == "Nurse" and change.status == 5 and change.blocked is None, change
    t.backend.buddy("romeo@localhost", "Nurse", status=1, status_message="busy")
    t.backend.buddy("romeo@localhost", "Friar")
    await t.host.expect("presence[@type='subscribe'][@from='friar@irc.localhost']")
    t.host.refute("presence[@type='subscribe'][@from='nurse@irc.localhost']")


run(scenario)
