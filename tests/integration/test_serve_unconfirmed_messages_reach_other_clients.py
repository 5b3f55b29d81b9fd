# SPDX-License-Identifier: MIT
"""What a client that is gone never confirmed reaches the user's other clients, but not those that have it; who comes
back under the same name without resuming gets it too."""

from lib.raw_client import find
from lib.scenario import run

HI = "<message to='juliet@localhost' type='chat'><body>hi</body></message>"


async def phone_with(t, text):
    """The phone, which has got these words and has not confirmed them."""
    phone = await t.raw_user("romeo", "phone")
    await phone.enable()
    phone.send(HI)
    await phone.sync()
    t.backend.message("romeo@localhost", "juliet", text)
    await phone.expect(f"message[@to='romeo@localhost/phone'][body='{text}']")
    return phone


async def scenario(t):
    await t.serve({"service.resume_time": 1})
    desk = await t.raw_user("romeo", "desk")
    phone = await phone_with(t, "one")
    await desk.sync()
    desk.refute("message")
    phone.abort()
    late = await desk.expect("message[body='one'][@from='juliet@localhost/bot']")
    assert find(late, "delay:delay") is not None, late
    # A clean end is one too.
    phone = await phone_with(t, "two")
    await phone.close()
    await desk.expect("message[body='two']")
    # Who has a copy does not need it.
    assert (await desk.ask(None, "<enable xmlns='urn:xmpp:carbons:2'/>", "set")).get("type") == "result"
    phone = await phone_with(t, "three")
    await desk.expect("message/carbons:received")
    await phone.close()
    await desk.expect("presence[@from='romeo@localhost/phone'][@type='unavailable']")
    await desk.sync()
    desk.refute("message[body='three']")
    # The same name again, and nobody else.
    await desk.close()
    phone = await phone_with(t, "four")
    await phone.sync()
    again = await t.raw_user("romeo", "phone")
    await phone.expect_end("conflict")
    await again.expect("message[body='four']")
    await again.sync()
    again.refute("message")


run(scenario)
