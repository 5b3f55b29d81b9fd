# SPDX-License-Identifier: MIT
"""A user who stays connected: what is said while no client is there is delivered at the return, with its time, once."""

from lib.raw_client import find
from lib.scenario import run


async def scenario(t):
    await t.serve({"settings.stay_connected": 1, "database.type": "sqlite3"})
    romeo = await t.raw_user("romeo")
    await romeo.sync()
    await romeo.close()
    t.backend.message("romeo@localhost", "juliet", "are you there?", timestamp="20240102T030405")
    t.backend.message("romeo@localhost", "juliet", "well, later")
    await t.backend.sync()
    romeo = await t.raw_user("romeo", "phone")
    message = await romeo.expect("message[@type='chat'][body='are you there?']")
    assert message.get("from").startswith("juliet@localhost"), message.attrib
    assert find(message, "delay:delay").get("stamp").startswith("2024-01-02T03:04:05")
    await romeo.expect("message[body='well, later']", "message/delay:delay")
    desk = await t.raw_user("romeo", "desk")
    await desk.sync()
    desk.refute("message/body")
    t.backend.refute("LOGOUT")
    t.backend.refute("LOGIN")


run(scenario)
