# SPDX-License-Identifier: MIT
"""Wrong passwords for one name are slowed ever more, over connections and at once; another name is not slowed."""

import asyncio
import time

from lib.raw_client import find
from lib.scenario import run

# The shortest delay is a second. A busy machine may make each of some tries that are not delayed seem so, never all.
AT_ONCE = 0.9


async def guess(t, name, number):
    """The answer to a wrong password, and how long it took."""
    client = t.raw_client(f"guess {number}")
    await client.connect()
    await client.open()
    begun = time.monotonic()
    answer = await client.authenticate(name, f"wrong{number}")
    return answer, time.monotonic() - begun


async def log_in(t, name):
    """How long it took."""
    begun = time.monotonic()
    await t.raw_user(name)
    return time.monotonic() - begun


async def refuse(backend):
    while True:
        login = await backend.expect("LOGIN", user="juliet@localhost", within=600)
        assert login.values["password"].startswith("wrong")
        backend.send("DISCONNECTED", user="juliet@localhost", error=2, message="Wrong password")


async def scenario(t):
    await t.serve()
    refusing = asyncio.create_task(refuse(t.backend))
    results = [await guess(t, "juliet", number) for number in range(3)]
    assert all(find(answer, "sasl:not-authorized") is not None for answer, _ in results)
    assert min(took for _, took in results) < AT_ONCE, results
    # More at once: each waits for the one before.
    results = await asyncio.gather(*(guess(t, "juliet", 3 + number) for number in range(2)))
    first, second = sorted(took for _, took in results)
    assert first > 0.95 and second > 2.95, results
    took = [await log_in(t, name) for name in ("romeo", "tybalt", "nurse")]
    assert min(took) < AT_ONCE, took
    refusing.cancel()


run(scenario)
