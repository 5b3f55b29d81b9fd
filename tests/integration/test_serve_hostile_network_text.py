# SPDX-License-Identifier: MIT
"""What a network sends cannot break a client's stream: control characters, broken UTF-8, mark-up, huge texts."""

from lib.raw_client import text_of
from lib.scenario import run


async def scenario(t):
    await t.serve(announce="[features]|muc=1")
    client = await t.raw_user("romeo")
    romeo = "romeo@localhost"
    await client.ask(None, "<query xmlns='jabber:iq:roster'/>")
    t.backend.message(romeo, "juliet", b"a\x01b\x08\xff\xfec\xed\xa0\x80d ]]> <&>\"'")
    body = text_of(await client.expect("message[@type='chat']/body"), "body")
    assert body.startswith("ab") and body.endswith("d ]]> <&>\"'"), ascii(body)
    evil = b"</presence></stream:stream><img src='x'\x00 onerror=alert(1)>\x1b[31m\xf0\x9f\x98\x80\xc0\xaf"
    t.backend.send("BUDDY_CHANGED", user=romeo, buddy=b"ev\x02il\xff", alias=evil, group=[evil], status=0,
                   status_message=evil, icon_hash=evil)
    await client.expect("presence[not(@type)]/status")
    t.backend.send("ROOM_LIST", room=[b"#\x03x\xff", b"\xff\xff"], name=[evil, evil])
    t.backend.message(romeo, b"\xff\x00/\x01@'\"&<>", b"from nowhere")
    t.backend.message(romeo, "juliet", "x" * 300000)
    t.backend.message(romeo, "juliet", "plain", xhtml="<p><script>alert(1)</script><b onclick='x'>b</b><unclosed>")
    plain = await client.expect("message[body='plain']")
    assert plain.find(".//{http://www.w3.org/1999/xhtml}script") is None
    assert not [e for e in plain.iter() if e.get("onclick")]
    # A refusal reaches who is not logged in yet.
    stranger = t.raw_client("stranger")
    await stranger.connect()
    await stranger.open()
    stranger.send("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AGp1bGlldAB3cm9uZw==</auth>")
    await t.backend.expect("LOGIN", user="juliet@localhost")
    t.backend.send("DISCONNECTED", user="juliet@localhost", error=2, message=evil)
    await stranger.expect("sasl:failure/sasl:not-authorized")
    t.backend.message(romeo, "juliet", "after all")
    await client.expect("message[body='after all']")
    assert client.broken is None and stranger.broken is None, (client.broken, stranger.broken)


run(scenario)
