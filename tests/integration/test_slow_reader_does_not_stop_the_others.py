# SPDX-License-Identifier: MIT
"""A backend that does not read its messages is not allowed to hold up the other users."""

from lib.scenario import run


async def scenario(t):
    await t.scripted({"service.users_per_backend": 1})
    await t.enter("romeo@localhost", name="romeo")
    await t.register("juliet@localhost", "juliet")
    t.host.send("<presence from='juliet@localhost/balcony' to='irc.localhost'/>")
    second = await t.backends.wait(2)
    await second.expect("LOGIN", user="juliet@localhost")
    second.connected("juliet@localhost")
    await t.host.expect("presence[@from='irc.localhost'][@to='juliet@localhost/balcony'][not(@type)]")
    t.backend.order(do="freeze")
    text = "x" * 30000
    for n in range(300):
        t.host.send(f"<message type='chat' from='romeo@localhost/orchard' to='nurse@irc.localhost'><body>{text}</body></message>")
    t.host.send("<message type='chat' from='juliet@localhost/balcony' to='nurse@irc.localhost'><body>quick</body></message>")
    assert (await second.expect("CONV_MESSAGE")).message == "quick"


run(scenario)
