# SPDX-License-Identifier: MIT
"""Leaving tells the network; kick and ban show their codes and reason."""

from lib import wire
from lib.rooms import join
from lib.scenario import run


async def scenario(t):
    await t.scripted(announce="[features]|muc=1")
    await t.enter()
    romeo, room = "romeo@localhost", "#verona@irc.localhost"
    await join(t, "#verona", others=["juliet", "paris"])
    t.backend.participant(romeo, "#verona", "paris", flag=wire.KICKED, status=wire.NONE, status_message="manners")
    await t.host.expect(f"presence[@from='{room}/paris'][@type='unavailable']",
                        "presence/mucuser:x/mucuser:status[@code='307']", "presence/mucuser:x/mucuser:item[@role='none']")
    t.host.send(f"<presence type='unavailable' from='{romeo}/orchard' to='{room}/montague'/>")
    assert (await t.backend.expect("LEAVE_ROOM")).room == "#verona"
    await t.host.expect(f"presence[@from='{room}/montague'][@type='unavailable']",
                        "presence/mucuser:x/mucuser:status[@code='110']")
    await join(t, "#verona")
    t.backend.participant(romeo, "#verona", "montague", flag=wire.BANNED | wire.ME, status=wire.NONE, status_message="out")
    await t.host.expect(f"presence[@from='{room}/montague'][@type='unavailable']",
                        "presence/mucuser:x/mucuser:status[@code='301']", "presence/mucuser:x/mucuser:status[@code='110']")


run(scenario)
