# SPDX-License-Identifier: MIT
"""A client whose connection breaks is gone for the gateway too; the user stays as long as another one is there, and is
logged out after the last."""

from lib.people import GATEWAY, register, wait_for_gateway
from lib.scenario import run

USER = "romeo@localhost"


async def scenario(t):
    await t.half_real()
    desk, phone = [await t.xmpp_user("romeo", resource) for resource in ("desk", "phone")]
    await wait_for_gateway(desk)
    await register(desk, "montague")
    for client in (desk, phone):
        client.say("<presence/>")
        client.say(f"<presence to='{GATEWAY}'/>")
    await t.backend.expect("LOGIN", user=USER)
    t.backend.connected(USER)
    for client in (desk, phone):
        await client.expect(f"presence[@from='{GATEWAY}'][@to='{client.boundjid.full}'][not(@type)]")
    desk.say("<message type='chat' to='juliet@irc.localhost'><body>I am at my desk</body></message>")
    assert (await t.backend.expect("CONV_MESSAGE")).message == "I am at my desk"
    desk.abort()
    # The conversation was with the desk; the server knows that it is gone, so the phone hears the answer.
    await phone.expect(f"presence[@from='{USER}/desk'][@type='unavailable']")
    await phone.ask(GATEWAY, "<ping xmlns='urn:xmpp:ping'/>")
    t.backend.message(USER, "juliet", "are you still there?")
    await phone.expect("message[@type='chat'][body='are you still there?']")
    t.backend.refute("LOGOUT")
    phone.abort()
    await t.backend.expect("LOGOUT", user=USER)


run(scenario)
