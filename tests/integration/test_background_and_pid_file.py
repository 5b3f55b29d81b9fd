# SPDX-License-Identifier: MIT
"""Without -n the program goes into the background when it is ready, and the pid file says where."""

import os
import pathlib
import signal

from lib.gateway import program
from lib.processes import Process, is_alive, reap
from lib.scenario import run
from lib.waiting import until


async def scenario(t):
    host = await t.component_host()
    sockets = await t.backend_socket()
    gateway = t.make_gateway(log=None)
    log = gateway.folder / "log" / "gateway.log"
    (gateway.folder / "logging.cfg").write_text(
        "log4j.rootLogger=info, file\nlog4j.appender.file=org.apache.log4j.FileAppender\n"
        f"log4j.appender.file.File={log}\nlog4j.appender.file.layout.ConversionPattern=%d %p %c: %m%n\n")
    gateway.values.update({"service.port": host.port, "service.backend": sockets.command(),
                           "logging.config": gateway.folder / "logging.cfg"})
    gateway.write_config()
    t.gateways.remove(gateway)
    starter = Process("starter", t.folder / "starter-output")
    await starter.start([str(program("spectrum2")), str(gateway.config_file)], cwd=t.folder,
                        env={"ASAN_OPTIONS": "detect_leaks=0"})
    assert await starter.wait() == 0, starter.log()
    file = pathlib.Path(gateway.values["service.pidfile"])
    pid = int(file.read_text())
    assert pid != starter.pid and is_alive(pid)
    await host.wait_online()
    os.kill(pid, signal.SIGTERM)
    await until(lambda: not is_alive(pid), "the program ends")
    reap()
    assert not file.exists()
    assert "Spectrum" in log.read_text()


run(scenario)
