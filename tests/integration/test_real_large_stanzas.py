# SPDX-License-Identifier: MIT
"""What networks say at any length goes through the real server, cut where it must be, and never costs the link."""

import base64

from lib.people import GATEWAY, register, wait_for_gateway
from lib.scenario import run
from lib.waiting import until
from lib.xmpp_client import find, text_of

USER = "romeo@localhost"


async def scenario(t):
    await t.half_real(announce="[features]|muc=1")
    romeo = await t.xmpp_user("romeo")
    await wait_for_gateway(romeo)
    await register(romeo, "montague")
    romeo.say("<presence/>")
    romeo.say(f"<presence to='{GATEWAY}'/>")
    await t.backend.expect("LOGIN", user=USER)
    t.backend.connected(USER)
    await romeo.expect(f"presence[@from='{GATEWAY}'][not(@type)]")
    # One character becomes six on the wire.
    t.backend.message(USER, "juliet", "begin " + '"' * 400000)
    message = await romeo.expect("message[@type='chat']/body")
    assert text_of(message, "body").startswith('begin """""')
    # A picture as large as one is passed on.
    photo = bytes(range(256)) * 1024
    romeo.say("<iq type='get' id='v' to='juliet@irc.localhost'><vCard xmlns='vcard-temp'/></iq>")
    asked = await t.backend.expect("VCARD", buddy="juliet")
    t.backend.send("VCARD", user=USER, buddy="juliet", id=asked.id, fullname="Juliet", photo=photo)
    card = await romeo.expect("iq[@id='v'][@type='result']")
    assert base64.b64decode(find(card, "vcard:vCard/vcard:PHOTO/vcard:BINVAL").text) == photo
    # A long list of rooms, with long names.
    t.backend.send("ROOM_LIST", user=USER, room=[f"room{n}" for n in range(3000)], name=["&" * 200] * 3000)

    async def listed():
        answer = await romeo.ask(GATEWAY, "<query xmlns='http://jabber.org/protocol/disco#items'/>")
        return answer.get("type") == "result" and len(answer[0]) >= 100

    await until(listed, "a long list of rooms")
    # And still the same link.
    t.backend.message(USER, "juliet", "end")
    await romeo.expect("message[@type='chat'][body='end']")
    assert t.gateway.log().count("is up as") == 1


run(scenario)
