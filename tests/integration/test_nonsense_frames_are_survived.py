# SPDX-License-Identifier: MIT
"""Unknown types, unreadable payloads, unknown users and broken configuration harm nobody."""

from lib import wire
from lib.scenario import run


async def scenario(t):
    await t.scripted()
    await t.enter()
    romeo = "romeo@localhost"
    t.backend.send_bytes(wire.frame(99, b"what") + wire.frame(24, b"") + wire.frame("CONV_MESSAGE", b"\xff\xff\xff"))
    t.backend.send_bytes(wire.frame("BUDDY_CHANGED", b"\x0a\x05ab") + wire.frame("CONNECTED") + wire.frame("API_VERSION", b"\x08\x01"))
    t.backend.message("nobody@localhost", "juliet", "to nobody")
    t.backend.send("DISCONNECTED", user="nobody@localhost", error=1, message="x")
    t.backend.participant(romeo, "#nowhere", "juliet")
    t.backend.send("BACKEND_CONFIG", config="[[[\x01=\n=====\nfeatures.muc")
    t.backend.send("VCARD", user=romeo, buddy="x", id=12345, fullname="late")
    t.backend.send("CONV_MESSAGE", user=romeo, buddy="juliet", message="bad time", timestamp="yesterday")
    await t.host.expect("message[body='bad time']")
    t.backend.message(romeo, "juliet", "fine")
    await t.host.expect("message[body='fine']")
    assert not t.backend.closed


run(scenario)
