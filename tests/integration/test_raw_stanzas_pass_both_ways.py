# SPDX-License-Identifier: MIT
"""With a backend that speaks XMPP (features.rawxml) stanzas pass both ways as they are, but for their
addresses; they may come in pieces, and only for users of that backend."""

import asyncio
import xml.etree.ElementTree as ET

from lib import wire
from lib.scenario import run

ROMEO, JULIET = "romeo@localhost", "juliet\\40capulet.lit@irc.localhost"


def raw(t, text):
    t.backend.send_bytes(wire.frame("RAW_XML", text.encode()))


async def heard(t):
    return ET.fromstring((await t.backend.expect("RAW_XML")).payload)


async def scenario(t):
    await t.scripted(announce="[features]|rawxml=1")
    await t.enter()
    assert (await heard(t)).attrib == {"from": f"{ROMEO}/orchard"}

    # Contacts are seen as the network shows them, not as the gateway would.
    t.backend.buddy(ROMEO, "juliet@capulet.lit", alias="Juliet")
    raw(t, f"<presence from='juliet@capulet.lit/balcony' to='{ROMEO}'><show>away</show></pres")
    raw(t, f"ence><presence from='juliet@capulet.lit/nurse' to='{ROMEO}'/>")
    await t.host.expect(f"presence[@from='{JULIET}/balcony'][@to='{ROMEO}'][show='away']")
    await t.host.expect(f"presence[@from='{JULIET}/nurse'][@to='{ROMEO}']")

    # Messages, to whom wrote last.
    t.host.send(f"<message type='chat' id='m1' from='{ROMEO}/orchard' to='{JULIET}/balcony'><body>a &lt; b</body>"
                "<x xmlns='unknown:to:us'/></message>")
    message = await heard(t)
    assert (message.get("to"), message.get("id")) == ("juliet@capulet.lit/balcony", "m1"), message.attrib
    assert message.find("body").text == "a < b" and message.find("{unknown:to:us}x") is not None
    raw(t, f"<message id='m2' type='chat' from='juliet@capulet.lit/balcony' to='{ROMEO}'><body>c</body></message>")
    await t.host.expect(f"message[@id='m2'][@from='{JULIET}/balcony'][@to='{ROMEO}/orchard'][body='c']")

    # Requests and their answers.
    asking = asyncio.create_task(t.host.ask(f"{JULIET}/balcony", "<query xmlns='jabber:iq:last'/>"))
    request = await heard(t)
    assert request.get("to") == "juliet@capulet.lit/balcony" and request.find("{jabber:iq:last}query") is not None
    raw(t, f"<iq type='result' id='{request.get('id')}' from='juliet@capulet.lit/balcony' to='{ROMEO}'>"
           "<query xmlns='jabber:iq:last' seconds='5'/></iq>")
    answer = await asking
    assert (answer.get("from"), answer.get("to")) == (f"{JULIET}/balcony", f"{ROMEO}/orchard"), answer.attrib
    assert answer.find("{jabber:iq:last}query").get("seconds") == "5"

    # What is no XML, and what is for somebody else, harms nobody.
    raw(t, "</oops>")
    raw(t, "<message from='juliet@capulet.lit' to='mercutio@localhost'><body>psst</body></message>")
    raw(t, f"<message id='m3' from='juliet@capulet.lit/balcony' to='{ROMEO}'><body>d</body></message>")
    await t.host.expect("message[@id='m3']")
    t.host.refute("message[body='psst']")

    # All of a contact's resources are told to be gone.
    t.host.send(f"<presence type='unavailable' from='{ROMEO}/orchard' to='irc.localhost'/>")
    for resource in ("balcony", "nurse"):
        await t.host.expect(f"presence[@type='unavailable'][@from='{JULIET}/{resource}'][@to='{ROMEO}/orchard']")
    t.host.refute(f"presence[@from='{JULIET}/bot']")


run(scenario)
