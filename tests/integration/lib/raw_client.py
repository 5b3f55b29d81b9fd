# SPDX-License-Identifier: MIT
"""A client's stream (RFC 6120) byte by byte: the scenario says what is sent and what has to come. Nothing is
answered of itself. Stanzas, features and stream errors are matched as in component_host, in the namespace
jabber:client."""

import asyncio
import base64
import copy
import hashlib
import itertools
import socket
import ssl
import struct
import xml.etree.ElementTree as ET

from .component_host import NAMESPACES, matches
from .waiting import WITHIN, Inbox

STREAM = "http://etherx.jabber.org/streams"

# Prefixes for the paths of expect(); names without one are of jabber:client.
CLIENT = {
    **NAMESPACES,
    "": "jabber:client",
    "errors": "urn:ietf:params:xml:ns:xmpp-streams",
    "tls": "urn:ietf:params:xml:ns:xmpp-tls",
    "sasl": "urn:ietf:params:xml:ns:xmpp-sasl",
    "sasl2": "urn:xmpp:sasl:2",
    "bind": "urn:ietf:params:xml:ns:xmpp-bind",
    "bind2": "urn:xmpp:bind:0",
    "session": "urn:ietf:params:xml:ns:xmpp-session",
    "sm": "urn:xmpp:sm:3",
    "csi": "urn:xmpp:csi:0",
    "carbons": "urn:xmpp:carbons:2",
    "forward": "urn:xmpp:forward:0",
    "blocking": "urn:xmpp:blocking",
    "mam": "urn:xmpp:mam:2",
    "sid": "urn:xmpp:sid:0",
    "hints": "urn:xmpp:hints",
    "pubsub": "http://jabber.org/protocol/pubsub",
    "pubsubevent": "http://jabber.org/protocol/pubsub#event",
    "upload": "urn:xmpp:http:upload:0",
    "rsm": "http://jabber.org/protocol/rsm",
    "bookmarks": "storage:bookmarks",
    "bookmarks1": "urn:xmpp:bookmarks:1",
    "rosterver": "urn:xmpp:features:rosterver",
    "preapproval": "urn:xmpp:features:pre-approval",
}


def any_certificate():
    """TLS with whomever; the scenario looks at `certificate` if it matters."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def plain(name, password):
    return base64.b64encode(f"\0{name}\0{password}".encode()).decode()


def show(stanza):
    return ET.tostring(stanza, encoding="unicode")


def find(stanza, path):
    return stanza.find(path, CLIENT)


def text_of(stanza, path):
    found = stanza.find(path, CLIENT)
    return None if found is None else found.text or ""


class RawClient(asyncio.Protocol):
    """One connection. `domain` is what the stream is opened to."""

    def __init__(self, port, domain="localhost", host="127.0.0.1", name="raw"):
        self.port, self.domain, self.host, self.name = port, domain, host, name
        self.inbox = Inbox(name)
        self.traffic = []
        self.ids = itertools.count(1)
        self.transport = None
        self.parser, self.depth, self.root = None, 0, None
        self.header = None  # of the server's newest stream
        self.features = None  # likewise
        self.jid = None  # what was bound
        self.handled = 0  # stanzas that came since stream management was enabled or the start
        self.acks = False  # <r/> is answered by itself
        self.closed = asyncio.Event()  # the connection is gone
        self.ended = False  # </stream:stream> has come
        self.broken = None  # the server's XML was not well-formed
        self.certificate = None  # of the server, in DER
        self.restart()

    # The connection

    async def connect(self, tls=False, context=None):
        """`tls`: from the first byte on (XEP-0368)."""
        loop = asyncio.get_running_loop()
        options = {"ssl": self.context(context, "xmpp-client"), "server_hostname": self.domain} if tls else {}
        await loop.create_connection(lambda: self, self.host, self.port, **options)
        self.note_certificate()
        return self

    def context(self, context, protocol=None):
        context = context or any_certificate()
        if protocol:
            context.set_alpn_protocols([protocol])
        return context

    def note_certificate(self):
        tls = self.transport.get_extra_info("ssl_object")
        self.certificate = tls.getpeercert(True) if tls else None

    def fingerprint(self):
        return hashlib.sha256(self.certificate).hexdigest()

    def connection_made(self, transport):
        self.transport = transport

    def connection_lost(self, error):
        self.closed.set()
        self.inbox.arrived.set()

    def data_received(self, data):
        self.traffic.append(("<", data))
        try:
            self.parser.feed(data)
            for event, element in self.parser.read_events():
                self.handle(event, element)
        except ET.ParseError as error:
            self.broken = str(error)

    def send(self, text):
        data = text if isinstance(text, bytes) else text.encode()
        self.traffic.append((">", data))
        self.transport.write(data)

    def stop_reading(self):
        self.transport.pause_reading()

    def go_on_reading(self):
        self.transport.resume_reading()

    def abort(self):
        """As if the network went: the server gets a reset and no word."""
        self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                                           struct.pack("ii", 1, 0))
        self.transport.abort()

    async def close(self):
        """Politely, if it is open still."""
        if self.transport is None or self.closed.is_set():
            return
        if self.header is not None and not self.ended:
            self.send("</stream:stream>")
            try:
                await asyncio.wait_for(self.closed.wait(), 2)
            except asyncio.TimeoutError:
                pass
        self.transport.abort()

    async def wait_closed(self, within=WITHIN):
        await asyncio.wait_for(self.closed.wait(), within)

    # The stream

    def restart(self):
        """What comes next is a stream of its own."""
        self.parser = ET.XMLPullParser(["start", "end"])
        self.depth, self.root, self.header = 0, None, None

    def handle(self, event, element):
        if event == "start":
            self.depth += 1
            if self.depth == 1:
                self.root = self.header = element
            return
        self.depth -= 1
        if self.depth == 0:
            self.ended = True
        elif self.depth == 1:
            self.arrived(copy.deepcopy(element))
            self.root.remove(element)

    def arrived(self, element):
        if element.tag == f"{{{STREAM}}}features":
            self.features = element
        if element.tag.startswith("{jabber:client}"):
            self.handled += 1
        if self.acks and element.tag == "{urn:xmpp:sm:3}r":
            self.ack()
            return
        self.inbox.put(element)

    async def open(self, **attributes):
        """A stream header; the features that answer it."""
        self.restart()
        given = {"to": self.domain, "version": "1.0", "xmlns": "jabber:client", "xmlns:stream": STREAM, **attributes}
        self.send("<?xml version='1.0'?><stream:stream " + " ".join(
            f"{key.replace('_', ':')}='{value}'" for key, value in given.items() if value is not None) + ">")
        return await self.expect("stream:features")

    async def starttls(self, context=None):
        """In a stream that is open; it is opened again in TLS. Returns its features."""
        self.send("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
        await self.expect("tls:proceed")
        await self.secure(context)
        return await self.open()

    async def secure(self, context=None):
        """TLS begins now."""
        self.restart()
        self.transport = await asyncio.get_running_loop().start_tls(
            self.transport, self, self.context(context), server_hostname=self.domain)
        self.note_certificate()

    async def expect(self, *paths, within=WITHIN):
        """The oldest element not yet asked for that has every path."""
        return await self.inbox.take(lambda e: matches(e, paths, CLIENT), " and ".join(paths), within)

    def refute(self, *paths):
        """Nothing like this arrived so far (call sync() first)."""
        found = self.inbox.first(lambda e: matches(e, paths, CLIENT))
        assert found is None, f"{self.name}: unexpected: {show(found)}"

    async def expect_end(self, condition=None, within=WITHIN):
        """The end of stream and connection, with this stream error; None: without an error. Returns the error."""
        error = await self.expect(f"stream:error/errors:{condition}", within=within) if condition else None
        await self.wait_closed(within)
        assert self.ended, f"{self.name}: the stream was not closed"
        if error is None:
            self.refute("stream:error")
        return error

    # What a client does

    async def authenticate(self, name, password="secret", mechanism="PLAIN"):
        """<success/> or <failure/>."""
        self.send(f"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='{mechanism}'>"
                  f"{plain(name, password)}</auth>")
        return await self.answer_of_login("sasl")

    async def answer_of_login(self, prefix="sasl"):
        space = CLIENT[prefix]
        return await self.inbox.take(lambda e: e.tag in (f"{{{space}}}success", f"{{{space}}}failure"),
                                     "answer to the login", 70)

    async def authenticate2(self, name, password="secret", inner="", mechanism="PLAIN"):
        """XEP-0388; `inner` is asked for along with it (XEP-0386, XEP-0198)."""
        self.send(f"<authenticate xmlns='urn:xmpp:sasl:2' mechanism='{mechanism}'><initial-response>"
                  f"{plain(name, password)}</initial-response>{inner}</authenticate>")
        return await self.answer_of_login("sasl2")

    async def bind(self, resource=None):
        """Opens the stream that follows a login, and binds. The full JID."""
        await self.open()
        asked = f"<resource>{resource}</resource>" if resource else ""
        answer = await self.ask(None, f"<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>{asked}</bind>", "set")
        assert answer.get("type") == "result", show(answer)
        self.jid = text_of(answer, "bind:bind/bind:jid")
        self.handled = 0
        return self.jid

    async def login(self, name, password="secret", resource="orchard", starttls=False, tls=False, context=None):
        """From the connection to a bound resource."""
        await self.connect(tls, context)
        await self.open()
        if starttls:
            await self.starttls(context)
        answer = await self.authenticate(name, password)
        assert answer.tag.endswith("}success"), show(answer)
        await self.bind(resource)
        return self

    async def enable(self, resume=True):
        """Stream management; <enabled/> or <failed/>."""
        self.send("<enable xmlns='urn:xmpp:sm:3'" + (" resume='true'/>" if resume else "/>"))
        answer = await self.inbox.take(lambda e: e.tag in ("{urn:xmpp:sm:3}enabled", "{urn:xmpp:sm:3}failed"),
                                       "answer to <enable/>")
        self.handled = 0
        return answer

    async def resume(self, previous, handled):
        """After a login, in the place of bind(); <resumed/> or <failed/>."""
        await self.open()
        self.send(f"<resume xmlns='urn:xmpp:sm:3' previd='{previous}' h='{handled}'/>")
        return await self.inbox.take(lambda e: e.tag in ("{urn:xmpp:sm:3}resumed", "{urn:xmpp:sm:3}failed"),
                                     "answer to <resume/>")

    def ack(self, handled=None):
        self.send(f"<a xmlns='urn:xmpp:sm:3' h='{self.handled if handled is None else handled}'/>")

    async def ask(self, to, payload, type_="get", within=WITHIN):
        """Sends an iq and returns its answer. `to` None: without one."""
        id_ = f"raw{next(self.ids)}"
        address = f" to='{to}'" if to else ""
        self.send(f"<iq type='{type_}' id='{id_}'{address}>{payload}</iq>")
        return await self.inbox.take(
            lambda e: e.tag.endswith("}iq") and e.get("id") == id_ and e.get("type") in ("result", "error"),
            f"answer to {id_} {payload}", within)

    async def sync(self):
        """After this the server has dealt with all that was sent before."""
        await self.ask(self.domain, "<ping xmlns='urn:xmpp:ping'/>")

    def log(self):
        lines = [f"{way} {data.decode(errors='replace')[:2000]}" for way, data in self.traffic[-80:]]
        left = [show(element) for element in self.inbox.items[-20:]]
        state = f"-- closed: {self.closed.is_set()}, ended: {self.ended}, broken: {self.broken}"
        return "\n".join(lines + ["-- not asked for:"] + left + [state])
