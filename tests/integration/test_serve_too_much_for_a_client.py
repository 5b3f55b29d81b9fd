# SPDX-License-Identifier: MIT
"""Who confirms nothing is ended when too much waits for him; the newest that he has not confirmed is kept for his next
login, as much as anybody may have waiting."""

from lib.raw_client import text_of
from lib.scenario import run

SENT = 5050  # over SM_BYTES_MAX
PADDING = 1700 * " ."
KEPT = 1000  # MESSAGE_DIRECT_MAX


async def scenario(t):
    await t.serve({"database.type": "sqlite3", "database.database": t.folder / "data.sql"}, log="info")
    witness = await t.raw_user("juliet", "balcony")
    phone = await t.raw_user("romeo", "phone")
    await phone.enable()
    for n in range(SENT):
        t.backend.message("romeo@localhost", "juliet", f"{n}{PADDING}")
    t.backend.message("juliet@localhost", "nurse", "all is said")
    await phone.expect_end("resource-constraint", within=60)
    await t.backend.expect("LOGOUT", user="romeo@localhost", within=60)
    await witness.expect("message[body='all is said']", within=60)
    desk = await t.raw_user("romeo", "desk")
    got = [text_of(await desk.expect("message[@type='chat']/body", "message", within=60), "body").split()[0]
           for _ in range(KEPT)]
    # What came after its end was for nobody.
    assert got == [str(n) for n in range(int(got[0]), int(got[0]) + KEPT)], (got[0], got[-1])
    assert int(got[-1]) >= 2000, got[-1]


run(scenario)
