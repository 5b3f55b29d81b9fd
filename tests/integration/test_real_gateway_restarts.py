# SPDX-License-Identifier: MIT
"""After a restart of the gateway those who were online are found by probes and logged in, without doing anything."""

from lib.people import GATEWAY, register, wait_for_gateway
from lib.roster_client import obey
from lib.scenario import run
from lib.waiting import until

USER = "romeo@localhost"


async def scenario(t):
    await t.half_real()
    romeo, juliet = [await t.xmpp_user(name) for name in ("romeo", "juliet")]
    for client in (romeo, juliet):
        obey(client)
        await wait_for_gateway(client)
        client.say("<presence/>")
        # The gateway becomes a contact, which is what lets it ask for presence.
        await register(client, client.boundjid.user)
        user = client.boundjid.bare
        client.say(f"<presence to='{GATEWAY}'/>")
        await t.backend.expect("LOGIN", user=user)
        t.backend.connected(user)
        await client.expect(f"presence[@from='{GATEWAY}'][not(@type)]")
    await t.gateway.stop()
    await juliet.close()  # meanwhile
    await t.gateway.run()
    backend = await t.backends.wait(2)
    await backend.expect("LOGIN", user=USER)
    backend.connected(USER)
    await romeo.expect(f"presence[@from='{GATEWAY}'][not(@type)]")
    backend.message(USER, "bob", "welcome back")
    await romeo.expect("message[body='welcome back']")
    await romeo.ask(GATEWAY, "<ping xmlns='urn:xmpp:ping'/>")
    backend.refute("LOGIN", user="juliet@localhost")


run(scenario)
