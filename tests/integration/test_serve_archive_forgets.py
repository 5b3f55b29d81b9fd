# SPDX-License-Identifier: MIT
"""What is older than service.archive_days leaves the archive by itself; with 0 days nothing is kept."""

import signal
import sqlite3

from lib.raw_client import find
from lib.scenario import run
from lib.waiting import until

DAY = 86400 * 10**6
QUERY = "<query xmlns='urn:xmpp:mam:2'><set xmlns='http://jabber.org/protocol/rsm'><max>0</max></set></query>"


async def count(client):
    fin = await client.ask(None, QUERY, "set")
    assert fin.get("type") == "result", fin.attrib
    return int(find(fin, "mam:fin/rsm:set/rsm:count").text)


async def said(t, client, text):
    t.backend.message("romeo@localhost", "juliet", text)
    await client.expect(f"message[body='{text}']")


async def scenario(t):
    file = t.folder / "database.sql"
    await t.serve({"service.archive_days": 2, "database.type": "sqlite3", "database.database": file})
    romeo = await t.raw_user("romeo")
    for text in ("old", "older"):
        await said(t, romeo, text)
    assert await count(romeo) == 2
    with sqlite3.connect(file) as database:
        database.execute("UPDATE users_archive SET id = id - ?, stamp = stamp - ?", (3 * DAY, 3 * DAY))
    await said(t, romeo, "new")
    assert await count(romeo) == 3
    t.gateway.send_signal(signal.SIGHUP)

    async def is_one():
        return await count(romeo) == 1
    await until(is_one, "the old ones are gone")

    t.gateway.values["service.archive_days"] = 0
    t.gateway.write_config()
    t.gateway.send_signal(signal.SIGHUP)

    async def is_off():
        return (await romeo.ask(None, QUERY, "set")).get("type") == "error"
    await until(is_off, "there is no archive any more")
    await said(t, romeo, "unkept")
    rows = lambda: sqlite3.connect(file).execute("SELECT COUNT(*) FROM users_archive").fetchone()[0]
    await until(lambda: rows() == 0, "nothing is left")


run(scenario)
