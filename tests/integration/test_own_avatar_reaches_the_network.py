# SPDX-License-Identifier: MIT
"""A user's picture, of which his presence speaks, is fetched from his server and given to the network, once."""

import base64

from lib.scenario import run

ROMEO = "romeo@localhost"
PICTURE = b"\x89PNG\r\n\x1a\nRomeo"
VCARD = "{vcard-temp}vCard"


def presence(photo):
    return (f"<presence from='{ROMEO}/orchard' to='irc.localhost'><x xmlns='vcard-temp:x:update'>{photo}</x></presence>")


async def scenario(t):
    await t.scripted()
    t.host.answers[VCARD] = (f"<vCard xmlns='vcard-temp'><NICKNAME>Romeo</NICKNAME><PHOTO><TYPE>image/png</TYPE><BINVAL>"
                             f"{base64.b64encode(PICTURE).decode()}</BINVAL></PHOTO></vCard>")
    photo = "<photo>da39a3ee5e6b4b0d3255bfef95601890afd80709</photo>"
    await t.register()
    # Before the network is there, too.
    await t.login(presence=f"<x xmlns='vcard-temp:x:update'>{photo}</x>")
    request = await t.host.expect("iq[@type='get']/vcard:vCard")
    assert (request.get("from"), request.get("to")) == ("irc.localhost", ROMEO), request.attrib
    update = await t.backend.expect("VCARD")
    assert (update.photo, update.nickname, update.buddy or "") == (PICTURE, "Romeo", ""), update
    for again in (photo, photo, ""):
        t.host.send(presence(again))
    await t.host.sync()
    t.host.refute("iq[@type='get']/vcard:vCard")
    # The next session knows that the network has it.
    t.host.send(f"<presence type='unavailable' from='{ROMEO}/orchard' to='irc.localhost'/>")
    await t.backend.expect("LOGOUT")
    await t.login(presence=f"<x xmlns='vcard-temp:x:update'>{photo}</x>")
    await t.host.sync()
    t.host.refute("iq[@type='get']/vcard:vCard")
    t.backend.refute("VCARD")
    t.host.send(presence("<photo/>"))
    assert (await t.backend.expect("VCARD")).photo == b""


run(scenario)
