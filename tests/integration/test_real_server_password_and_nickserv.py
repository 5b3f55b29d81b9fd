# SPDX-License-Identifier: MIT
"""The account's password identifies with NickServ, or is the server's password where so configured."""

from lib.people import log_in
from lib.scenario import run


async def scenario(t):
    await t.run_server(accounts={"romeo": "secret"})
    server = await t.run_ngircd(password="sesame")
    await t.real_gateway({"service.irc_server": f"127.0.0.1:{server.port}", "service.irc_send_pass": 1})
    romeo = await t.xmpp_user("romeo")
    await log_in(romeo, password="sesame")


run(scenario)
