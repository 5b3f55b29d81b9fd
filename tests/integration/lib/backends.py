# SPDX-License-Identifier: MIT
"""The scenario's end of the fake backends that the gateway starts."""

import asyncio
import json
import pathlib

from . import wire
from .waiting import WITHIN, Inbox, until

PROGRAM = pathlib.Path(__file__).with_name("fake_backend.py")


class Backend:
    """One running backend."""

    def __init__(self, number, reader, writer):
        self.number, self.reader, self.writer = number, reader, writer
        self.inbox = Inbox(f"backend {number}")
        self.pid = None
        self.argv, self.cwd = [], ""
        self.history = []
        self.closed = False  # the gateway closed its connection
        self.gone = asyncio.Event()  # the process went
        self.buffer = b""
        self.rooms = {}

    async def run(self):
        while line := await self.reader.readline():
            self.on_event(json.loads(line))
        self.gone.set()

    def on_event(self, event):
        if event["event"] == "start":
            self.pid, self.argv, self.cwd = event["pid"], event["argv"], event["cwd"]
        elif event["event"] == "closed":
            self.closed = True
        elif event["event"] == "bytes":
            frames, self.buffer = wire.split(self.buffer + bytes.fromhex(event["hex"]))
            for frame in frames:
                self.history.append(frame)
                if frame.type != "PING":
                    self.inbox.put(frame)

    def order(self, **what):
        if not self.writer.is_closing():
            self.writer.write(json.dumps(what).encode() + b"\n")

    def send_bytes(self, data):
        self.order(do="send", hex=data.hex())

    def send(self, type_, **values):
        self.send_bytes(wire.message(type_, **values))

    async def expect(self, type_, within=WITHIN, **values):
        """The oldest frame of the type with these values that was not asked for yet."""
        return await self.inbox.take(
            lambda f: f.type == type_ and all(f.values.get(k) == v for k, v in values.items()),
            f"{type_} {values}", within)

    def refute(self, type_, **values):
        frame = self.inbox.first(lambda f: f.type == type_ and all(f.values.get(k) == v for k, v in values.items()))
        assert frame is None, f"unexpected: {frame}"

    async def sync(self):
        """After this the gateway has dealt with all that was sent before."""
        self.send("QUERY", config="status")
        await self.expect("QUERY")

    async def wait_gone(self, within=WITHIN):
        await asyncio.wait_for(self.gone.wait(), within)

    # What a network does, in the order the protocol wants.

    def connected(self, user):
        self.send("CONNECTED", user=user)

    def buddy(self, user, name, **values):
        values.setdefault("status", wire.ONLINE)
        self.send("BUDDY_CHANGED", user=user, buddy=name, **values)

    def message(self, user, buddy, text, **values):
        self.send("CONV_MESSAGE", user=user, buddy=buddy, message=text, **values)

    def participant(self, user, room, nickname, flag=0, status=wire.ONLINE, **values):
        self.send("PARTICIPANT_CHANGED", user=user, room=room, nickname=nickname, flag=flag, status=status, **values)


class BackendSocket:
    """Where fake backends report to."""

    def __init__(self, folder):
        self.path = pathlib.Path(folder) / "control"
        self.backends = []
        self.server = None
        self.tasks = set()

    async def start(self):
        self.server = await asyncio.start_unix_server(self.accept, self.path, limit=64 << 20)
        self.path.chmod(0o777)
        return self

    async def accept(self, reader, writer):
        backend = Backend(len(self.backends) + 1, reader, writer)
        self.backends.append(backend)
        task = asyncio.current_task()
        self.tasks.add(task)
        try:
            await backend.run()
        except (OSError, asyncio.CancelledError):
            backend.gone.set()
        finally:
            self.tasks.discard(task)
            writer.close()

    async def stop(self):
        if self.server:
            self.server.close()
        for task in list(self.tasks):
            task.cancel()

    def command(self, announce=None):
        words = ["/usr/bin/python3", "-I", "-S", str(PROGRAM), "--control", str(self.path)]
        if announce is not None:
            words += ["--announce", f'"{announce}"']
        return " ".join(words)

    async def wait(self, number=1, within=WITHIN):
        """Backend `number` (from 1) since the start, once it has said hello."""
        await until(lambda: len(self.backends) >= number and self.backends[number - 1].pid,
                    f"backend {number} started", within)
        return self.backends[number - 1]

    def log(self):
        return "\n".join(f"{b!r} {b.history[-40:]}" for b in self.backends)
