# SPDX-License-Identifier: MIT
"""Messages of a room come from its occupants; the user's own come back by the network's reflection."""

from lib.rooms import join
from lib.scenario import run


async def scenario(t):
    await t.scripted(announce="[features]|muc=1")
    await t.enter()
    romeo, room = "romeo@localhost", "#verona@irc.localhost"
    await join(t, "#verona", others=["juliet"])
    t.backend.message(romeo, "#verona", "Good night", nickname="juliet")
    message = await t.host.expect("message[@type='groupchat'][body='Good night']")
    assert (message.get("from"), message.get("to")) == (f"{room}/juliet", f"{romeo}/orchard")
    t.host.send(f"<message type='groupchat' id='g1' from='{romeo}/orchard' to='{room}'><body>Sweet sorrow</body></message>")
    sent = await t.backend.expect("CONV_MESSAGE")
    assert (sent.buddy, sent.message) == ("#verona", "Sweet sorrow")
    t.backend.message(romeo, "#verona", "Sweet sorrow", nickname="montague")
    back = await t.host.expect("message[@type='groupchat'][body='Sweet sorrow']")
    assert back.get("from") == f"{room}/montague"
    t.host.send(f"<message type='groupchat' from='{romeo}/orchard' to='{room}'><subject>Parting</subject></message>")
    subject = await t.backend.expect("ROOM_SUBJECT_CHANGED")
    assert (subject.buddy, subject.message) == ("#verona", "Parting")
    t.backend.send("ROOM_SUBJECT_CHANGED", user=romeo, buddy="#verona", message="Parting", nickname="montague")
    await t.host.expect(f"message[@type='groupchat'][@from='{room}/montague'][subject='Parting']")


run(scenario)
