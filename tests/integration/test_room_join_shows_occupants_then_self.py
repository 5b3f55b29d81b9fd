# SPDX-License-Identifier: MIT
"""Entering a room: occupants first, then the own presence with 110, then the subject."""

from lib.component_host import find
from lib.scenario import run


async def scenario(t):
    await t.scripted(announce="[features]|muc=1")
    await t.enter()
    romeo, room = "romeo@localhost", "#verona@irc.localhost"
    t.host.send(f"<presence from='{romeo}/orchard' to='{room}/montague'><x xmlns='http://jabber.org/protocol/muc'>"
                "<history maxstanzas='0'/><password>open</password></x></presence>")
    frame = await t.backend.expect("JOIN_ROOM", user=romeo)
    assert (frame.room, frame.nickname, frame.password) == ("#verona", "montague", "open"), frame
    t.backend.participant(romeo, "#verona", "juliet", flag=1)
    t.backend.participant(romeo, "#verona", "paris", status=1)
    t.backend.participant(romeo, "#verona", "montague", flag=16)
    t.backend.send("ROOM_SUBJECT_CHANGED", user=romeo, buddy="#verona", message="Balconies", nickname="juliet")
    juliet = await t.host.expect(f"presence[@from='{room}/juliet'][@to='{romeo}/orchard']")
    item = find(juliet, "mucuser:x/mucuser:item")
    assert item.get("role") == "moderator" and item.get("affiliation") in ("admin", "owner"), item.attrib
    assert find(juliet, "mucuser:x/mucuser:status[@code='110']") is None
    paris = await t.host.expect(f"presence[@from='{room}/paris'][show='away']")
    assert find(paris, "mucuser:x/mucuser:item").get("role") == "participant"
    await t.host.expect(f"presence[@from='{room}/montague']", "presence/mucuser:x/mucuser:status[@code='110']")
    subject = await t.host.expect("message[@type='groupchat'][subject='Balconies']")
    assert subject.get("from") == f"{room}/juliet"
    text = b"".join(data for way, data in t.host.traffic if way == "<").decode()
    places = [text.index(f"{room}/{nick}") for nick in ("juliet", "paris", "montague")]
    assert places == sorted(places), places


run(scenario)
