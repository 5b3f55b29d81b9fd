# SPDX-License-Identifier: MIT
"""Answers to a client that asks and does not read end it, and nobody else."""

from lib.scenario import run

KEPT = "x" * 60000
QUESTIONS = 150


async def scenario(t):
    await t.serve({"database.type": "sqlite3", "database.database": t.folder / "data.sql"}, log="info")
    juliet = await t.raw_user("juliet", "balcony")
    deaf = await t.raw_user("romeo", "deaf")
    await deaf.ask(None, f"<query xmlns='jabber:iq:private'><a xmlns='ns:a'>{KEPT}</a></query>", "set")
    deaf.stop_reading()
    for n in range(QUESTIONS):
        deaf.send(f"<iq type='get' id='{n}'><query xmlns='jabber:iq:private'><a xmlns='ns:a'/></query></iq>")
    await t.backend.expect("LOGOUT", user="romeo@localhost")
    await juliet.sync()


run(scenario)
