# SPDX-License-Identifier: MIT
"""The rooms of who stays connected: he is in them without a client, and hears what was said when he enters again."""

from lib import bystander
from lib.component_host import text_of
from lib.rooms import join
from lib.scenario import AVAILABLE, run

USER = "romeo@localhost"
FULL = f"{USER}/orchard"
ROOM = "#verona@irc.localhost"
MUC = "http://jabber.org/protocol/muc"


async def come_back(t, history=""):
    await bystander.hears(t)
    t.host.send(f"<presence from='{FULL}' to='irc.localhost'/>")
    await t.host.expect(AVAILABLE.format("irc.localhost", FULL))
    t.host.inbox.items.clear()
    t.host.send(f"<presence from='{FULL}' to='{ROOM}/montague'><x xmlns='{MUC}'>{history}</x></presence>")
    await t.host.expect(f"message[@from='{ROOM}/juliet'][@type='groupchat']/subject", "message[subject='Ball']")
    return list(t.host.inbox.items)


async def go(t):
    """As a server says it when the client goes: to everything it had sent presence to, in some order."""
    t.host.send(f"<presence type='unavailable' from='{FULL}' to='{ROOM}/montague'/>"
                f"<presence type='unavailable' from='{FULL}' to='irc.localhost'/>")
    await t.host.expect(f"presence[@type='unavailable'][@from='irc.localhost'][@to='{FULL}']")


def say(t, *words):
    for word in words:
        t.backend.message(USER, "#verona", word, nickname="juliet")


async def scenario(t):
    await t.scripted({"settings.stay_connected": 1}, announce="[features]|muc=1")
    await bystander.enter(t)
    await t.enter()
    await join(t, "#verona", others=["juliet"])
    t.backend.send("ROOM_SUBJECT_CHANGED", user=USER, buddy="#verona", nickname="juliet", message="Ball")
    await t.host.expect("message[subject='Ball']")

    await go(t)
    say(t, "one", "two")
    t.backend.participant(USER, "#verona", "nurse")
    before = await come_back(t)
    order = [s.get("from").split("/")[1] if s.tag.endswith("presence") else text_of(s, "{*}body") for s in before]
    assert sorted(order[:2]) == ["juliet", "nurse"] and order[2:] == ["montague", "one", "two"], order
    assert before[3].find("{urn:xmpp:delay}delay").get("from") == ROOM
    t.backend.refute("LEAVE_ROOM")
    t.backend.refute("JOIN_ROOM")

    # XEP-0045, section 7.2.14
    await go(t)
    say(t, "three", "four", "five")
    before = await come_back(t, "<history maxstanzas='1'/>")
    assert [text_of(s, "{*}body") for s in before if s.tag.endswith("message")] == ["five"]
    await go(t)
    say(t, "six")
    before = await come_back(t, "<history maxchars='0'/>")
    assert not [s for s in before if s.tag.endswith("message")]

    # Who leaves the room alone leaves it.
    t.host.send(f"<presence type='unavailable' from='{FULL}' to='{ROOM}/montague'/>")
    await t.backend.expect("LEAVE_ROOM", room="#verona")


run(scenario)
