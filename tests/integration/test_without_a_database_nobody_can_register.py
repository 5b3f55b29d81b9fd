# SPDX-License-Identifier: MIT
"""With database type none registering is a clear error, and there is a warning at the start."""

from lib.scenario import run


async def scenario(t):
    await t.scripted({"database.type": "none"})
    answer = await t.host.ask("irc.localhost", "<query xmlns='jabber:iq:register'><username>x</username>"
                              "<password>y</password></query>", "set")
    assert answer.get("type") == "error" and answer.get("from") == "irc.localhost"
    await t.gateway.wait_log(r"(?i)WARN.*(register|database|storage)")


run(scenario)
