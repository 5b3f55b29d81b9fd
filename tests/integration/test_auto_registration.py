# SPDX-License-Identifier: MIT
"""With auto_register the first presence registers and logs in."""

from lib.scenario import run


async def scenario(t):
    await t.scripted({"registration.auto_register": 1})
    login = await t.login()
    assert login.password == "" and login.legacy_name


run(scenario)
