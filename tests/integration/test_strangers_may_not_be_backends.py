# SPDX-License-Identifier: MIT
"""A connection to the backend port from another user's process is closed unheard."""

import asyncio
import os

from lib.scenario import Skip, run


async def scenario(t):
    if os.getuid() != 0:
        raise Skip("needs root, to run a program as nobody")
    await t.scripted()
    await t.enter()
    port = t.gateway.values["service.backend_port"]
    code = ("import os,socket,sys\n"
            "os.setgid(65534); os.setuid(65534)\n"
            f"s = socket.create_connection(('127.0.0.1', {port}), 30); s.settimeout(30)\n"
            "try:\n"
            "    s.sendall(bytes.fromhex('00000002080a') * 3)\n"
            "    got = s.recv(100)\n"
            "except ConnectionError:\n"
            "    got = b''\n"
            "sys.exit(0 if got == b'' else 9)\n")
    child = await asyncio.create_subprocess_exec("/usr/bin/python3", "-I", "-c", code)
    assert await asyncio.wait_for(child.wait(), 60) == 0, "a stranger was answered"
    # One of our own is heard: a PING comes.
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    assert await asyncio.wait_for(reader.readexactly(6), 30) == bytes.fromhex("000000020809")
    writer.close()
    t.backend.message("romeo@localhost", "juliet", "fine")
    await t.host.expect("message[body='fine']")


run(scenario)
