# SPDX-License-Identifier: MIT
"""Nick changes of others, of the user and by the network are shown as XEP-0045 says."""

from lib.rooms import join
from lib.scenario import run


async def scenario(t):
    await t.scripted(announce="[features]|muc=1")
    await t.enter()
    romeo, room = "romeo@localhost", "#verona@irc.localhost"
    await join(t, "#verona", others=["juliet"])
    t.backend.participant(romeo, "#verona", "juliet", newname="jule")
    await t.host.expect(f"presence[@from='{room}/juliet'][@type='unavailable']",
                        "presence/mucuser:x/mucuser:status[@code='303']",
                        "presence/mucuser:x/mucuser:item[@nick='jule']")
    await t.host.expect(f"presence[@from='{room}/jule'][not(@type)]")
    # By the user: presence to another nick of the same room.
    t.host.send(f"<presence from='{romeo}/orchard' to='{room}/roma'/>")
    frame = await t.backend.expect("JOIN_ROOM", room="#verona", nickname="roma")
    t.backend.participant(romeo, "#verona", "montague", flag=16, newname="roma")
    await t.host.expect(f"presence[@from='{room}/montague'][@type='unavailable']",
                        "presence/mucuser:x/mucuser:status[@code='303']", "presence/mucuser:x/mucuser:status[@code='110']")
    await t.host.expect(f"presence[@from='{room}/roma'][not(@type)]", "presence/mucuser:x/mucuser:status[@code='110']")


run(scenario)
