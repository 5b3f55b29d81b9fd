# SPDX-License-Identifier: MIT
"""Clients of one user that log in at the same time share one login at the network; where only VIPs may, others hear so
without it being asked."""

import asyncio
import signal

from lib.raw_client import text_of
from lib.scenario import run
from lib.waiting import until


async def opened(t, name):
    client = t.raw_client(name)
    await client.connect()
    await client.open()
    return client


async def scenario(t):
    await t.serve({"database.type": "sqlite3"})
    clients = [await opened(t, f"client {number}") for number in range(3)]
    logins = [asyncio.create_task(client.authenticate("romeo")) for client in clients]
    await t.backend.expect("LOGIN", user="romeo@localhost")
    guess = await (await opened(t, "guess")).authenticate("romeo", "guessed")
    assert guess[0].tag.endswith("}temporary-auth-failure"), guess[0].tag
    t.backend.connected("romeo@localhost")
    for login in logins:
        assert (await login).tag.endswith("}success")
    t.backend.refute("LOGIN")
    t.gateway.values.update({"service.vip_only": 1, "service.vip_message": "For our guests only"})
    t.gateway.write_config()
    t.gateway.send_signal(signal.SIGHUP)
    await until(lambda: "is reloaded" in t.gateway.log(), "the reload")
    refusal = await (await opened(t, "juliet")).authenticate("juliet")
    assert refusal[0].tag.endswith("}account-disabled"), refusal[0].tag
    assert text_of(refusal, "sasl:text") == "For our guests only"
    t.backend.refute("LOGIN")


run(scenario)
