# SPDX-License-Identifier: MIT
"""Registering works with plain fields and with a form, and again to change name and password."""

from lib.scenario import run


async def scenario(t):
    await t.scripted()
    await t.register(name="first", password="one")
    await t.host.expect("presence[@type='subscribe'][@from='irc.localhost']")
    login = await t.login()
    assert (login.legacy_name, login.password) == ("first", "one"), login
    t.host.send("<presence type='unavailable' from='romeo@localhost/orchard' to='irc.localhost'/>")
    await t.backend.expect("LOGOUT", user="romeo@localhost")
    answer = await t.host.ask("irc.localhost", (
        "<query xmlns='jabber:iq:register'><x xmlns='jabber:x:data' type='submit'>"
        "<field var='FORM_TYPE' type='hidden'><value>jabber:iq:register</value></field>"
        "<field var='username'><value>second</value></field>"
        "<field var='password'><value>&lt;two&gt;</value></field></x></query>"), "set")
    assert answer.get("type") == "result"
    login = await t.login()
    assert (login.legacy_name, login.password) == ("second", "<two>"), login


run(scenario)
