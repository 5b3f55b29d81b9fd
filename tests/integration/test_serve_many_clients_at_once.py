# SPDX-License-Identifier: MIT
"""500 clients log in at the same moment; each gets what is for it, and nothing else."""

import asyncio

from lib.scenario import run

CLIENTS = 500


async def let_in(t):
    for _ in range(CLIENTS):
        login = await t.backend.expect("LOGIN", within=60)
        t.backend.connected(login.user)


async def scenario(t):
    await t.serve({"service.users_per_backend": 1000}, log="warn")
    clients = [t.raw_client(f"u{n}") for n in range(CLIENTS)]
    networks = asyncio.create_task(let_in(t))
    await asyncio.gather(*(client.login(f"u{n}") for n, client in enumerate(clients)))
    await networks
    for n, client in enumerate(clients):
        assert client.jid == f"u{n}@localhost/orchard"
        client.send("<presence/>")
    await asyncio.gather(*(client.sync() for client in clients))
    for n in range(CLIENTS):
        t.backend.message(f"u{n}@localhost", "juliet", f"for {n}")
    for n, client in enumerate(clients):
        await client.expect(f"message[body='for {n}']", within=60)
        client.refute("message/body")
    # All go at once, half of them without a word.
    for n, client in enumerate(clients):
        if n % 2:
            client.abort()
        else:
            client.send("</stream:stream>")
    for _ in range(CLIENTS):
        await t.backend.expect("LOGOUT", within=60)


run(scenario)
