# SPDX-License-Identifier: MIT
"""The rooms of gateway mode in server mode: entering, occupants and self, subject, words, private words, nicknames,
kick, leaving."""

from lib.raw_client import find
from lib.scenario import run

USER, ROOM = "romeo@localhost", "#verona@localhost"
MUC = "<x xmlns='http://jabber.org/protocol/muc'/>"


async def scenario(t):
    await t.serve(announce="[features]|muc=1")
    romeo = await t.raw_user("romeo")
    romeo.send(f"<presence to='{ROOM}/montague'>{MUC}</presence>")
    asked = await t.backend.expect("JOIN_ROOM", user=USER)
    assert (asked.room, asked.nickname) == ("#verona", "montague"), asked
    t.backend.participant(USER, "#verona", "juliet", flag=1)
    t.backend.participant(USER, "#verona", "montague", flag=16)
    t.backend.send("ROOM_SUBJECT_CHANGED", user=USER, buddy="#verona", nickname="juliet", message="Balconies")
    other = await romeo.expect("presence", "presence/mucuser:x")
    assert other.get("from") == f"{ROOM}/juliet" and other.get("to") == romeo.jid, other.attrib
    assert find(other, "mucuser:x/mucuser:item").get("role") == "moderator"
    own = await romeo.expect("presence", "presence/mucuser:x/mucuser:status[@code='110']")
    assert own.get("from") == f"{ROOM}/montague" and own.get("to") == romeo.jid
    await romeo.expect("message[@type='groupchat'][subject='Balconies']")
    # Words of all and between two.
    t.backend.message(USER, "#verona", "hark", nickname="juliet")
    message = await romeo.expect("message[@type='groupchat'][body='hark']")
    assert (message.get("from"), message.get("to")) == (f"{ROOM}/juliet", romeo.jid)
    romeo.send(f"<message type='groupchat' to='{ROOM}' id='g1'><body>what light</body></message>")
    sent = await t.backend.expect("CONV_MESSAGE", buddy="#verona")
    assert sent.message == "what light"
    t.backend.message(USER, "#verona", "what light", nickname="montague")
    await romeo.expect(f"message[@type='groupchat'][@from='{ROOM}/montague'][body='what light']")
    t.backend.message(USER, "#verona", "psst", nickname="juliet", pm=1)
    message = await romeo.expect("message[@type='chat'][body='psst']")
    assert message.get("from") == f"{ROOM}/juliet"
    romeo.send(f"<message type='chat' to='{ROOM}/juliet'><body>yes?</body></message>")
    sent = await t.backend.expect("CONV_MESSAGE", buddy="#verona/juliet")
    assert sent.message == "yes?"
    romeo.send(f"<message type='groupchat' to='{ROOM}'><subject>Tombs</subject></message>")
    await t.backend.expect("ROOM_SUBJECT_CHANGED", message="Tombs")
    # Nicknames.
    romeo.send(f"<presence to='{ROOM}/lover'/>")
    assert (await t.backend.expect("JOIN_ROOM")).nickname == "lover"
    t.backend.participant(USER, "#verona", "montague", flag=16, newname="lover")
    t.backend.send("ROOM_NICKNAME_CHANGED", user=USER, room="#verona", nickname="lover")
    await romeo.expect(f"presence[@from='{ROOM}/montague'][@type='unavailable']",
                       "presence/mucuser:x/mucuser:status[@code='303']")
    await romeo.expect(f"presence[@from='{ROOM}/lover'][not(@type)]", "presence/mucuser:x/mucuser:status[@code='110']")
    # Somebody is kicked, then somebody goes, then the user.
    t.backend.participant(USER, "#verona", "juliet", flag=32, status=5, status_message="too loud")
    await romeo.expect(f"presence[@from='{ROOM}/juliet'][@type='unavailable']",
                       "presence/mucuser:x/mucuser:status[@code='307']")
    romeo.send(f"<presence type='unavailable' to='{ROOM}/lover'/>")
    await romeo.expect(f"presence[@from='{ROOM}/lover'][@type='unavailable']",
                       "presence/mucuser:x/mucuser:status[@code='110']")
    assert (await t.backend.expect("LEAVE_ROOM", user=USER)).room == "#verona"
    # A room that one is in goes with the client.
    romeo.send(f"<presence to='{ROOM}/montague'>{MUC}</presence>")
    await t.backend.expect("JOIN_ROOM", user=USER)
    t.backend.participant(USER, "#verona", "montague", flag=16)
    await romeo.expect("presence", "presence/mucuser:x/mucuser:status[@code='110']")
    await romeo.close()
    await t.backend.expect("LOGOUT", user=USER)


run(scenario)
