# SPDX-License-Identifier: MIT
"""The memory of a server, where passwords are, belongs to root whoever it runs as: it is not dumped, and nobody else
reads it. What it starts is not concerned, and is known by its user nevertheless."""

import os
import pwd
import shutil

from lib.backends import PROGRAM
from lib.gateway import program
from lib.processes import give, port_open
from lib.scenario import Skip, run


def owner(pid):
    return os.stat(f"/proc/{pid}/mem").st_uid


async def scenario(t):
    words, uid = [], os.getuid()
    if uid == 0:
        # Root's memory is root's in any case.
        if not shutil.which("setpriv"):
            raise Skip("needs setpriv, to become another user")
        words, uid = ["setpriv", "--reuid=nobody", "--clear-groups"], pwd.getpwnam("nobody").pw_uid
    copied = str(shutil.copy(PROGRAM, t.folder / "backend.py"))
    os.chmod(copied, 0o755)
    sockets = await t.backend_socket()
    t.gateway = t.make_gateway()
    t.gateway.serve_clients()
    t.gateway.values["service.backend"] = sockets.command().replace(str(PROGRAM), copied)
    t.gateway.write_config()
    give(t.gateway.folder, "nobody")
    await t.gateway.start([*words, str(program("spectrum2")), "-n", str(t.gateway.config_file)], cwd=t.gateway.folder,
                          env={"ASAN_OPTIONS": "exitcode=99:detect_leaks=1", "LSAN_OPTIONS": "exitcode=98"})
    await port_open(t.gateway, t.gateway.port)
    t.backend = await sockets.wait(1)
    assert owner(t.gateway.pid) == 0
    assert owner(t.backend.pid) == uid
    await t.raw_user("romeo")


run(scenario)
