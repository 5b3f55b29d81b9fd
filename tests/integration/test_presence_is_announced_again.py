# SPDX-License-Identifier: MIT
"""After a lost link who came and who went meanwhile is told, of contacts and of rooms; nobody enters again."""

from lib.rooms import join
from lib.scenario import AVAILABLE, run
from lib import wire

USER = "romeo@localhost"
FULL = f"{USER}/orchard"


async def scenario(t):
    await t.scripted(announce="[features]|muc=1")
    await t.enter()
    for name in ("juliet", "nurse"):
        t.backend.buddy(USER, name)
        await t.host.expect(f"presence[@from='{name}@irc.localhost/bot'][@to='{USER}'][not(@type)]")
    await join(t, "#verona", others=["benvolio", "mercutio"])
    t.backend.send("ROOM_SUBJECT_CHANGED", user=USER, buddy="#verona", nickname="benvolio", message="Ball")
    told = await t.host.expect("message[subject='Ball']")
    t.host.inbox.items.clear()
    port = t.host.port
    t.host.server.close()
    t.host.link.close()
    await t.gateway.wait_log("link to the XMPP server .* next try")
    t.backend.buddy(USER, "nurse", status=wire.NONE)
    t.backend.participant(USER, "#verona", "mercutio", status=wire.NONE)
    t.backend.participant(USER, "#verona", "tybalt")
    t.backend.message(USER, "juliet", "are you there?")
    await t.host.start(port)
    await t.host.wait_online(2)
    await t.host.expect(AVAILABLE.format("irc.localhost", FULL))
    await t.host.expect(f"presence[@from='juliet@irc.localhost/bot'][@to='{USER}'][not(@type)]")
    await t.host.expect(f"presence[@from='nurse@irc.localhost/bot'][@to='{USER}'][@type='unavailable']")
    await t.host.expect(f"presence[@from='#verona@irc.localhost/mercutio'][@to='{FULL}'][@type='unavailable']")
    for name in ("benvolio", "tybalt"):
        await t.host.expect(f"presence[@from='#verona@irc.localhost/{name}'][@to='{FULL}'][not(@type)]")
    await t.host.expect(f"presence[@from='#verona@irc.localhost/montague'][@to='{FULL}']",
                        "presence/mucuser:x/mucuser:status[@code='110']")
    await t.host.expect("message[body='are you there?']")
    await t.host.sync(FULL)
    # What the server may have missed is sent again as it was; nothing is told anew.
    again = [s.get("id") for s in t.host.inbox.items if s.get("type") == "groupchat"]
    assert again in ([], [told.get("id")]), again
    t.backend.refute("JOIN_ROOM")


run(scenario)
