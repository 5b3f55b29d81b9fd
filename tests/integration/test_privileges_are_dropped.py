# SPDX-License-Identifier: MIT
"""Started as root with service.user the gateway and its backends run as that user; a read-only database is told."""

import os
import pathlib
import shutil

from lib.backends import PROGRAM
from lib.component_host import find
from lib.scenario import Skip, run


async def scenario(t):
    if os.getuid() != 0:
        raise Skip("needs root, to become another user")
    await t.scripted()
    await t.register()
    await t.gateway.finish()
    kept = t.folder / "kept"
    kept.mkdir()
    database = kept / "database.sql"
    shutil.copy(t.gateway.values["database.database"], database)
    database.chmod(0o444)  # root's: nobody may only read it
    shutil.chown(kept, "nobody")
    copied = str(shutil.copy(PROGRAM, t.folder / "backend.py"))
    os.chmod(copied, 0o755)
    known = len(t.backends.backends)
    first, t.gateway = t.gateway, t.make_gateway("second")
    t.gateways.remove(first)
    t.gateway.values.update({"service.port": t.host.port, "database.database": database, "service.user": "nobody",
                             "service.group": "nogroup",
                             "service.backend": t.backends.command().replace(str(PROGRAM), copied)})
    await t.gateway.run()
    t.backend = await t.backends.wait(known + 1)
    await t.host.wait_online(2)
    for pid in (t.gateway.pid, t.backend.pid):
        ids = [line for line in pathlib.Path(f"/proc/{pid}/status").read_text().split("\n") if line.startswith(("Uid", "Gid"))]
        assert all(word == "65534" for line in ids for word in line.split()[1:]), ids
    answer = await t.host.ask("irc.localhost", "<query xmlns='jabber:iq:register'><username>x</username>"
                              "<password>y</password></query>", "set", user="juliet@localhost/balcony")
    assert answer.get("type") == "error" and find(answer, "error") is not None
    await t.login()


run(scenario)
