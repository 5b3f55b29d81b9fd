# SPDX-License-Identifier: MIT
"""The password of an IRC server is the user's password: a wrong one is refused with the words of the server."""

from lib.raw_client import text_of
from lib.scenario import run


async def scenario(t):
    await t.serve_irc({"service.irc_send_pass": 1}, password="sesame")
    client = t.raw_client("romeo")
    await client.connect()
    await client.open()
    failure = await client.authenticate("romeo", "guessed")
    assert failure.tag.endswith("failure") and failure[0].tag.endswith("}not-authorized"), failure[0].tag
    assert text_of(failure, "sasl:text"), "the words of the server are missing"
    romeo = await t.served_user("romeo", password="sesame")
    assert romeo.boundjid.bare == "romeo@localhost"


run(scenario)
