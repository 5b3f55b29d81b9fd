# SPDX-License-Identifier: MIT
"""What is missing or empty in a registration is an error that says so; nothing is stored."""

from lib.component_host import find
from lib.scenario import run


async def scenario(t):
    await t.scripted()
    for inner in ("", "<username/><password>x</password>", "<username>x</username>",
                  "<username>romeo@localhost</username><password>x</password>"):
        answer = await t.host.ask("irc.localhost", f"<query xmlns='jabber:iq:register'>{inner}</query>", "set")
        assert answer.get("type") == "error" and answer.get("from") == "irc.localhost", inner
        assert find(answer, "error[@type='modify']/stanzas:not-acceptable") is not None, inner
    answer = await t.host.ask("irc.localhost", "<query xmlns='jabber:iq:register'/>")
    assert find(answer, "register:query/register:registered") is None


run(scenario)
