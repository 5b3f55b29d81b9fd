# SPDX-License-Identifier: MIT
"""Control characters, broken UTF-8 and huge texts of the network reach users clean; the link stays."""

from lib.scenario import run


async def scenario(t):
    await t.scripted(announce="[features]|muc=1")
    await t.enter()
    romeo = "romeo@localhost"
    t.backend.message(romeo, "juliet", b"a\x01b\x08\xff\xfec\xed\xa0\x80d ]]> <&>\"'")
    message = await t.host.expect("message[@type='chat']/body")
    body = message.findtext("{jabber:component:accept}body")
    assert body.startswith("ab") and body.endswith("d ]]> <&>\"'"), ascii(body)
    evil = b"<img src='x'\x00 onerror=alert(1)>\x1b[31m\xf0\x9f\x98\x80\xc0\xaf"
    t.backend.send("BUDDY_CHANGED", user=romeo, buddy=b"ev\x02il\xff", alias=evil, status=0, status_message=evil, icon_hash=evil)
    await t.host.expect("presence[not(@type)]/status")
    t.backend.send("ROOM_LIST", room=[b"#\x03x\xff", b"\xff\xff"], name=[evil, evil])
    t.backend.message(romeo, b"\xff\x00/\x01@'\"&<>", b"from nowhere")
    t.backend.message(romeo, "juliet", "x" * 300000)
    t.backend.message(romeo, "juliet", "plain", xhtml="<p><script>alert(1)</script><b onclick='x'>bold</b><unclosed>")
    plain = await t.host.expect("message[body='plain']")
    assert plain.find(".//{http://www.w3.org/1999/xhtml}script") is None
    assert not [e for e in plain.iter() if e.get("onclick")]
    t.backend.message(romeo, "juliet", "after all")
    await t.host.expect("message[body='after all']")
    assert len(t.host.links) == 1, "the link was lost"
    assert not t.host.broken, t.host.broken


run(scenario)
