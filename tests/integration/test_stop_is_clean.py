# SPDX-License-Identifier: MIT
"""SIGTERM logs users out, tells rooms, closes the stream, ends backends, removes the pid file, exits 0."""

import pathlib

from lib.rooms import join
from lib.scenario import run
from lib.waiting import until


async def scenario(t):
    await t.scripted(announce="[features]|muc=1")
    await t.enter()
    await join(t, "#verona")
    pid = pathlib.Path(t.gateway.values["service.pidfile"])
    assert pid.read_text() == f"{t.gateway.pid}\n"
    assert pathlib.Path(t.gateway.values["service.portfile"]).read_text() == f"{t.gateway.values['service.backend_port']}\n"
    assert t.gateway.children()
    assert await t.gateway.stop() == 0
    await t.backend.expect("LOGOUT", user="romeo@localhost")
    await t.backend.expect("EXIT")
    await t.host.expect("presence[@from='#verona@irc.localhost/montague'][@type='unavailable']",
                        "presence/mucuser:x/mucuser:status[@code='332']")
    await t.host.expect("presence[@from='irc.localhost'][@type='unavailable'][@to='romeo@localhost']")
    await until(lambda: t.host.link.closed_politely, "the stream is closed with its end tag")
    assert not pid.exists()


run(scenario)
