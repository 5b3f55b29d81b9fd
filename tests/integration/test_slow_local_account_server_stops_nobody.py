# SPDX-License-Identifier: MIT
"""A server that says nothing when a local account is checked is given up in time, and the others go on meanwhile."""

import asyncio
import signal

from lib.component_host import find
from lib.scenario import run

REGISTRATION = """<query xmlns='jabber:iq:register'><username>capulet</username><password>x</password>
<local_username>juliet</local_username><local_password>y</local_password></query>"""


async def scenario(t):
    asked = asyncio.Event()

    async def silent(reader, writer):
        asked.set()
        await reader.read()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    await t.scripted({"registration.local_account_server": f"localhost 127.0.0.1:{port}",
                      "registration.local_account_server_timeout": 4000})
    await t.enter()
    t.gateway.values["registration.require_local_account"] = 1
    t.gateway.write_config()
    t.gateway.send_signal(signal.SIGHUP)
    await t.gateway.wait_log("was read again|reload")
    juliet = asyncio.create_task(t.host.ask(t.host.jid, REGISTRATION, "set", user="juliet@localhost/balcony"))
    await asyncio.wait_for(asked.wait(), 30)
    for number in range(10):
        t.backend.message("romeo@localhost", "bob", f"line {number}")
    for number in range(10):
        await t.host.expect(f"message[body='line {number}']")
    assert not juliet.done()
    answer = await juliet
    assert find(answer, "error/stanzas:remote-server-timeout") is not None
    await t.gateway.wait_log("registration.local_account_server localhost .*: no answer in time")
    server.close()


run(scenario)
