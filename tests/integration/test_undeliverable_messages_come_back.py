# SPDX-License-Identifier: MIT
"""A message that cannot be delivered comes back as an error, from the JID that was addressed."""

from lib.component_host import find
from lib.scenario import run


async def scenario(t):
    await t.scripted()
    await t.register()

    async def returned(user, to, type_="chat"):
        id_ = f"m{next(t.host.counter)}"
        t.host.send(f"<message type='{type_}' id='{id_}' from='{user}' to='{to}'><body>hello</body></message>")
        error = await t.host.expect(f"message[@type='error'][@id='{id_}']/error")
        assert (error.get("from"), error.get("to")) == (to, user), error.attrib
        return {child.tag.split("}")[1] for child in find(error, "error")}

    assert await returned("tybalt@localhost/hall", "juliet@irc.localhost/bot")
    assert await returned("romeo@localhost/orchard", "juliet@irc.localhost")
    await t.login()
    assert await returned("romeo@localhost/orchard", "#room@irc.localhost", "groupchat")
    assert await returned("romeo@localhost/orchard", "irc.localhost", "groupchat")
    t.backend.refute("CONV_MESSAGE")
    # An error is never answered by an error, and what has nothing to deliver is not returned.
    t.host.send("<message type='error' id='e1' from='tybalt@localhost/hall' to='juliet@irc.localhost'><body>x</body></message>")
    t.host.send("<message type='chat' id='e2' from='tybalt@localhost/hall' to='juliet@irc.localhost'>"
                "<composing xmlns='http://jabber.org/protocol/chatstates'/></message>")
    await t.host.sync()
    t.host.refute("message[@id='e1']")
    t.host.refute("message[@id='e2']")


run(scenario)
