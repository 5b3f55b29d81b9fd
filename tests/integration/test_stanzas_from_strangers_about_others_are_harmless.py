# SPDX-License-Identifier: MIT
"""Odd addresses, types and payloads are answered or ignored, never fatal."""

from lib.scenario import run


async def scenario(t):
    await t.scripted(announce="[features]|muc=1")
    await t.enter()
    odd = [
        "<presence from='romeo@localhost/orchard' to='@irc.localhost'/>",
        "<presence to='irc.localhost'/>",
        "<presence from='' to='irc.localhost'/>",
        "<presence from='romeo@localhost/orchard' to='irc.localhost' type='nonsense'/>",
        "<presence from='romeo@localhost/orchard' to='irc.localhost' type='error'><error type='cancel'/></presence>",
        "<presence from='romeo@localhost/orchard' to='irc.localhost'><priority>many</priority><show>odd</show></presence>",
        "<presence from='romeo@localhost/orchard' to='#verona@irc.localhost'><x xmlns='http://jabber.org/protocol/muc'/></presence>",
        "<presence from='localhost' to='irc.localhost'/>",
        "<message from='romeo@localhost/orchard' to='irc.localhost'/>",
        "<message from='not a jid@@@' to='juliet@irc.localhost'><body>x</body></message>",
        "<message from='romeo@localhost/orchard' to='other.localhost'><body>x</body></message>",
        "<message from='romeo@localhost/orchard' to='\\20@irc.localhost'><body>x</body></message>",
        "<iq type='set' id='1' from='romeo@localhost/orchard' to='irc.localhost'><vCard xmlns='vcard-temp'>"
        "<PHOTO><BINVAL>%%%not base64%%%</BINVAL></PHOTO></vCard></iq>",
        "<iq type='set' id='2' from='romeo@localhost/orchard' to='irc.localhost'><query xmlns='jabber:iq:register'>"
        "<x xmlns='jabber:x:data' type='cancel'/></query></iq>",
        "<iq type='get' from='romeo@localhost/orchard' to='irc.localhost'><ping xmlns='urn:xmpp:ping'/></iq>",
        "<unknown xmlns='urn:example'/>",
    ]
    for stanza in odd:
        t.host.send(stanza)
        await t.host.sync()
    assert len(t.host.links) == 1, "the link was closed"
    t.backend.message("romeo@localhost", "juliet", "fine")
    await t.host.expect("message[body='fine']")


run(scenario)
