#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Markers, uploads, formatted text alone, corrections and messages that come twice, as clients send them."""

from lib.scenario import run

UPLOAD = "https://upload.localhost/1/cat.png"


async def scenario(t):
    await t.scripted(announce="[features]|receipts=1")
    await t.enter()
    romeo, juliet = "romeo@localhost", "juliet@irc.localhost"

    def say(inside, id_, type_="chat", resource="orchard"):
        t.host.send(f"<message type='{type_}' id='{id_}' from='{romeo}/{resource}' to='{juliet}'>{inside}</message>")

    async def heard():
        return await t.backend.expect("CONV_MESSAGE")

    say("<body>hi</body><markable xmlns='urn:xmpp:chat-markers:0'/>", "m1")
    sent = await heard()
    assert (sent.message, sent.id) == ("hi", "m1"), sent
    t.backend.send("CONV_MESSAGE_ACK", user=romeo, buddy="juliet", message="", id="m1")
    await t.host.expect("message/receipts:received[@id='m1']")

    say(f"<body>{UPLOAD}</body><x xmlns='jabber:x:oob'><url>{UPLOAD}</url></x>", "m2")
    assert (await heard()).message == UPLOAD
    say(f"<x xmlns='jabber:x:oob'><url>{UPLOAD}</url></x>", "m3")
    assert (await heard()).message == UPLOAD
    say("<html xmlns='http://jabber.org/protocol/xhtml-im'><body xmlns='http://www.w3.org/1999/xhtml'>"
        "<p>one</p><p><em>two</em></p></body></html>", "m4", "normal")
    sent = await heard()
    assert (sent.message, sent.xhtml) == ("one\ntwo", "<p>one</p><p><em>two</em></p>"), sent
    say("<body>hello</body><replace xmlns='urn:xmpp:message-correct:0' id='m1'/>", "m5", "headline")
    assert (await heard()).message == "hello"

    # Sent again after a lost stream, from a new one.
    say("<body>hello</body><replace xmlns='urn:xmpp:message-correct:0' id='m1'/>", "m5", resource="balcony")
    for n, quiet in enumerate((
            "<displayed xmlns='urn:xmpp:chat-markers:0' id='x'/>", "<received xmlns='urn:xmpp:receipts' id='x'/>",
            "<reactions xmlns='urn:xmpp:reactions:0' id='x'><reaction>!</reaction></reactions>",
            "<retract xmlns='urn:xmpp:message-retract:1' id='x'/><store xmlns='urn:xmpp:hints'/>")):
        say(quiet, f"q{n}")
    say("<body>bye</body>", "m6")
    assert (await heard()).message == "bye"
    await t.host.sync()
    t.host.refute("message[@type='error']")


run(scenario)
