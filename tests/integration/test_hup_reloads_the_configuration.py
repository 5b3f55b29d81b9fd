# SPDX-License-Identifier: MIT
"""SIGHUP takes over what may change, names what needs a restart, and keeps the old on a bad file."""

import signal

from lib.component_host import find
from lib.scenario import run
from lib.waiting import until


async def scenario(t):
    await t.scripted({"identity.name": "Before"})
    info = "<query xmlns='http://jabber.org/protocol/disco#info'/>"

    async def name():
        answer = await t.host.ask("irc.localhost", info)
        return find(answer, "info:query/info:identity").get("name")

    async def is_after():
        return await name() == "After"

    assert await name() == "Before"
    t.gateway.values.update({"identity.name": "After", "service.jid": "other.localhost"})
    t.gateway.write_config()
    t.gateway.send_signal(signal.SIGHUP)
    await until(is_after, "the new name")
    await t.gateway.wait_log(r"service\.jid")
    t.gateway.values.update({"identity.name": "Never", "service.jid": "irc.localhost", "service.port": "many"})
    t.gateway.write_config()
    t.gateway.send_signal(signal.SIGHUP)
    await t.gateway.wait_log(r"service\.port")
    assert await name() == "After"

    # The logging file is read again, and a log that was moved away is made anew.
    log, moved = t.gateway.folder / "gateway.log", t.gateway.folder / "gateway.log.old"
    t.gateway.values.update({"service.port": t.host.port, "logging.config": t.gateway.folder / "logging.cfg"})
    t.gateway.values["logging.config"].write_text(f"""log4j.rootLogger=info, file
log4j.appender.file=org.apache.log4j.FileAppender
log4j.appender.file.File={log}
""")
    t.gateway.write_config()
    for _ in range(2):
        t.gateway.send_signal(signal.SIGHUP)
        await until(lambda: log.exists() and "is reloaded" in log.read_text(), "a line in the new log")
        log.rename(moved)


run(scenario)
