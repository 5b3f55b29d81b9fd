# SPDX-License-Identifier: MIT
"""Garbage, oversized and truncated frames close the backend that sent them; others do not notice."""

import asyncio

from lib.scenario import run


async def scenario(t):
    await t.scripted({"service.users_per_backend": 1})
    await t.enter("romeo@localhost", name="romeo")
    await t.register("juliet@localhost", "juliet")
    t.host.send("<presence from='juliet@localhost/balcony' to='irc.localhost'/>")
    await t.host.sync()
    number = 2
    steady = await t.backends.wait(number)
    await steady.expect("LOGIN", user="juliet@localhost")
    steady.connected("juliet@localhost")
    victim = t.backend
    for bad in (b"\x7f\xff\xff\xff", b"\x02\x00\x00\x00" + b"x" * 100000, b"\xff\xff\xff\xff\x08\x08"):
        victim.send_bytes(bad)
        await victim.wait_gone()
        seen = len(t.backends.backends)
        found = None
        while found is None:
            for backend in t.backends.backends:
                if backend is not victim and backend is not steady and backend.inbox.first(lambda f: f.type == "LOGIN" and f.user == "romeo@localhost"):
                    found = backend
            if found is None:
                await asyncio.sleep(0.05)
        await found.expect("LOGIN", user="romeo@localhost")
        found.connected("romeo@localhost")
        victim = found
    steady.message("juliet@localhost", "nurse", "all is well")
    await t.host.expect("message[@to='juliet@localhost'][body='all is well']")
    steady.refute("LOGIN")
    steady.refute("LOGOUT")


run(scenario)
