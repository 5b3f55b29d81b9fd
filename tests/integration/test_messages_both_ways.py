# SPDX-License-Identifier: MIT
"""Messages pass both ways with chat states, receipts, attention and delay, to whom wrote last."""

from lib.component_host import find
from lib.scenario import run


async def scenario(t):
    await t.scripted()
    await t.enter()
    romeo, juliet = "romeo@localhost", "juliet@irc.localhost"
    t.backend.message(romeo, "juliet", "Wherefore?")
    message = await t.host.expect("message[@type='chat'][body='Wherefore?']", "message/states:active")
    assert (message.get("from"), message.get("to")) == (f"{juliet}/bot", romeo) and message.get("id")
    t.host.send(f"<message type='chat' id='m1' from='{romeo}/orchard' to='{juliet}/bot'><body>Call me &lt;love&gt;</body>"
                "<active xmlns='http://jabber.org/protocol/chatstates'/><request xmlns='urn:xmpp:receipts'/></message>")
    sent = await t.backend.expect("CONV_MESSAGE")
    assert (sent.user, sent.buddy, sent.message, sent.id) == (romeo, "juliet", "Call me <love>", "m1"), sent
    t.backend.message(romeo, "juliet", "Soft", timestamp="20240102T030405")
    message = await t.host.expect("message[body='Soft']")
    assert message.get("to") == f"{romeo}/orchard"
    assert find(message, "delay:delay").get("stamp").startswith("2024-01-02T03:04:05")
    t.backend.send("CONV_MESSAGE_ACK", user=romeo, buddy="juliet", message="", id="m1")
    await t.host.expect("message/receipts:received[@id='m1']")
    t.backend.send("BUDDY_TYPING", user=romeo, buddy="juliet")
    await t.host.expect("message/states:composing")
    t.backend.send("BUDDY_TYPED", user=romeo, buddy="juliet")
    await t.host.expect("message/states:paused")
    for state, frame in (("composing", "BUDDY_TYPING"), ("paused", "BUDDY_TYPED"), ("active", "BUDDY_STOPPED_TYPING")):
        t.host.send(f"<message type='chat' from='{romeo}/orchard' to='{juliet}/bot'>"
                    f"<{state} xmlns='http://jabber.org/protocol/chatstates'/></message>")
        assert (await t.backend.expect(frame)).buddy == "juliet"
    t.backend.send("ATTENTION", user=romeo, buddy="juliet", message="wake up")
    await t.host.expect("message/attention:attention", "message[body='wake up']")
    t.host.send(f"<message type='headline' from='{romeo}/orchard' to='{juliet}/bot'><body>hey</body>"
                "<attention xmlns='urn:xmpp:attention:0'/></message>")
    assert (await t.backend.expect("ATTENTION")).message == "hey"


run(scenario)
