# SPDX-License-Identifier: MIT
"""A hundred messages each way arrive complete and in order."""

from lib.scenario import run


async def scenario(t):
    await t.scripted()
    await t.enter()
    for n in range(100):
        t.backend.message("romeo@localhost", "juliet", f"down {n}")
        t.host.send(f"<message type='chat' from='romeo@localhost/orchard' to='juliet@irc.localhost'><body>up {n}</body></message>")
    for n in range(100):
        message = await t.host.expect("message/body")
        assert message.findtext("{jabber:component:accept}body") == f"down {n}"
        assert (await t.backend.expect("CONV_MESSAGE")).message == f"up {n}"


run(scenario)
