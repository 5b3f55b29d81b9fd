# SPDX-License-Identifier: MIT
"""A file that is not there, or none named, is one line on stderr and exit 1."""

from lib.gateway import program
from lib.processes import Process
from lib.scenario import run


async def scenario(t):
    for number, arguments in enumerate((["-n", f"{t.folder}/none.cfg"], ["-n"], ["-n", "/etc"])):
        process = Process("spectrum2", t.folder / f"out{number}")
        await process.start([str(program("spectrum2")), *arguments], cwd=t.folder)
        assert await process.wait() == 1, arguments
        assert process.log().strip(), arguments
        assert "Sanitizer" not in process.log(), process.log()


run(scenario)
