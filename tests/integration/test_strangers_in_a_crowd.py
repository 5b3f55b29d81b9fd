# SPDX-License-Identifier: MIT
"""Thousands of connections that never log in: who is there chats on, who comes gets in, and the oldest of the crowd are
closed with the error that says why."""

import asyncio
import os
import resource
import socket
import time

from lib.raw_client import STREAM
from lib.scenario import Skip, run
from lib.waiting import until

CROWD = 6000
AT_ONCE = 250  # fewer than the kernel lets wait
STRANGERS_MAX = 4096
PATIENCE = 10.0  # seconds for an answer meanwhile, on a machine that is busy besides
HEADER = f"<stream:stream to='localhost' version='1.0' xmlns='jabber:client' xmlns:stream='{STREAM}'>".encode()


async def chat(client, stop):
    """Asks and asks; the longest time an answer took."""
    longest = 0
    while not stop.is_set():
        begun = time.monotonic()
        await client.sync()
        longest = max(longest, time.monotonic() - begun)
        await asyncio.sleep(0.01)
    return longest


async def crowd(t, sockets):
    loop = asyncio.get_running_loop()
    for _ in range(0, CROWD, AT_ONCE):
        some = [socket.socket() for _ in range(AT_ONCE)]
        sockets += some
        for one in some:
            one.setblocking(False)
        await asyncio.gather(*(loop.sock_connect(one, ("127.0.0.1", t.gateway.port)) for one in some))
        for one in some:
            one.send(HEADER)
    return sockets


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


async def scenario(t):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    enough = CROWD + 1000
    if hard < enough:
        raise Skip(f"needs {enough} descriptors, and no more than {hard} are allowed (ulimit -Hn)")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, enough), hard))
    await t.serve(log="info")
    juliet = await t.raw_user("juliet")
    stop, sockets = asyncio.Event(), []
    chatting = asyncio.create_task(chat(juliet, stop))
    try:
        await crowd(t, sockets)
        await t.raw_user("romeo")  # who comes in the crowd gets in
        stop.set()
        longest = await chatting
        assert longest < PATIENCE, f"an answer took {longest:.2f} s"
        # What is being closed has two seconds.
        await until(lambda: descriptors(t.gateway.pid) < STRANGERS_MAX + 100, "the crowd is bounded")
        oldest = sockets[0]
        oldest.setblocking(True)
        oldest.settimeout(30)
        said = b""
        while more := oldest.recv(65536):
            said += more
        assert b"<resource-constraint" in said and said.endswith(b"</stream:stream>"), said
        await juliet.sync()
    finally:
        for one in sockets:
            one.close()
    await until(lambda: descriptors(t.gateway.pid) < 100, "the crowd is gone")


run(scenario)
