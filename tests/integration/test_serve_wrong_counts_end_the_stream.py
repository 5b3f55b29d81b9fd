# SPDX-License-Identifier: MIT
"""Who confirms more than he got is told so and ended (XEP-0198, section 4); it does not lose him what he did not
get."""

from lib.raw_client import find
from lib.scenario import run


async def scenario(t):
    await t.serve()
    phone = await t.raw_user("romeo", "phone")
    desk = await t.raw_user("romeo", "desk")
    await phone.enable(resume=False)
    t.backend.message("romeo@localhost", "juliet", "one")
    await phone.expect("message[body='one']")
    await phone.expect("sm:r")
    phone.ack(1)
    await phone.sync()
    phone.ack(77)
    error = await phone.expect_end("undefined-condition")
    too_high = find(error, "sm:handled-count-too-high")
    assert too_high.attrib == {"h": "77", "send-count": "2"}, too_high.attrib
    await desk.expect("presence[@from='romeo@localhost/phone'][@type='unavailable']")
    for bad in ("<a xmlns='urn:xmpp:sm:3'/>", "<a xmlns='urn:xmpp:sm:3' h='-1'/>", "<a xmlns='urn:xmpp:sm:3' h='x'/>"):
        phone = await t.raw_user("romeo", "phone")
        await phone.enable()
        phone.send(bad)
        await phone.expect_end("policy-violation")
    await desk.sync()


run(scenario)
