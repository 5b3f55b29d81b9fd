# SPDX-License-Identifier: MIT
"""The service manager hears when the gateway is ready and when it stops."""

import os
import socket

from lib.scenario import run


async def scenario(t):
    notices = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    notices.bind(str(t.folder / "notify"))
    notices.setblocking(False)
    os.environ["NOTIFY_SOCKET"] = str(t.folder / "notify")
    await t.scripted()
    await t.gateway.stop()
    heard = []
    try:
        while True:
            heard += notices.recv(4096).decode().split("\n")
    except BlockingIOError:
        pass
    assert "READY=1" in heard and "STOPPING=1" in heard, heard


run(scenario)
