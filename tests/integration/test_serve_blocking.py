# SPDX-License-Identifier: MIT
"""Somebody who is no contact is blocked (XEP-0191): not heard, not written to, by any client, and at the next login."""

from lib.raw_client import find, show
from lib.scenario import run

NS = "xmlns='urn:xmpp:blocking'"
ITEM = "<item jid='tybalt@localhost'/>"


async def listed(client):
    answer = await client.ask(None, f"<blocklist {NS}/>")
    assert answer.get("type") == "result", show(answer)
    return [item.get("jid") for item in answer[0]]


async def scenario(t):
    await t.serve({"database.type": "sqlite3", "database.database": t.folder / "database.sql"})
    phone = await t.raw_user("romeo", "phone")
    desk = await t.raw_user("romeo", "desk", presence=None)
    assert await listed(desk) == []
    answer = await phone.ask(None, f"<block {NS}>{ITEM}</block>", "set")
    assert answer.get("type") == "result", show(answer)
    push = await desk.expect("iq[@type='set']/blocking:block")
    assert find(push, "blocking:block/blocking:item").get("jid") == "tybalt@localhost"
    await phone.sync()
    phone.refute("iq/blocking:block")
    assert await listed(phone) == ["tybalt@localhost"]

    t.backend.message("romeo@localhost", "tybalt", "Thou art a villain")
    t.backend.message("romeo@localhost", "juliet", "Wherefore?")
    await phone.expect("message[body='Wherefore?']")
    phone.refute("message[body='Thou art a villain']")
    phone.send("<message to='tybalt@localhost' type='chat' id='m1'><body>hi</body></message>")
    error = await phone.expect("message[@id='m1'][@type='error']/error/stanzas:not-acceptable")
    assert find(error, "error/{urn:xmpp:blocking:errors}blocked") is not None, show(error)

    for client in (phone, desk):
        await client.close()
    await t.backend.expect("LOGOUT")
    phone = await t.raw_user("romeo", "phone")
    assert await listed(phone) == ["tybalt@localhost"]
    t.backend.message("romeo@localhost", "tybalt", "Thou art a villain")
    t.backend.message("romeo@localhost", "juliet", "Art thou there?")
    await phone.expect("message[body='Art thou there?']")
    answer = await phone.ask(None, f"<unblock {NS}>{ITEM}</unblock>", "set")
    assert answer.get("type") == "result", show(answer)
    await phone.expect("iq[@type='set']/blocking:unblock")
    t.backend.message("romeo@localhost", "tybalt", "Peace")
    await phone.expect("message[body='Peace']")
    phone.refute("message[body='Thou art a villain']")


run(scenario)
