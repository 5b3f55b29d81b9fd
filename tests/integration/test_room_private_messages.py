# SPDX-License-Identifier: MIT
"""A private message through a room comes from and goes to the occupant."""

from lib.rooms import join
from lib.scenario import run


async def scenario(t):
    await t.scripted(announce="[features]|muc=1")
    await t.enter()
    romeo, room = "romeo@localhost", "#verona@irc.localhost"
    await join(t, "#verona", others=["juliet"])
    t.backend.message(romeo, "#verona", "psst", nickname="juliet", pm=1)
    message = await t.host.expect("message[@type='chat'][body='psst']")
    assert message.get("from") == f"{room}/juliet"
    t.host.send(f"<message type='chat' from='{romeo}/orchard' to='{room}/juliet'><body>I hear</body>"
                "<x xmlns='http://jabber.org/protocol/muc#user'/></message>")
    sent = await t.backend.expect("CONV_MESSAGE")
    assert (sent.buddy, sent.message) == ("#verona/juliet", "I hear"), sent
    t.host.send(f"<message type='chat' id='n1' from='{romeo}/orchard' to='{room}/nobody'><body>?</body></message>")
    await t.host.expect(f"message[@type='error'][@id='n1'][@from='{room}/nobody']")


run(scenario)
