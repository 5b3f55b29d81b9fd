# SPDX-License-Identifier: MIT
"""A scripted XMPP server for one component (XEP-0114): the scenario says what it sends and expects."""

import asyncio
import copy
import hashlib
import itertools
import re
import xml.etree.ElementTree as ET

from .processes import free_port
from .waiting import WITHIN, Inbox, until

COMPONENT = "jabber:component:accept"
STREAM = "http://etherx.jabber.org/streams"

# Prefixes for the paths of expect(); names without one are of the component's namespace.
NAMESPACES = {
    "": COMPONENT,
    "client": "jabber:client",
    "stream": STREAM,
    "stanzas": "urn:ietf:params:xml:ns:xmpp-stanzas",
    "register": "jabber:iq:register",
    "gateway": "jabber:iq:gateway",
    "roster": "jabber:iq:roster",
    "version": "jabber:iq:version",
    "last": "jabber:iq:last",
    "private": "jabber:iq:private",
    "data": "jabber:x:data",
    "oob": "jabber:x:oob",
    "info": "http://jabber.org/protocol/disco#info",
    "items": "http://jabber.org/protocol/disco#items",
    "commands": "http://jabber.org/protocol/commands",
    "caps": "http://jabber.org/protocol/caps",
    "states": "http://jabber.org/protocol/chatstates",
    "muc": "http://jabber.org/protocol/muc",
    "mucuser": "http://jabber.org/protocol/muc#user",
    "nick": "http://jabber.org/protocol/nick",
    "rosterx": "http://jabber.org/protocol/rosterx",
    "xhtmlim": "http://jabber.org/protocol/xhtml-im",
    "xhtml": "http://www.w3.org/1999/xhtml",
    "vcard": "vcard-temp",
    "avatar": "vcard-temp:x:update",
    "ping": "urn:xmpp:ping",
    "time": "urn:xmpp:time",
    "delay": "urn:xmpp:delay",
    "receipts": "urn:xmpp:receipts",
    "attention": "urn:xmpp:attention:0",
    "spectrum": "http://spectrum.im/error",
}

_AUTOMATIC = {
    "{urn:xmpp:ping}ping": "",
    "{http://jabber.org/protocol/disco#info}query": "<query xmlns='http://jabber.org/protocol/disco#info'/>",
    "{http://jabber.org/protocol/disco#items}query": "<query xmlns='http://jabber.org/protocol/disco#items'/>",
}


_ABSENT = re.compile(r"\[not\(@(\w+)\)\]")


def matches(stanza, paths, namespaces=None):
    """Whether the stanza has every one of the ElementTree paths ("iq[@id='1']/register:query"). Beyond
    what ElementTree knows, [not(@name)] says that the stanza itself has no such attribute."""
    root = ET.Element("root")
    root.append(stanza)
    for path in paths:
        if any(stanza.get(name) is not None for name in _ABSENT.findall(path)):
            return False
        if root.find("./" + _ABSENT.sub("", path), namespaces or NAMESPACES) is None:
            return False
    return True


def find(stanza, path):
    return stanza.find(path, NAMESPACES)


def text_of(stanza, path):
    found = stanza.find(path, NAMESPACES)
    return None if found is None else found.text or ""


def show(stanza):
    return ET.tostring(stanza, encoding="unicode").replace("ns0:", "").replace(f' xmlns:ns0="{COMPONENT}"', "")


class Link:
    """One connection of the component, from the stream header to its end."""

    def __init__(self, host, reader, writer):
        self.host, self.reader, self.writer = host, reader, writer
        self.parser = ET.XMLPullParser(["start", "end"])
        self.depth = 0
        self.root = None
        self.stream_id = f"stream{next(host.counter)}"
        self.authenticated = False
        self.closed = asyncio.Event()
        self.closed_politely = False

    def write(self, text):
        self.writer.write(text if isinstance(text, bytes) else text.encode())

    def close(self):
        self.writer.close()

    async def run(self):
        try:
            while data := await self.reader.read(65536):
                self.host.traffic.append(("<", data))
                self.parser.feed(data)
                for event, element in self.parser.read_events():
                    self.handle(event, element)
        except (OSError, ET.ParseError) as error:
            self.host.broken.append(str(error))
        self.closed.set()
        self.writer.close()

    def handle(self, event, element):
        if event == "start":
            self.depth += 1
            if self.depth == 1:
                self.root = element
                self.open(element)
            return
        self.depth -= 1
        if self.depth == 0:
            self.closed_politely = True
            self.write("</stream:stream>")
            self.writer.close()
        elif self.depth == 1:
            stanza = copy.deepcopy(element)
            self.root.remove(element)
            self.stanza(stanza)

    def open(self, header):
        self.host.headers.append(header)
        self.write(f"<?xml version='1.0'?><stream:stream xmlns='{COMPONENT}' xmlns:stream='{STREAM}' "
                   f"from='{header.get('to')}' id='{self.stream_id}'>")

    def stanza(self, stanza):
        if self.authenticated:
            self.host.receive(stanza)
        elif stanza.tag == f"{{{COMPONENT}}}handshake":
            self.handshake(stanza.text)

    def handshake(self, given):
        right = hashlib.sha1((self.stream_id + self.host.secret).encode()).hexdigest()
        self.host.handshakes.append(given)
        if given == right:
            self.authenticated = True
            self.write("<handshake/>")
            self.host.links.append(self)
            self.host.online.set()
        else:
            self.write("<stream:error><not-authorized xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
                       "</stream:error></stream:stream>")
            self.writer.close()


class ComponentHost:
    def __init__(self, jid="irc.localhost", secret="secret"):
        self.jid, self.secret = jid, secret
        self.inbox = Inbox("component host")
        self.counter = itertools.count(1)
        self.headers, self.handshakes, self.links = [], [], []
        self.traffic, self.broken = [], []
        self.online = asyncio.Event()
        self.answers = dict(_AUTOMATIC)
        self.tasks = set()
        self.server = None
        self.port = None

    async def start(self, port=None):
        self.server = await asyncio.start_server(self.accept, "127.0.0.1", port or free_port())
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    async def accept(self, reader, writer):
        task = asyncio.current_task()
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        await Link(self, reader, writer).run()

    async def stop(self):
        if self.server:
            self.server.close()
        for task in list(self.tasks):
            task.cancel()

    @property
    def link(self):
        """The newest link that came through the handshake."""
        return self.links[-1]

    async def wait_online(self, links=1, within=WITHIN):
        await until(lambda: len(self.links) >= links, f"link {links} of the component", within)
        return self.link

    def receive(self, stanza):
        self.inbox.put(stanza)
        if stanza.tag == f"{{{COMPONENT}}}iq" and stanza.get("type") in ("get", "set"):
            self.answer(stanza)

    def answer(self, iq):
        """What a server and its users say by themselves; the scenario changes `answers` to differ: a
        text is the payload of the result, None stays silent, a callable gets the iq and gives the
        text or None. What is not in it is an error."""
        payload = next(iter(iq), None)
        answer = self.answers.get(payload.tag if payload is not None else "", False)
        if callable(answer):
            answer = answer(iq)
        if answer is None:
            return
        kind = "result" if answer is not False else "error"
        inner = answer if answer is not False else (
            "<error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>")
        self.send(f"<iq type='{kind}' id='{iq.get('id')}' from='{iq.get('to') or 'localhost'}' "
                  f"to='{iq.get('from') or self.jid}'>{inner}</iq>")

    def send(self, text):
        self.traffic.append((">", text if isinstance(text, bytes) else text.encode()))
        self.link.write(text)

    async def expect(self, *paths, within=WITHIN):
        """The oldest stanza not yet asked for that has every path."""
        return await self.inbox.take(lambda stanza: matches(stanza, paths), " and ".join(paths), within)

    def refute(self, *paths):
        """Nothing like this arrived so far (call sync() first)."""
        stanza = self.inbox.first(lambda stanza: matches(stanza, paths))
        assert stanza is None, f"unexpected: {show(stanza)}"

    def forget(self, *paths):
        """What came so far and is like this."""
        self.inbox.items = [stanza for stanza in self.inbox.items if not matches(stanza, paths)]

    async def ask(self, to, payload, type_="get", user="romeo@localhost/orchard", within=WITHIN):
        """Sends an iq of a user and returns its answer, whoever it claims to come from."""
        id_ = f"ask{next(self.counter)}"
        self.send(f"<iq type='{type_}' id='{id_}' from='{user}' to='{to}'>{payload}</iq>")
        return await self.inbox.take(
            lambda s: s.tag.endswith("}iq") and s.get("id") == id_ and s.get("type") in ("result", "error"),
            f"answer to {id_} {payload}", within)

    async def sync(self, user="romeo@localhost/orchard"):
        """After this the gateway has dealt with all that was sent before."""
        await self.ask(self.jid, "<ping xmlns='urn:xmpp:ping'/>", user=user)

    def log(self):
        lines = [f"{way} {data.decode(errors='replace')[:2000]}" for way, data in self.traffic[-80:]]
        left = [show(stanza) for stanza in self.inbox.items[-20:]]
        return "\n".join(lines + ["-- not asked for:"] + left + [f"-- broken: {b}" for b in self.broken])
