# SPDX-License-Identifier: MIT
"""What a client that vanished had not confirmed is delivered again with the id it had, and is in the archive once."""

from lib.raw_client import find
from lib.scenario import run

QUERY = "<query xmlns='urn:xmpp:mam:2'/>"


async def scenario(t):
    await t.serve({"settings.stay_connected": 1, "database.type": "sqlite3",
                   "database.database": t.folder / "database.sql"})
    romeo = await t.raw_user("romeo", "desk")
    await romeo.enable(resume=False)
    t.backend.message("romeo@localhost", "juliet", "hear me")
    first = find(await romeo.expect("message[body='hear me']"), "sid:stanza-id").get("id")
    romeo.abort()
    romeo = await t.raw_user("romeo", "phone")
    again = await romeo.expect("message[body='hear me']", "message/delay:delay")
    assert find(again, "sid:stanza-id").get("id") == first, again
    fin = await romeo.ask(None, QUERY, "set")
    ends = [find(fin, f"mam:fin/rsm:set/rsm:{name}").text for name in ("first", "last", "count")]
    assert ends == [first, first, "1"], ends


run(scenario)
