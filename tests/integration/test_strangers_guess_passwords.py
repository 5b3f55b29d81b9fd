# SPDX-License-Identifier: MIT
"""Wrong passwords for one name are slowed ever more, over connections and at once; another name is not slowed."""

import asyncio
import time

from lib.raw_client import find
from lib.scenario import run


async def guess(t, name, number):
    """The answer to a wrong password, and how long it took."""
    client = t.raw_client(f"guess {number}")
    await client.connect()
    await client.open()
    begun = time.monotonic()
    answer = await client.authenticate(name, f"wrong{number}")
    return answer, time.monotonic() - begun


async def refuse(backend):
    while True:
        login = await backend.expect("LOGIN", user="juliet@localhost", within=600)
        assert login.values["password"].startswith("wrong")
        backend.send("DISCONNECTED", user="juliet@localhost", error=2, message="Wrong password")


async def scenario(t):
    await t.serve()
    refusing = asyncio.create_task(refuse(t.backend))
    for number in range(3):
        answer, took = await guess(t, "juliet", number)
        assert find(answer, "sasl:not-authorized") is not None
        assert took < 0.9, took
    # More at once: each waits for the one before.
    results = await asyncio.gather(*(guess(t, "juliet", 3 + number) for number in range(2)))
    assert sorted(int(took + 0.05) for _, took in results) == [1, 3], results
    begun = time.monotonic()
    await t.raw_user("romeo")
    assert time.monotonic() - begun < 0.9
    refusing.cancel()


run(scenario)
