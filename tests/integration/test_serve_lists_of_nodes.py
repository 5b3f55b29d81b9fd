# SPDX-License-Identifier: MIT
"""Who asks for the list of his nodes over and over has a few answers waiting at a time, and the database stays
everybody's."""

from lib.raw_client import show
from lib.scenario import run

ASK = "<iq type='get' id='a{}'><query xmlns='http://jabber.org/protocol/disco#items'/></iq>"
CREATE = "<pubsub xmlns='http://jabber.org/protocol/pubsub'><create node='urn:tune'/></pubsub>"
TIMES = 1000


async def scenario(t):
    await t.serve({"database.type": "sqlite3", "database.database": t.folder / "data.sql"}, log="info")
    romeo = await t.raw_user("romeo", "phone")
    answer = await romeo.ask(None, CREATE, "set")
    assert answer.get("type") == "result", show(answer)
    romeo.send("".join(ASK.format(n) for n in range(TIMES)))
    await romeo.expect("iq[@id='a0'][@type='result']", "iq/items:query/items:item[@node='urn:tune']")
    await romeo.expect("iq[@type='error']/error/stanzas:resource-constraint")
    answer = await romeo.ask(None, "<query xmlns='http://jabber.org/protocol/disco#items'/>")
    while answer.get("type") == "error":
        answer = await romeo.ask(None, "<query xmlns='http://jabber.org/protocol/disco#items'/>")


run(scenario)
