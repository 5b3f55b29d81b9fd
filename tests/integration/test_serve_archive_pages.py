# SPDX-License-Identifier: MIT
"""What was said is read from the archive page by page, forward and back, by a real client; also after a restart."""

from lib.raw_client import find
from lib.scenario import run
from lib.served import enter_as_client

COUNT = 250


def body(result):
    return result["mam_result"]["forwarded"]["stanza"]["body"]


async def bodies(client, **options):
    return [body(each) async for each in client["xep_0313"].iterate(rsm={"max": 40}, **options)]


async def scenario(t):
    await t.serve({"database.type": "sqlite3", "database.database": t.folder / "database.sql"})
    romeo = await enter_as_client(t, "romeo", plugins=("xep_0313",))
    expected = []
    for i in range(COUNT):
        expected.append(f"line {i}")
        if i % 5:
            t.backend.message("romeo@localhost", "juliet" if i % 2 else "nurse", expected[-1])
            message = await romeo.expect(f"message[body='line {i}']")
            assert int(find(message, "sid:stanza-id").get("id")) > 0
        else:
            romeo.say(f"<message type='chat' to='juliet@localhost'><body>line {i}</body></message>")
            await t.backend.expect("CONV_MESSAGE", message=f"line {i}")
    assert await bodies(romeo) == expected
    assert await bodies(romeo, reverse=True) == expected[::-1]
    nurse = [text for i, text in enumerate(expected) if i % 5 and i % 2 == 0]
    assert await bodies(romeo, with_jid="nurse@localhost") == nurse
    fields = await romeo["xep_0313"].get_fields()
    assert {"with", "start", "end", "before-id", "after-id", "ids"} <= set(fields.get_fields()), fields
    ends = await romeo["xep_0313"].get_archive_metadata()
    assert ends["mam_metadata"]["start"]["id"] < ends["mam_metadata"]["end"]["id"]

    await romeo.close()
    known = len(t.backends.backends)
    await t.gateway.stop()
    await t.restart_served()
    t.backend = await t.backends.wait(known + 1)
    romeo = await enter_as_client(t, "romeo", plugins=("xep_0313",))
    assert await bodies(romeo) == expected
    t.backend.message("romeo@localhost", "juliet", "after all")
    await romeo.expect("message[body='after all']")
    assert await bodies(romeo) == expected + ["after all"]


run(scenario)
