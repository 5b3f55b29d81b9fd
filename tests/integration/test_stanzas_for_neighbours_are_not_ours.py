# SPDX-License-Identifier: MIT
"""ejabberd sends a component what is for its neighbours on the port, unless global_routes is off: the log says so once,
and nobody is logged in by it."""

import asyncio

from lib.people import GATEWAY, log_in, wait_for_gateway
from lib.scenario import run

PING = "<ping xmlns='urn:xmpp:ping'/>"


async def scenario(t):
    await t.half_real(server="ejabberd", neighbours=["sms.localhost"], global_routes=True)
    romeo = await t.xmpp_user("romeo")
    await wait_for_gateway(romeo)
    romeo.say("<presence to='sms.localhost'/>")
    romeo.say(f"<iq type='get' id='other' to='sms.localhost'>{PING}</iq>")
    romeo.say("<message type='chat' to='friend@sms.localhost'><body>private</body></message>")
    await t.gateway.wait_log("sms.localhost.*global_routes: false")
    assert (await romeo.ask(GATEWAY, PING)).get("type") == "result"
    assert "login refused" not in t.gateway.log()
    assert t.gateway.log().count("global_routes") == 1
    await romeo.expect("iq[@from='sms.localhost'][@id='other'][@type='error']/error/stanzas:remote-server-not-found")
    await romeo.expect("message[@from='friend@sms.localhost'][@type='error']/error/stanzas:remote-server-not-found")
    # The link is as good as before.
    task = asyncio.create_task(log_in(romeo, "montague"))
    await t.backend.expect("LOGIN", user="romeo@localhost")
    t.backend.connected("romeo@localhost")
    await task


run(scenario)
