#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Pictures in the formatted text of a network become files (XEP-0066), as the configuration wants them."""

import signal

from lib.component_host import text_of
from lib.scenario import run

ONE, TWO = "http://example.org/example1.png", "https://example.org/example2.png"
BODY = f"Test message {ONE} more text {TWO} final text"
XHTML = f"Test message <img src=\"{ONE}\"/> more text <img src=\"{TWO}\"/> final text"


async def scenario(t):
    await t.scripted()
    await t.enter()
    t.backend.message("romeo@localhost", "juliet", BODY, xhtml=XHTML)
    message = await t.host.expect("message/body")
    assert text_of(message, "body") == ONE
    assert [url.text for url in message.iterfind("{jabber:x:oob}x/{jabber:x:oob}url")] == [ONE]

    t.gateway.values["service.oob_split"] = 1
    t.gateway.write_config()
    t.gateway.send_signal(signal.SIGHUP)
    await t.gateway.wait_log("is reloaded")
    t.backend.message("romeo@localhost", "juliet", BODY, xhtml=XHTML)
    parts = [await t.host.expect("message/body") for _ in range(5)]
    assert [text_of(part, "body") for part in parts] == ["Test message", ONE, "more text", TWO, "final text"]
    assert [text_of(part, "oob:x/oob:url") for part in parts] == [None, ONE, None, TWO, None]
    assert len({part.get("id") for part in parts}) == 5
    within = [part.find(".//{http://www.w3.org/1999/xhtml}body") for part in parts]
    assert [part.text for part in within] == ["Test message", None, "more text", None, "final text"]
    assert [part[0].get("src") for part in within if len(part)] == [ONE, TWO]


run(scenario)
