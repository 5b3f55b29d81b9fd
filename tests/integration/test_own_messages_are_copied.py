# SPDX-License-Identifier: MIT
"""Own messages from other clients of the network: a copy for each session where the server grants messages (XEP-0356),
in its version; nothing, and one line of the log, where it does not."""

from lib.component_host import show
from lib.scenario import run

FORWARD = "{urn:xmpp:forward:0}forwarded/client:message"
GRANT = ("<message from='localhost' to='irc.localhost'><privilege xmlns='urn:xmpp:privilege:{}'>"
         "<perm access='message' type='outgoing'/></privilege></message>")


async def scenario(t):
    await t.scripted()
    await t.enter()
    romeo = "romeo@localhost"
    for text in "Soft", "Hark":
        t.backend.message(romeo, "juliet", text, carbon=True)
    await t.gateway.wait_log("cannot be shown")
    t.backend.message(romeo, "juliet", "mine")
    await t.host.expect("message[body='mine']")
    t.host.refute("message/{urn:xmpp:privilege:1}privilege")
    t.host.refute("message/{urn:xmpp:privilege:2}privilege")
    t.host.refute("message")
    assert t.gateway.log().count("cannot be shown") == 1
    t.host.send(f"<presence from='{romeo}/balcony' to='{t.host.jid}'/>")
    for version in 1, 2:
        t.host.send(GRANT.format(version))
        await t.host.sync()
        t.backend.message(romeo, "juliet", "It is the east", carbon=True, id="n7", timestamp="20240102T030405")
        for resource in "orchard", "balcony":
            message = await t.host.expect(f"message[@to='localhost']/{{urn:xmpp:privilege:{version}}}privilege/{FORWARD}"
                                          f"[@to='{romeo}/{resource}']/{{urn:xmpp:carbons:2}}sent/{FORWARD}")
            assert message.get("from") == t.host.jid, show(message)
            outer, inner = message.findall(".//{jabber:client}message")
            assert (outer.get("from"), outer.get("type")) == (romeo, "chat")
            assert [child.tag for child in outer][1:] == ["{urn:xmpp:hints}no-copy", "{urn:xmpp:carbons:2}private"]
            assert (inner.get("from"), inner.get("to"), inner.get("type"), inner.get("id")) == (
                romeo, "juliet@irc.localhost", "chat", "n7")
            assert [child.tag for child in inner] == ["{jabber:client}body", "{urn:xmpp:delay}delay"], show(inner)
            assert inner[0].text == "It is the east"


run(scenario)
