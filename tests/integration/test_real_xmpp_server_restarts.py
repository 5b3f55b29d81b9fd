# SPDX-License-Identifier: MIT
"""The XMPP server crashes and comes back, the user later: what the network said meanwhile waits for him in order, and
he can answer."""

from lib.people import GATEWAY, register, wait_for_gateway
from lib.roster_client import obey
from lib.scenario import run

USER = "romeo@localhost"


async def scenario(t):
    await t.half_real()
    romeo = await t.xmpp_user("romeo")
    obey(romeo)
    await wait_for_gateway(romeo)
    romeo.say("<presence/>")
    await register(romeo, "montague")
    romeo.say(f"<presence to='{GATEWAY}'/>")
    await t.backend.expect("LOGIN", user=USER)
    t.backend.connected(USER)
    await romeo.expect(f"presence[@from='{GATEWAY}'][not(@type)]")
    await t.server.stop()
    await t.gateway.wait_log("link to the XMPP server .*next try")
    await romeo.close()
    for number in range(20):
        t.backend.message(USER, "juliet", f"meanwhile {number}")
    await t.server.run()
    await t.gateway.wait_log("(?s)next try.*link to the XMPP server .* is up")
    romeo = await t.xmpp_user("romeo")
    obey(romeo)
    romeo.say("<presence/>")
    for number in range(20):
        message = await romeo.expect("message[@type='chat']/body")
        assert message.findtext("{jabber:client}body") == f"meanwhile {number}", message
    # Asked for him before he was back, Prosody says that he is away, so he is logged out and now in again. ejabberd
    # says nothing, so he never left.
    romeo.say(f"<presence to='{GATEWAY}'/>")
    if t.kind == "prosody":
        await t.backend.expect("LOGOUT", user=USER)
        await t.backend.expect("LOGIN", user=USER)
        t.backend.connected(USER)
        await romeo.expect(f"presence[@from='{GATEWAY}'][not(@type)]")
    romeo.say("<message type='chat' to='juliet@irc.localhost'><body>here I am</body></message>")
    assert (await t.backend.expect("CONV_MESSAGE")).message == "here I am"


run(scenario)
