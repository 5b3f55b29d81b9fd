# SPDX-License-Identifier: MIT
"""A client that says it is inactive (XEP-0352) gets words at once, the presences of before with them, and of each
contact the newest only; who types is not told."""

from lib import wire
from lib.scenario import run


async def scenario(t):
    await t.serve()
    phone = await t.raw_user("romeo", "phone")
    await phone.expect("presence[@from='romeo@localhost/phone']")
    t.backend.buddy("romeo@localhost", "juliet", status=wire.ONLINE)
    await phone.expect("presence[@from='juliet@localhost/bot'][not(@type)]")
    phone.send("<inactive xmlns='urn:xmpp:csi:0'/>")
    await phone.sync()
    t.backend.buddy("romeo@localhost", "juliet", status=wire.AWAY, status_message="a")
    t.backend.send("BUDDY_TYPING", user="romeo@localhost", buddy="juliet")
    t.backend.buddy("romeo@localhost", "juliet", status=wire.AWAY, status_message="b")
    t.backend.message("romeo@localhost", "juliet", "hi")
    await phone.expect("message[body='hi']")
    await phone.expect("presence[show='away'][status='b']")
    heard = b"".join(data for way, data in phone.traffic if way == "<")
    assert heard.index(b"<status>b<") < heard.index(b"<body>hi<"), heard
    assert b"<status>a<" not in heard and b"<composing" not in heard, heard
    t.backend.buddy("romeo@localhost", "juliet", status=wire.ONLINE)
    t.backend.buddy("romeo@localhost", "juliet", status=wire.DND)
    phone.send("<active xmlns='urn:xmpp:csi:0'/>")
    await phone.expect("presence[@from='juliet@localhost/bot'][show='dnd']")


run(scenario)
