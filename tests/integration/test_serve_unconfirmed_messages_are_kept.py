# SPDX-License-Identifier: MIT
"""Messages that a client never confirmed before its time was over are there at the next login, once, with the time
they were sent; and what the client had sent is known for a while."""

from lib.raw_client import find, text_of
from lib.scenario import run


async def scenario(t):
    await t.serve({"service.resume_time": 3, "database.type": "sqlite3", "database.database": t.folder / "data.sql"})
    phone = await t.raw_user("romeo", "phone")
    enabled = await phone.enable()
    await phone.sync()
    for n in range(5):
        t.backend.message("romeo@localhost", "juliet", f"{n}", id=f"m{n}")
    for n in range(5):
        await phone.expect(f"message[body='{n}']")
    # It confirms one, and the answer to its ping.
    phone.ack(2)
    await phone.sync()
    phone.abort()
    t.backend.message("romeo@localhost", "juliet", "5")
    await t.backend.expect("LOGOUT", user="romeo@localhost")
    desk = await t.raw_user("romeo", "desk")
    got = [await desk.expect("message[@type='chat']/body", "message") for _ in range(5)]
    assert [text_of(m, "body") for m in got] == ["1", "2", "3", "4", "5"], got
    assert [m.get("id") for m in got][:4] == ["m1", "m2", "m3", "m4"]
    assert all(find(m, "delay:delay") is not None for m in got), got
    await desk.sync()
    desk.refute("message")
    late = t.raw_client("late")
    await late.connect()
    await late.open()
    await late.authenticate("romeo")
    failed = await late.resume(enabled.get("id"), 7)
    assert failed.tag.endswith("}failed") and failed.get("h") == "2", failed.attrib


run(scenario)
