# SPDX-License-Identifier: MIT
"""When a backend dies its users move to another and their rooms are entered again."""

from lib.rooms import join
from lib.scenario import run


async def scenario(t):
    await t.scripted(announce="[features]|muc=1")
    await t.enter()
    await join(t, "#verona", others=["juliet"])
    t.backend.order(do="exit", code=3)
    second = await t.backends.wait(2)
    await second.expect("LOGIN", user="romeo@localhost")
    second.connected("romeo@localhost")
    frame = await second.expect("JOIN_ROOM", room="#verona")
    assert frame.nickname == "montague"
    second.participant("romeo@localhost", "#verona", "montague", flag=16)
    await t.host.expect("presence[@from='#verona@irc.localhost/montague']", "presence/mucuser:x/mucuser:status[@code='110']")
    await t.gateway.wait_log(r"(?i)backend.*(exit code|code|status).*3")


run(scenario)
