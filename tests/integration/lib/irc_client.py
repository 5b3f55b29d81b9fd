# SPDX-License-Identifier: MIT
"""A small IRC client for a person on the other side."""

import asyncio

from .waiting import WITHIN, Inbox


class IrcLine:
    def __init__(self, text):
        self.text = text
        self.prefix = ""
        if text.startswith(":"):
            self.prefix, text = text[1:].split(" ", 1)
        head, colon, tail = text.partition(" :")
        words = head.split()
        self.command, self.args = words[0], words[1:] + ([tail] if colon else [])
        self.nick = self.prefix.split("!")[0]

    def __repr__(self):
        return self.text


class IrcClient:
    def __init__(self, nick, port, host="127.0.0.1"):
        self.nick, self.port, self.host = nick, port, host
        self.inbox = Inbox(f"irc {nick}")
        self.lines = []
        self.on_line = None
        self.reader = self.writer = self.task = None

    async def connect(self, password=None):
        self.reader, self.writer = await asyncio.open_connection(self.host, self.port)
        self.task = asyncio.create_task(self.read())
        if password:
            self.send(f"PASS {password}")
        self.send(f"NICK {self.nick}")
        self.send(f"USER {self.nick} 0 * :{self.nick}")
        await self.expect("001")
        return self

    async def read(self):
        try:
            while data := await self.reader.readline():
                line = IrcLine(data.decode(errors="replace").rstrip("\r\n"))
                self.lines.append(line)
                if line.command == "PING":
                    self.send(f"PONG :{line.args[-1]}")
                    continue
                if self.on_line:
                    self.on_line(line)
                self.inbox.put(line)
        except OSError:
            pass

    def send(self, text):
        self.writer.write(text.encode() + b"\r\n")

    async def expect(self, command, *args, nick=None, within=WITHIN):
        """The oldest line of the command whose first arguments are these (None: any)."""
        def wanted(line):
            return (line.command == command and nick in (None, line.nick) and len(line.args) >= len(args)
                    and all(want is None or want == got for want, got in zip(args, line.args)))
        return await self.inbox.take(wanted, f"{command} {args}", within)

    async def expect_any(self, *commands, within=WITHIN):
        """The oldest line of one of the commands."""
        return await self.inbox.take(lambda line: line.command in commands, " or ".join(commands), within)

    async def join(self, channel):
        self.send(f"JOIN {channel}")
        await self.expect("366", None, channel)

    def say(self, target, text):
        self.send(f"PRIVMSG {target} :{text}")

    async def close(self):
        if self.writer:
            self.send("QUIT :bye")
            self.writer.close()
        if self.task:
            self.task.cancel()

    def log(self):
        return "\n".join(line.text for line in self.lines[-60:])
