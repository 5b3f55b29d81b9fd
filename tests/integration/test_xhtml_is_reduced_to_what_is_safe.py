# SPDX-License-Identifier: MIT
"""XHTML of a network arrives as well-formed XHTML-IM, or not at all; that of a user reaches the network."""

from lib.component_host import find
from lib.scenario import run


async def scenario(t):
    await t.scripted()
    await t.enter()
    t.backend.message("romeo@localhost", "juliet", "a bold word", xhtml="a <strong>bold</strong> word")
    message = await t.host.expect("message[body='a bold word']", "message/xhtmlim:html/xhtml:body/xhtml:strong")
    assert message.findtext(".//{http://www.w3.org/1999/xhtml}strong") == "bold"
    t.backend.message("romeo@localhost", "juliet", "broken", xhtml="</body></html></message><message>")
    broken = await t.host.expect("message[body='broken']")
    assert broken.get("from") == "juliet@irc.localhost/bot"
    assert find(broken, "xhtmlim:html") is None
    t.backend.message("romeo@localhost", "juliet", "a link",
                      xhtml="<a href='javascript:x' onclick='x'>a</a>&nbsp;<a href='http://e/?a&b'>link</a><br><script>x</script>")
    body = find(await t.host.expect("message[body='a link']"), "xhtmlim:html/xhtml:body")
    assert [(e.tag.rpartition("}")[2], e.attrib) for e in body] == [("a", {"href": "http://e/?a&b"}), ("br", {})]
    assert "".join(body.itertext()) == "a\xa0link"
    t.host.send("<message type='chat' from='romeo@localhost/orchard' to='juliet@irc.localhost'><body>so bold</body>"
                "<html xmlns='http://jabber.org/protocol/xhtml-im'><body xmlns='http://www.w3.org/1999/xhtml'>"
                "<p onclick='x'>so <b>bold</b></p></body></html></message>")
    sent = await t.backend.expect("CONV_MESSAGE")
    assert (sent.message, sent.xhtml) == ("so bold", "<p>so <strong>bold</strong></p>"), sent
    answer = await t.host.ask("juliet@irc.localhost/bot", "<query xmlns='http://jabber.org/protocol/disco#info'/>")
    assert find(answer, "info:query/info:feature[@var='http://jabber.org/protocol/xhtml-im']") is not None
    await t.host.sync()
    assert len(t.host.links) == 1


run(scenario)
