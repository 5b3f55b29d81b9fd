# SPDX-License-Identifier: MIT
"""The form's field unregister does the same as the element remove."""

from lib.component_host import find
from lib.scenario import run


async def scenario(t):
    await t.scripted()
    await t.register()
    answer = await t.host.ask("irc.localhost", (
        "<query xmlns='jabber:iq:register'><x xmlns='jabber:x:data' type='submit'>"
        "<field var='FORM_TYPE'><value>jabber:iq:register</value></field>"
        "<field var='unregister'><value>1</value></field></x></query>"), "set")
    assert answer.get("type") == "result"
    answer = await t.host.ask("irc.localhost", "<query xmlns='jabber:iq:register'/>")
    assert find(answer, "register:query/register:registered") is None


run(scenario)
