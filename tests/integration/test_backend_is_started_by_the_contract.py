# SPDX-License-Identifier: MIT
"""A backend is started with the documented arguments, in the working folder."""

import os

from lib.scenario import run


async def scenario(t):
    await t.scripted()
    argv = t.backend.argv
    assert argv[argv.index("--host") + 1] == "127.0.0.1"
    assert argv[argv.index("--port") + 1] == str(t.gateway.values["service.backend_port"])
    assert "--service.backend_id=1" in argv, argv
    assert argv[argv.index("-j") + 1] == "irc.localhost"
    assert os.path.isabs(argv[-1]) and argv[-1].endswith("spectrum.cfg"), argv
    assert os.path.realpath(t.backend.cwd) == os.path.realpath(t.gateway.values["service.working_dir"])
    assert t.backend.history[0].type == "PING"


run(scenario)
