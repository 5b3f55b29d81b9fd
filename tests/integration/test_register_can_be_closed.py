# SPDX-License-Identifier: MIT
"""With public registration off only the allowed servers' users may register."""

from lib.component_host import find
from lib.scenario import run


async def scenario(t):
    await t.scripted({"registration.enable_public_registration": 0, "service.allowed_servers": ["montague.example"]})
    set_ = "<query xmlns='jabber:iq:register'><username>x</username><password>y</password></query>"
    answer = await t.host.ask("irc.localhost", set_, "set", user="tybalt@capulet.example/hall")
    assert answer.get("type") == "error" and find(answer, "error") is not None
    answer = await t.host.ask("irc.localhost", set_, "set", user="romeo@montague.example/orchard")
    assert answer.get("type") == "result"


run(scenario)
