# SPDX-License-Identifier: MIT
"""Without service.enable_xhtml formatted text of a network is not passed on, nor said to be known."""

from lib.component_host import find
from lib.scenario import run


async def scenario(t):
    await t.scripted(config={"service.enable_xhtml": "0"})
    await t.enter()
    t.backend.message("romeo@localhost", "juliet", "a bold word", xhtml="a <strong>bold</strong> word")
    message = await t.host.expect("message[body='a bold word']")
    assert find(message, "xhtmlim:html") is None
    answer = await t.host.ask("juliet@irc.localhost/bot", "<query xmlns='http://jabber.org/protocol/disco#info'/>")
    assert find(answer, "info:query/info:feature[@var='http://jabber.org/protocol/xhtml-im']") is None


run(scenario)
