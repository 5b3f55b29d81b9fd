# SPDX-License-Identifier: MIT
"""XHTML of a network arrives as well-formed XHTML-IM, or not at all."""

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
    await t.host.sync()
    assert len(t.host.links) == 1


run(scenario)
