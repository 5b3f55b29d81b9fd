# SPDX-License-Identifier: MIT
"""A room without a subject says so with an empty subject after the own presence."""

from lib.rooms import join
from lib.scenario import run


async def scenario(t):
    await t.scripted(announce="[features]|muc=1")
    await t.enter()
    await join(t, "#verona")
    message = await t.host.expect("message[@type='groupchat']/subject")
    assert (message.findtext("{jabber:component:accept}subject") or "") == ""
    assert message.find("{jabber:component:accept}body") is None


run(scenario)
