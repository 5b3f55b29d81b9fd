# SPDX-License-Identifier: MIT
"""A client that binds the resource of another one of its user takes its place; the other stream ends with conflict."""

from lib.scenario import run


async def scenario(t):
    await t.serve()
    first = await t.raw_user("romeo", "orchard")
    second = await t.raw_user("romeo", "orchard")
    await first.expect_end("conflict")
    assert second.jid == "romeo@localhost/orchard"
    await second.sync()
    t.backend.message("romeo@localhost", "juliet", "here?")
    await second.expect("message[body='here?']")
    t.backend.refute("LOGOUT")


run(scenario)
