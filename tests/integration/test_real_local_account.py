# SPDX-License-Identifier: MIT
"""registration.require_local_account: who registers proves an account of the server, over STARTTLS."""

from lib.people import GATEWAY, wait_for_gateway
from lib.scenario import run
from lib.xmpp_client import find, text_of

FORM = """<query xmlns='jabber:iq:register'><x xmlns='jabber:x:data' type='submit'>
<field var='username'><value>montague</value></field><field var='password'><value>legacy-secret</value></field>
{}</x></query>"""
ACCOUNT = """<field var='local_username'><value>{}</value></field>
<field var='local_password'><value>{}</value></field>"""


async def scenario(t):
    await t.run_server(accounts={"romeo": "house-secret", "juliet": "other-secret"}, tls=True, scram=True)
    sockets = await t.backend_socket()
    await t.real_gateway({"service.backend": sockets.command(), "registration.require_local_account": 1,
                          "registration.local_account_server": f"localhost 127.0.0.1:{t.server.c2s}"})
    romeo = await t.xmpp_user("romeo", password="house-secret")
    await wait_for_gateway(romeo)

    async def refused(condition, account):
        answer = await romeo.ask(GATEWAY, FORM.format(account), "set")
        assert find(answer, f"error/stanzas:{condition}") is not None, condition
        assert text_of(answer, "error/stanzas:text")

    form = await romeo.ask(GATEWAY, "<query xmlns='jabber:iq:register'/>")
    for name in ("local_username", "local_password"):
        assert find(form, f"register:query/data:x/data:field[@var='{name}']/data:required") is not None
    await refused("not-acceptable", "")
    await refused("not-acceptable", ACCOUNT.format("romeo", ""))
    await refused("not-authorized", ACCOUNT.format("romeo", "other-secret"))
    await refused("not-authorized", ACCOUNT.format("nobody", "house-secret"))
    answer = await romeo.ask(GATEWAY, FORM.format(ACCOUNT.format("romeo@localhost", "house-secret")), "set")
    assert answer.get("type") == "result"
    # A new password for the network takes no new proof, and the form asks for none.
    form = await romeo.ask(GATEWAY, "<query xmlns='jabber:iq:register'/>")
    assert find(form, "register:query/register:registered") is not None
    assert find(form, "register:query/data:x/data:field[@var='local_username']") is None
    answer = await romeo.ask(GATEWAY, FORM.format(""), "set")
    assert answer.get("type") == "result"
    await t.server.stop()
    for secret in ("house-secret", "other-secret", "legacy-secret"):
        assert secret not in t.gateway.log()


run(scenario)
