# SPDX-License-Identifier: MIT
"""When nothing can be stored, who registers gets an error and the gateway goes on."""

import sqlite3

from lib.scenario import run


async def scenario(t):
    await t.scripted()
    await t.register()
    # Another program holds the lock for writing: nothing can be stored meanwhile.
    other = sqlite3.connect(t.gateway.values["database.database"], isolation_level=None)
    other.execute("PRAGMA busy_timeout = 2000")
    other.execute("CREATE TRIGGER refuse BEFORE INSERT ON users BEGIN SELECT RAISE(ABORT, 'read-only'); END")
    answer = await t.host.ask("irc.localhost", "<query xmlns='jabber:iq:register'><username>x</username>"
                              "<password>y</password></query>", "set", user="juliet@localhost/balcony")
    assert answer.get("type") == "error", "an unstored registration was confirmed"
    other.execute("DROP TRIGGER refuse")
    other.close()
    await t.register("juliet@localhost", "juliet")


run(scenario)
