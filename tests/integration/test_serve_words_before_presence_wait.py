# SPDX-License-Identifier: MIT
"""What the network says between the login and the first presence waits for it, with the time it was said at."""

from lib.raw_client import text_of
from lib.scenario import run

ROMEO = "romeo@localhost"


async def scenario(t):
    await t.serve({"database.type": "sqlite3"})
    client = await t.raw_user("romeo", presence=None)
    for number in range(1, 4):
        t.backend.message(ROMEO, "juliet", f"word {number}")
    t.backend.send("QUERY", config="messages_to_xmpp")
    assert (await t.backend.expect("QUERY")).config == "3"
    await client.sync()
    client.refute("message")
    client.send("<presence/>")
    for number in range(1, 4):
        message = await client.expect("message/body")
        assert text_of(message, "body") == f"word {number}", text_of(message, "body")
        assert message.find("{urn:xmpp:delay}delay") is not None


run(scenario)
