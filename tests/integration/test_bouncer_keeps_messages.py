# SPDX-License-Identifier: MIT
"""Who stays connected is on the network without a client; what is said meanwhile waits, in order, with its time."""

from lib import bystander
from lib.component_host import text_of
from lib.scenario import AVAILABLE, run

USER = "romeo@localhost"


async def scenario(t):
    await t.scripted({"settings.stay_connected": 1})
    await bystander.enter(t)
    await t.enter()
    t.host.send(f"<presence type='unavailable' from='{USER}/orchard' to='irc.localhost'/>")
    await t.host.expect(f"presence[@type='unavailable'][@from='irc.localhost'][@to='{USER}/orchard']")
    t.backend.message(USER, "juliet", "one", timestamp="20260101T100000")
    t.backend.send("BUDDY_TYPING", user=USER, buddy="juliet")
    t.backend.message(USER, "nurse", "two")
    t.backend.message(USER, "juliet", "three", id="m3")
    await bystander.hears(t)
    t.host.refute("message")
    t.backend.refute("LOGOUT")
    t.host.send(f"<presence from='{USER}/balcony' to='irc.localhost'/>")
    await t.host.expect(AVAILABLE.format("irc.localhost", f"{USER}/balcony"))
    t.backend.message(USER, "juliet", "four")
    seen = [await t.host.expect(f"message[@to='{USER}'][@type='chat']/body", "message") for _ in range(4)]
    assert [text_of(s, "{*}body") for s in seen] == ["one", "two", "three", "four"], seen
    assert seen[0].get("from") == "juliet@irc.localhost/bot"
    delay = seen[0].find("{urn:xmpp:delay}delay")
    assert delay.get("stamp") == "2026-01-01T10:00:00Z", delay.attrib
    assert all(s.find("{urn:xmpp:delay}delay") is not None for s in seen[:3])
    assert seen[2].get("id") == "m3"
    t.host.refute("message/states:composing")
    t.backend.message(USER, "juliet", "live")
    live = await t.host.expect("message[body='live']")
    assert live.find("{urn:xmpp:delay}delay") is None


run(scenario)
