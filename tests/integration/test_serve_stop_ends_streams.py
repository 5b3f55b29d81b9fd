# SPDX-License-Identifier: MIT
"""SIGTERM ends every stream with system-shutdown, whatever its state, and logs the users out."""

import signal

from lib.scenario import run


async def scenario(t):
    await t.serve()
    romeo = await t.raw_user("romeo")
    juliet = await t.raw_user("juliet", starttls=True)
    stranger = t.raw_client("stranger")
    await stranger.connect()
    await stranger.open()
    silent = t.raw_client("silent")
    await silent.connect()
    await romeo.sync()
    t.gateway.children()
    t.gateway.send_signal(signal.SIGTERM)
    for client in (romeo, juliet, stranger):
        await client.expect_end("system-shutdown")
    await silent.wait_closed()
    for user in ("romeo@localhost", "juliet@localhost"):
        await t.backend.expect("LOGOUT", user=user)
    assert await t.gateway.wait() == 0


run(scenario)
