# SPDX-License-Identifier: MIT
"""A network that cannot be reached, or loses the connection in the login, is a temporary failure; nothing hangs."""

from lib.raw_client import text_of
from lib.scenario import run


async def scenario(t):
    await t.serve_irc()
    await t.ngircd.stop()
    client = t.raw_client("romeo")
    await client.connect()
    await client.open()
    failure = await client.authenticate("romeo")
    assert failure.tag.endswith("failure") and failure[0].tag.endswith("}temporary-auth-failure"), failure[0].tag
    assert text_of(failure, "sasl:text"), "it is not told why"
    await t.ngircd.run()
    success = await client.authenticate("romeo")
    assert success.tag.endswith("success")
    assert await client.bind("orchard") == "romeo@localhost/orchard"


run(scenario)
