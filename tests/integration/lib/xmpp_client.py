# SPDX-License-Identifier: MIT
"""A person's XMPP client (slixmpp) on a real server, or on ours. Stanzas are matched as in component_host, in the
namespace jabber:client."""

import asyncio
import itertools
import logging
import ssl
import xml.etree.ElementTree as ET

logging.getLogger("slixmpp").setLevel(logging.CRITICAL)  # before the import, which complains of a slow stringprep

import slixmpp  # noqa: E402
from slixmpp.xmlstream.handler import Callback  # noqa: E402
from slixmpp.xmlstream.matcher.base import MatcherBase  # noqa: E402

from .component_host import matches  # noqa: E402
from .raw_client import CLIENT  # noqa: E402
from .waiting import WITHIN, Inbox  # noqa: E402


class _Everything(MatcherBase):
    def match(self, xml):
        return True


class XmppClient(slixmpp.ClientXMPP):
    """`tls`: None: never; "starttls": it has to be; "direct": from the first byte on (XEP-0368). `trusted` is the PEM
    file of the certificate that the server has to have or to be vouched for by; without it any is taken."""

    def __init__(self, jid, password, port, tls=None, trusted=None):
        super().__init__(jid, password, plugin_config={"feature_mechanisms": {
            "unencrypted_plain": tls is None, "unencrypted_scram": tls is None}})
        self.port_number, self.tls = port, tls
        if trusted:
            self.ca_certs = trusted
        else:
            self.ssl_context.check_hostname = False
            self.ssl_context.verify_mode = ssl.CERT_NONE
        self.refusals = Inbox(f"refusals of {jid}")
        self.gone = asyncio.Event()
        self.add_event_handler("failed_auth", self.refusals.put)
        self.add_event_handler("disconnected", lambda _: self.gone.set())
        self.inbox = Inbox(jid)
        self.seen = []
        self.on_stanza = None
        self.ids = itertools.count(1)
        self.ready = asyncio.Event()
        self.auto_authorize = self.auto_subscribe = None
        self.use_ipv6 = False
        self.add_event_handler("session_start", lambda _: self.ready.set())
        self.register_handler(Callback("inbox", _Everything(None), self._arrived))

    def _arrived(self, stanza):
        xml = stanza.xml
        self.seen.append(xml)
        if self.on_stanza:
            self.on_stanza(xml)
        self.inbox.put(xml)

    async def login(self, within=WITHIN):
        self.start()
        await asyncio.wait_for(self.ready.wait(), within)
        return self

    def start(self):
        self.connect(("127.0.0.1", self.port_number), use_ssl=self.tls == "direct",
                     force_starttls=self.tls == "starttls", disable_starttls=self.tls != "starttls")

    def say(self, xml):
        self.send_raw(xml)

    async def expect(self, *paths, within=WITHIN):
        return await self.inbox.take(lambda s: matches(s, paths, CLIENT), " and ".join(paths), within)

    async def ask(self, to, payload, type_="get", within=WITHIN):
        id_ = f"c{next(self.ids)}"
        self.say(f"<iq type='{type_}' id='{id_}' to='{to}'>{payload}</iq>")
        return await self.inbox.take(
            lambda s: s.tag.endswith("}iq") and s.get("id") == id_ and s.get("type") in ("result", "error"),
            f"answer to {id_} {payload}", within)

    async def close(self):
        try:
            await asyncio.wait_for(self.disconnect(wait=1), 5)
        except (asyncio.TimeoutError, asyncio.CancelledError):
            self.abort()

    def log(self):
        return "\n".join(ET.tostring(xml, encoding="unicode") for xml in self.seen[-40:])


def find(stanza, path):
    return stanza.find(path, CLIENT)


def text_of(stanza, path):
    found = stanza.find(path, CLIENT)
    return None if found is None else found.text or ""
