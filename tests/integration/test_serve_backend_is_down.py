# SPDX-License-Identifier: MIT
"""A login that no backend can take is a temporary failure, and so is one whose backend dies before it has answered."""

import asyncio

from lib.raw_client import text_of
from lib.scenario import run


async def scenario(t):
    await t.serve()
    client = t.raw_client("romeo")
    await client.connect()
    await client.open()
    answer = asyncio.create_task(client.authenticate("romeo"))
    await t.backend.expect("LOGIN", user="romeo@localhost")
    t.backend.order(do="exit", code=3)
    # Another backend may be asked; it dies, too.
    for number in range(2, 6):
        started = asyncio.create_task(t.backends.wait(number))
        await asyncio.wait((answer, started), return_when=asyncio.FIRST_COMPLETED)
        if answer.done():
            started.cancel()
            break
        (await started).order(do="exit", code=3)
    failure = await answer
    assert failure.tag.endswith("failure") and failure[0].tag.endswith("}temporary-auth-failure"), failure[0].tag
    assert text_of(failure, "sasl:text"), "it is not told why"


run(scenario)
