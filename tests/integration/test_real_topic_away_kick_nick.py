# SPDX-License-Identifier: MIT
"""Between Prosody and ngircd: topic, away, nick changes, kick with its reason, a nick in use."""

from lib.people import enter_room
from lib.scenario import run


async def scenario(t):
    await t.real(config={"service.irc_away_timeout": 1})
    romeo = await t.xmpp_user("romeo")
    bob = await t.irc_user("bob", "#spectrum")
    bob.send("TOPIC #spectrum :Two gentlemen")
    await bob.expect("TOPIC", "#spectrum")
    room = "#spectrum@irc.localhost"
    muc = "<x xmlns='http://jabber.org/protocol/muc'/>"
    await enter_room(romeo, room)
    await romeo.expect(f"presence[@from='{room}/bob']", "presence/mucuser:x/mucuser:item[@role='moderator']")
    await romeo.expect("message[@type='groupchat'][subject='Two gentlemen']")
    bob.send("TOPIC #spectrum :Of Verona")
    subject = await romeo.expect("message[@type='groupchat'][subject='Of Verona']")
    assert subject.get("from") == f"{room}/bob"
    bob.send("AWAY :at dinner")
    await romeo.expect(f"presence[@from='{room}/bob'][show='away']")
    bob.send("NICK robert")
    await romeo.expect(f"presence[@from='{room}/bob'][@type='unavailable']", "presence/mucuser:x/mucuser:status[@code='303']")
    await romeo.expect(f"presence[@from='{room}/robert'][not(@type)]")
    romeo.say(f"<presence to='{room}/roma'/>")
    await bob.expect("NICK", "roma", nick="romeo")
    await romeo.expect(f"presence[@from='{room}/romeo'][@type='unavailable']", "presence/mucuser:x/mucuser:status[@code='303']")
    await romeo.expect(f"presence[@from='{room}/roma'][not(@type)]", "presence/mucuser:x/mucuser:status[@code='110']")
    romeo.say(f"<presence to='{room}/robert'/>")
    await romeo.expect(f"presence[@type='error'][@from='{room}/robert']", "presence/error/stanzas:conflict")
    bob.send("KICK #spectrum roma :mind your manners")
    kicked = await romeo.expect(f"presence[@from='{room}/roma'][@type='unavailable']",
                                "presence/mucuser:x/mucuser:status[@code='307']")
    assert "mind your manners" in (kicked.findtext(".//{http://jabber.org/protocol/muc#user}reason") or "")


run(scenario)
