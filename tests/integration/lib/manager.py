# SPDX-License-Identifier: MIT
"""An administrator's program: asks on the backend port, as spectrum2_manager does."""

import asyncio

from . import wire
from .waiting import WITHIN


class Manager:
    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer
        self.buffer = b""
        self.answers = []

    @classmethod
    async def connect(cls, gateway):
        """Where the port file says."""
        with open(gateway.values["service.portfile"], encoding="ascii") as file:
            port = int(file.read())
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    def say(self, line):
        self.writer.write(wire.message("QUERY", config=line))

    async def hear(self, within=WITHIN):
        """The text of the next answer; what else comes, such as a PING, is nothing to it."""
        while not self.answers:
            data = await asyncio.wait_for(self.reader.read(65536), within)
            assert data, "the gateway closed the connection"
            frames, self.buffer = wire.split(self.buffer + data)
            self.answers += [frame.values["config"] for frame in frames if frame.type == "QUERY"]
        return self.answers.pop(0)

    async def ask(self, line):
        self.say(line)
        return await self.hear()

    async def close(self):
        self.writer.close()
