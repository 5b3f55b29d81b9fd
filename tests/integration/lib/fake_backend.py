#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A backend as the gateway starts it, that does nothing of its own: what it reads goes to the scenario
over the unix socket of --control, what the scenario says is done. It only answers pings and leaves
when asked to by itself, and says --announce (newlines as |) before its first pong.

To the scenario go lines of JSON {"event": ...}, from it come {"do": ...}. Bytes travel as hex."""

import json
import os
import select
import socket
import sys
import time

PING = bytes.fromhex("000000020809")
EXIT = bytes.fromhex("00000002081d")
PONG = bytes.fromhex("00000002080a")


def option(name, default=None):
    for n, word in enumerate(sys.argv):
        if word == name:
            return sys.argv[n + 1]
        if word.startswith(name + "="):
            return word[len(name) + 1:]
    return default


class FakeBackend:
    def __init__(self):
        self.control = socket.socket(socket.AF_UNIX)
        self.control.connect(option("--control"))
        self.announced = False
        self.seen = b""
        self.lines = b""
        self.tell(event="start", pid=os.getpid(), argv=sys.argv[1:], cwd=os.getcwd())
        self.gateway = socket.create_connection((option("--host"), int(option("--port"))), 30)

    def tell(self, **event):
        self.control.sendall(json.dumps(event).encode() + b"\n")

    def announcement(self):
        text = option("--announce", "").replace("|", "\n").encode()
        payload = b"\x0a" + self.varint(len(text)) + text
        body = b"\x08\x1e\x12" + self.varint(len(payload)) + payload
        return len(body).to_bytes(4, "big") + body

    @staticmethod
    def varint(value):
        out = b""
        while value > 0x7F:
            out += bytes([value & 0x7F | 0x80])
            value >>= 7
        return out + bytes([value])

    def stats(self):
        pid = str(os.getpid()).encode()
        payload = b"\x08\x80\xa0\x01\x10\x80\x50\x18\x80\x28\x22" + bytes([len(pid)]) + pid
        body = b"\x08\x17\x12" + bytes([len(payload)]) + payload
        return len(body).to_bytes(4, "big") + body

    def on_gateway(self):
        data = self.gateway.recv(65536)
        if not data:
            self.tell(event="closed")
            return False
        self.tell(event="bytes", hex=data.hex())
        self.seen += data
        while len(self.seen) >= 4:
            length = 4 + int.from_bytes(self.seen[:4], "big")
            if len(self.seen) < length:
                break
            if self.seen[:length] == PING:
                if not self.announced and option("--announce") is not None:
                    self.gateway.sendall(self.announcement())
                self.announced = True
                self.gateway.sendall(PONG + self.stats())
            if self.seen[:length] == EXIT:
                return False
            self.seen = self.seen[length:]
        return True

    def on_control(self):
        data = self.control.recv(65536)
        if not data:
            return False
        self.lines += data
        *lines, self.lines = self.lines.split(b"\n")
        for line in lines:
            if not self.obey(json.loads(line)):
                return False
        return True

    def obey(self, order):
        do = order["do"]
        if do == "send":
            self.gateway.sendall(bytes.fromhex(order["hex"]))
        elif do == "stderr":
            print(order["text"], file=sys.stderr, flush=True)
        elif do == "close":
            self.gateway.close()
            return False
        elif do == "abort":
            os.abort()
        elif do == "exit":
            os._exit(order["code"])
        elif do == "freeze":
            while True:
                time.sleep(60)
        return True

    def run(self):
        while True:
            readable, _, _ = select.select([self.gateway, self.control], [], [])
            if self.control in readable and not self.on_control():
                return
            if self.gateway in readable and not self.on_gateway():
                return


if __name__ == "__main__":
    try:
        FakeBackend().run()
    except OSError:
        pass
