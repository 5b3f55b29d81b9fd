# SPDX-License-Identifier: MIT
"""With a backend that speaks XMPP rooms are those of the network: its presences and subject are passed on,
and shown to a session that enters later."""

import xml.etree.ElementTree as ET

from lib import wire
from lib.scenario import run

ROMEO, ROOM = "romeo@localhost", "verona%muc.capulet.lit@irc.localhost"
MUC, USER = "http://jabber.org/protocol/muc", "http://jabber.org/protocol/muc#user"


async def scenario(t):
    await t.scripted(announce="[features]|rawxml=1")
    await t.enter()
    await t.backend.expect("RAW_XML")

    def raw(text):
        t.backend.send_bytes(wire.frame("RAW_XML", text.encode()))

    def join(resource):
        t.host.send(f"<presence from='{ROMEO}/{resource}' to='{ROOM}/montague'><x xmlns='{MUC}'/></presence>")

    join("orchard")
    assert (await t.backend.expect("JOIN_ROOM")).room == "verona@muc.capulet.lit"
    entering = ET.fromstring((await t.backend.expect("RAW_XML")).payload)
    assert entering.get("to") == "verona@muc.capulet.lit/montague" and entering.find(f"{{{MUC}}}x") is not None
    raw(f"<presence from='verona@muc.capulet.lit/tybalt' to='{ROMEO}'><x xmlns='{USER}'>"
        f"<item affiliation='owner' role='moderator'/></x></presence>"
        f"<presence from='verona@muc.capulet.lit/montague' to='{ROMEO}'><x xmlns='{USER}'>"
        f"<item affiliation='none' role='participant'/><status code='110'/></x></presence>"
        f"<message type='groupchat' from='verona@muc.capulet.lit/tybalt' to='{ROMEO}'><subject>brawl</subject></message>")
    seen = [f"presence[@from='{ROOM}/tybalt'][@to='{{}}']/mucuser:x/mucuser:item[@affiliation='owner']",
            f"presence[@from='{ROOM}/montague'][@to='{{}}']/mucuser:x/mucuser:status[@code='110']",
            f"message[@type='groupchat'][@to='{{}}'][subject='brawl']"]
    for path in seen:
        await t.host.expect(path.format(f"{ROMEO}/orchard"))
    t.host.send(f"<presence from='{ROMEO}/balcony' to='irc.localhost'/>")
    join("balcony")
    for path in seen:
        await t.host.expect(path.format(f"{ROMEO}/balcony"))
    raw(f"<message type='groupchat' id='g1' from='verona@muc.capulet.lit/tybalt' to='{ROMEO}'><body>draw</body></message>")
    for resource in ("orchard", "balcony"):
        await t.host.expect(f"message[@id='g1'][@from='{ROOM}/tybalt'][@to='{ROMEO}/{resource}']")
    for resource in ("orchard", "balcony"):
        t.host.send(f"<presence type='unavailable' from='{ROMEO}/{resource}' to='{ROOM}/montague'/>")
        await t.host.expect(f"presence[@type='unavailable'][@from='{ROOM}/montague'][@to='{ROMEO}/{resource}']")
    await t.backend.expect("LEAVE_ROOM")
    leaving = ET.fromstring((await t.backend.expect("RAW_XML")).payload)
    assert (leaving.get("type"), leaving.get("to")) == ("unavailable", "verona@muc.capulet.lit/montague")


run(scenario)
