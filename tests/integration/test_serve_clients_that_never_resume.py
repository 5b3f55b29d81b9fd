# SPDX-License-Identifier: MIT
"""A client that could resume but logs in anew each time finds room: of what it left behind the oldest goes."""

from lib.scenario import run


async def scenario(t):
    await t.serve()
    for n in range(35):  # over RESOURCES_MAX
        client = await t.raw_user("romeo", f"r{n}", presence=None)
        await client.enable()
        client.abort()
        await client.wait_closed()
    last = await t.raw_user("romeo", "last")
    await last.sync()


run(scenario)
