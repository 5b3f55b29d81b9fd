# SPDX-License-Identifier: MIT
"""Who blocks and unblocks faster than the database stores it is told to wait, and holds nobody else up."""

from lib.raw_client import show
from lib.scenario import run

NS = "xmlns='urn:xmpp:blocking'"
ITEMS = "".join(f"<item jid='p{n}@localhost'/>" for n in range(500))
TIMES = 40


async def scenario(t):
    await t.serve({"database.type": "sqlite3", "database.database": t.folder / "data.sql"}, log="info")
    juliet = await t.raw_user("juliet", "balcony")
    romeo = await t.raw_user("romeo", "phone")
    await romeo.sync()
    for n in range(TIMES):
        romeo.send(f"<iq type='set' id='b{n}'><block {NS}>{ITEMS}</block></iq>"
                   f"<iq type='set' id='u{n}'><unblock {NS}>{ITEMS}</unblock></iq>")
    await romeo.expect("iq[@id='b0'][@type='result']")
    await romeo.expect("iq[@type='error']/error/stanzas:resource-constraint")
    answer = await juliet.ask(None, "<query xmlns='jabber:iq:private'><a xmlns='ns:a'/></query>", "set")
    assert answer.get("type") == "result", show(answer)
    await romeo.expect(f"iq[@id='u{TIMES - 1}']")
    # When that is done he may go on.
    answer = await romeo.ask(None, "<query xmlns='jabber:iq:private'><a xmlns='ns:a'/></query>", "set")
    assert answer.get("type") == "result", show(answer)
    answer = await romeo.ask(None, f"<unblock {NS}/>", "set")
    assert answer.get("type") == "result", show(answer)


run(scenario)
