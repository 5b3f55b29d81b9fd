# SPDX-License-Identifier: MIT
"""More messages than can be kept come while there is no link: the first ones are delivered in order when it is
back, and the user is told once how many of the others were lost."""

import re

from lib.component_host import ComponentHost, text_of
from lib.scenario import run

PAD = " ." * 20000
COUNT = 300


async def scenario(t):
    await t.scripted()
    await t.enter()
    first = t.host
    await first.stop()
    first.link.close()
    await t.gateway.wait_log(r"(?i)link.*next try")
    for n in range(COUNT):
        t.backend.message("romeo@localhost", "juliet", f"{n}{PAD}")
    t.backend.message("last@localhost", "juliet", "")
    await t.gateway.wait_log("last@localhost, who is not on that backend")
    t.host = await ComponentHost().start(first.port)
    t.cast.append(("second host", t.host))
    t.closers.append(t.host.stop)
    await t.host.wait_online()
    told = text_of(await t.host.expect("message[@from='irc.localhost'][@to='romeo@localhost']/body"), "body")
    kept = [int(text_of(s, "body").split()[0]) for s in t.host.inbox.items if text_of(s, "body")]
    assert kept == list(range(len(kept))) and len(kept) > 50
    assert int(re.match(r"(\d+) messages for you could not be kept", told)[1]) == COUNT - len(kept)
    await t.host.sync()
    t.host.refute("message[@from='irc.localhost']/body")


run(scenario)
