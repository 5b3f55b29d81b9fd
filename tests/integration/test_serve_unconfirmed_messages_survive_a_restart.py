# SPDX-License-Identifier: MIT
"""What a client had not confirmed when the server was stopped, and what waited for one that was away, is there after
the next start."""

import signal

from lib.raw_client import text_of
from lib.scenario import run


async def scenario(t):
    await t.serve({"database.type": "sqlite3", "database.database": t.folder / "data.sql"})
    phone = await t.raw_user("romeo", "phone")
    await phone.enable()
    t.backend.message("romeo@localhost", "juliet", "one")
    await phone.expect("message[body='one']")
    away = await t.raw_user("mercutio", "phone")
    await away.enable()
    await away.sync()
    away.abort()
    t.backend.message("mercutio@localhost", "juliet", "two")
    t.backend.message("romeo@localhost", "juliet", "three")
    await phone.expect("message[body='three']")
    await t.gateway.stop(signal.SIGTERM)
    await phone.expect_end("system-shutdown")
    await t.restart_served()
    t.backend = await t.backends.wait(2)
    phone = await t.raw_user("romeo", "phone")
    got = [text_of(await phone.expect("message[@type='chat']/body", "message"), "body") for _ in range(2)]
    assert got == ["one", "three"], got
    away = await t.raw_user("mercutio", "phone")
    await away.expect("message[body='two']")
    for client in (phone, away):
        await client.sync()
        client.refute("message")


run(scenario)
