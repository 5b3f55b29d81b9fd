# SPDX-License-Identifier: MIT
"""A backend that is killed while it has messages it did not confirm: each comes back as an error from whom it was
for, with its id and its words, those that it confirmed do not; and what is tried again is not lost."""

import os
import signal

from lib.rooms import join
from lib.scenario import run
from lib.waiting import until

ME = "romeo@localhost/orchard"
ERROR = "message/error[@type='wait']/stanzas:recipient-unavailable"


def say(t, to, id_, text, kind="chat"):
    t.host.send(f"<message type='{kind}' id='{id_}' from='{ME}' to='{to}'><body>{text}</body></message>")


async def scenario(t):
    await t.scripted(announce="[features]|muc=1")
    await t.enter()
    await join(t, "#verona", others=["mercutio"])
    say(t, "juliet@irc.localhost", "m1", "it arrived")
    await t.backend.expect("CONV_MESSAGE")
    await until(lambda: t.backend.history[-1].type == "PING", "the ping that asks for it")
    t.backend.order(do="freeze")
    sent = [("juliet@irc.localhost", "m2", "two", "chat"), ("#verona@irc.localhost", "m3", "three", "groupchat"),
            ("#verona@irc.localhost/mercutio", "m4", "four &lt;", "chat")]
    for to, id_, text, kind in sent:
        say(t, to, id_, text, kind)
    t.host.send(f"<message type='groupchat' id='m5' from='{ME}' to='#verona@irc.localhost'><subject>s</subject></message>")
    await t.host.sync()
    os.kill(t.backend.pid, signal.SIGKILL)
    for to, id_, text, _ in sent:
        error = await t.host.expect(f"message[@from='{to}'][@to='{ME}'][@id='{id_}'][@type='error']", ERROR)
        assert error.findtext("{jabber:component:accept}body") == text.replace("&lt;", "<")
    await t.host.expect("message[@from='#verona@irc.localhost'][@id='m5'][@type='error']", ERROR)
    second = await t.backends.wait(2)
    await second.expect("LOGIN", user="romeo@localhost")
    second.connected("romeo@localhost")
    await t.host.expect("presence[@from='irc.localhost'][@to='romeo@localhost/orchard'][not(@type)]")
    say(t, *sent[0])
    assert (await second.expect("CONV_MESSAGE")).message == "two"
    t.host.refute("message[@id='m1']")


run(scenario)
