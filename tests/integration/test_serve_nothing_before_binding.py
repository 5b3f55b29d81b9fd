# SPDX-License-Identifier: MIT
"""Who has logged in and has not bound a resource gets no answer but to what is for that (RFC 6120, section 7.1)."""

import asyncio

from lib.scenario import run


async def scenario(t):
    await t.serve()
    for stanza in ("<iq type='get' id='1'><query xmlns='jabber:iq:roster'/></iq>", "<presence/>",
                   "<message to='juliet@localhost'><body>psst</body></message>"):
        client = t.raw_client("romeo")
        await client.connect()
        await client.open()
        answer = asyncio.create_task(client.authenticate("romeo"))
        await t.backend.expect("LOGIN")
        t.backend.connected("romeo@localhost")
        await answer
        await client.open()
        client.send(stanza)
        await client.wait_closed()
        assert client.ended, stanza
        client.refute("iq")
        await t.backend.expect("LOGOUT", user="romeo@localhost")
    t.backend.refute("CONV_MESSAGE")


run(scenario)
