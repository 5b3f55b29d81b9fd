# SPDX-License-Identifier: MIT
"""Without a database somebody who is no contact is blocked (XEP-0191) all the same, as long as the user is logged in."""

from lib.raw_client import show
from lib.scenario import run

NS = "xmlns='urn:xmpp:blocking'"
ITEM = "<item jid='tybalt@localhost'/>"


async def scenario(t):
    await t.serve()
    romeo = await t.raw_user("romeo")
    answer = await romeo.ask(None, f"<block {NS}>{ITEM}</block>", "set")
    assert answer.get("type") == "result", show(answer)
    t.backend.message("romeo@localhost", "tybalt", "Thou art a villain")
    t.backend.message("romeo@localhost", "juliet", "Wherefore?")
    await romeo.expect("message[body='Wherefore?']")
    romeo.refute("message[body='Thou art a villain']")
    answer = await romeo.ask(None, f"<blocklist {NS}/>")
    assert [item.get("jid") for item in answer[0]] == ["tybalt@localhost"], show(answer)
    answer = await romeo.ask(None, f"<unblock {NS}>{ITEM}</unblock>", "set")
    assert answer.get("type") == "result", show(answer)
    t.backend.message("romeo@localhost", "tybalt", "Peace")
    await romeo.expect("message[body='Peace']")


run(scenario)
