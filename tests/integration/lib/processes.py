# SPDX-License-Identifier: MIT
"""Processes that a scenario starts, and what is left of them."""

import asyncio
import ctypes
import os
import pathlib
import random
import shutil
import signal
import socket

from .waiting import WITHIN, until

PR_SET_CHILD_SUBREAPER = 36
_PARENT_DEATH = 1
_reserved = []  # sockets whose names are the ports that are ours


def adopt_orphans():
    """Descendants whose parent goes become children of this process, so that none is lost sight of."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _ports_for_servers():
    """Below those that the kernel gives to connections: such a one could take the port of a server that is about
    to start, and a probe of it could even meet itself."""
    lowest = int(pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    return range(10000, lowest) if lowest > 12000 else range(1100, lowest)


def free_port():
    """A port of 127.0.0.1 that nothing listens on, and that no other scenario gets while this process lives."""
    for port in random.sample(_ports_for_servers(), 200):
        mark = socket.socket(socket.AF_UNIX)
        try:
            mark.bind(f"\0spectrum2-test-port-{port}")
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", port))
        except OSError:
            mark.close()
            continue
        _reserved.append(mark)
        return port
    raise OSError("no free port")


def _stat(pid):
    """(name, state, parent) of a process, or None."""
    try:
        text = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    name, rest = text[text.index("(") + 1:].rsplit(")", 1)
    state, parent = rest.split()[:2]
    return name, state, int(parent)


def command_of(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        return ""


def descendants(root):
    """{pid: name} of all living processes below `root` (zombies are dead)."""
    parents = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            stat = _stat(entry)
            if stat and stat[1] not in "ZX":
                parents.setdefault(stat[2], []).append((int(entry), stat[0]))
    found, queue = {}, [root]
    while queue:
        for pid, name in parents.get(queue.pop(), ()):
            found[pid] = name
            queue.append(pid)
    return found


def is_alive(pid):
    stat = _stat(pid)
    return stat is not None and stat[1] not in "ZX"


def kill_descendants():
    """Ends whatever is still below this process; returns their names."""
    names = []
    for _ in range(20):
        left = descendants(os.getpid())
        if not left:
            break
        for pid, name in left.items():
            names.append(name)
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        reap()
    reap()
    return names


def reap():
    """Collects adopted orphans that ended."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def _die_with_parent():
    ctypes.CDLL(None).prctl(_PARENT_DEATH, signal.SIGKILL, 0, 0, 0)


class Process:
    """A child with its output in a file."""

    def __init__(self, name, output):
        self.name, self.output = name, pathlib.Path(output)
        self.child = None
        self.code = None  # exit code, negative: the signal; None while it runs
        self.ended = None

    async def start(self, argv, env=None, cwd=None):
        self.code = None
        with open(self.output, "ab") as output:
            self.child = await asyncio.create_subprocess_exec(
                *argv, stdin=asyncio.subprocess.DEVNULL, stdout=output, stderr=output, cwd=cwd,
                env={**os.environ, **(env or {})}, start_new_session=True, preexec_fn=_die_with_parent)
        self.ended = asyncio.create_task(self._wait())
        return self

    async def _wait(self):
        self.code = await self.child.wait()

    @property
    def pid(self):
        return self.child.pid

    async def wait(self, within=WITHIN):
        """The exit code."""
        await asyncio.wait_for(asyncio.shield(self.ended), within)
        return self.code

    def send_signal(self, how):
        """Not by child.send_signal(), which may itself collect a child that has just ended: its code is lost then."""
        try:
            os.kill(self.pid, how)
        except ProcessLookupError:
            pass  # wait() knows more

    async def stop(self, how=signal.SIGTERM, within=WITHIN):
        if self.child and self.code is None:
            self.send_signal(how)
            try:
                await self.wait(within)
            except asyncio.TimeoutError:
                self.send_signal(signal.SIGKILL)
                await self.wait()
                raise
        return self.code

    def log(self):
        return self.output.read_text(errors="replace") if self.output.exists() else ""


async def port_open(process, port, within=WITHIN, host="127.0.0.1"):
    """Waits until something listens there, or the process gave up."""
    def probe():
        assert process.code is None, f"{process.name} ended with {process.code}: {process.log()[-2000:]}"
        try:
            socket.create_connection((host, port), 1).close()
            return True
        except OSError:
            return False
    await until(probe, f"{process.name} listens on {port}", within)


def give(folder, user):
    """The folder and all in it to `user`, where that can be done."""
    if os.getuid() == 0:
        for path in [folder, *pathlib.Path(folder).rglob("*")]:
            shutil.chown(path, user)
