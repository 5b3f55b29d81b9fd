# SPDX-License-Identifier: MIT
"""A client whose network goes while somebody writes to it misses nothing and gets nothing twice (XEP-0198)."""

from lib.raw_client import text_of
from lib.scenario import run

COUNT = 50


async def scenario(t):
    await t.serve()
    phone = await t.raw_user("romeo", "phone")
    enabled = await phone.enable()
    assert enabled.get("resume") == "true" and enabled.get("max") == "600", enabled.attrib
    assert (await phone.enable()).find("{*}unexpected-request") is not None
    for n in range(COUNT // 2):
        t.backend.message("romeo@localhost", "juliet", f"{n}")
    # The client asks for what we have, and is asked what it has.
    phone.send("<message to='juliet@localhost' type='chat'><body>hi</body></message><r xmlns='urn:xmpp:sm:3'/>")
    assert (await phone.expect("sm:a")).get("h") == "1"
    await phone.expect("sm:r")
    got = [text_of(await phone.expect("message[@type='chat']/body", "message"), "body") for _ in range(10)]
    phone.stop_reading()
    phone.abort()
    for n in range(COUNT // 2, COUNT):
        t.backend.message("romeo@localhost", "juliet", f"{n}")
    t.backend.refute("LOGOUT")
    again = t.raw_client("again")
    await again.connect()
    await again.open()
    await again.authenticate("romeo")
    resumed = await again.resume(enabled.get("id"), 10)
    assert resumed.tag.endswith("}resumed"), resumed.tag
    assert resumed.get("previd") == enabled.get("id") and resumed.get("h") == "1", resumed.attrib
    got += [text_of(await again.expect("message[@type='chat']/body", "message"), "body") for _ in range(COUNT - 10)]
    assert got == [str(n) for n in range(COUNT)], got
    await again.sync()
    again.refute("message")
    # It is the same resource as before, and goes on.
    t.backend.refute("LOGOUT")
    t.backend.message("romeo@localhost", "juliet", "more")
    await again.expect("message[@to='romeo@localhost/phone'][body='more']", "message/body")


run(scenario)
