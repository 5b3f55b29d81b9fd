# SPDX-License-Identifier: MIT
"""What clients such as Gajim do by themselves: they say what they support (XEP-0115), take contacts that the gateway
offers for the roster (XEP-0144), and accept subscriptions from the gateway, subscribing in turn."""

from xml.sax.saxutils import quoteattr

from .people import GATEWAY
from .xmpp_client import CLIENT

ROSTERX = "http://jabber.org/protocol/rosterx"
INFO = "http://jabber.org/protocol/disco#info"
CAPS = ("<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='https://client.example' "
        "ver='RkwGicZQYPcBVlNK4vP4d3WCoNQ='/>")
FEATURES = (f"<query xmlns='{INFO}'><identity category='client' type='pc' name='C'/>"
            f"<feature var='{ROSTERX}'/></query>")


def _take(client, item):
    jid, action = quoteattr(item.get("jid")), item.get("action")
    groups = "".join(f"<group>{group.text}</group>" for group in item)
    inside = f"name={quoteattr(item.get('name') or '')}>{groups}" if action != "delete" else "subscription='remove'>"
    client.say(f"<iq type='set' id='take-{next(client.ids)}'><query xmlns='jabber:iq:roster'>"
               f"<item jid={jid} {inside}</item></query></iq>")
    if action == "add":
        client.say(f"<presence type='subscribe' to={jid}/>")


def _answer(client, xml, payload=""):
    client.say(f"<iq type='result' id={quoteattr(xml.get('id'))} to={quoteattr(xml.get('from'))}>{payload}</iq>")


def obey(client):
    """From now on the client does all this."""
    def on_stanza(xml):
        sender = xml.get("from") or ""
        if sender.split("@")[-1].split("/")[0] != GATEWAY:
            return
        items = xml.findall(f"{{{ROSTERX}}}x/{{{ROSTERX}}}item")
        if xml.get("type") == "get" and xml.find(f"{{{INFO}}}query") is not None:
            _answer(client, xml, FEATURES)
        elif items and xml.get("type") == "set" and sender == GATEWAY:
            for item in items:
                _take(client, item)
            _answer(client, xml)
        elif xml.tag == f"{{{CLIENT['']}}}presence" and xml.get("type") == "subscribe":
            client.say(f"<presence type='subscribed' to={quoteattr(sender)}/>")
            client.say(f"<presence type='subscribe' to={quoteattr(sender)}/>")

    client.on_stanza = on_stanza
