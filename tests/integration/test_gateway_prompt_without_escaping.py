# SPDX-License-Identifier: MIT
"""A network without JID escaping gets the last at-sign of a name as a percent sign."""

from lib.component_host import text_of
from lib.scenario import run


async def scenario(t):
    await t.scripted(announce="[features]|disable_jid_escaping=1")
    answer = await t.host.ask("irc.localhost", "<query xmlns='jabber:iq:gateway'><prompt>a@b</prompt></query>", "set")
    assert text_of(answer, "gateway:query/gateway:jid") == "a%b@irc.localhost"


run(scenario)
