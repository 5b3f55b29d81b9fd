# SPDX-License-Identifier: MIT
"""A scripted server that grants XEP-0356 and keeps the rosters of its users."""

import xml.etree.ElementTree as ET

ROSTER = "{jabber:iq:roster}"


class RosterKeeper:
    """On a component host: answers jabber:iq:roster for all users. `refuses` is the condition for changes, if any."""

    def __init__(self, host, access="both", version=2):
        self.host, self.access, self.version = host, access, version
        self.rosters = {}  # bare JID: {jid: (name, groups, subscription)}
        self.refuses = None
        self.changes = []  # (user, jid, subscription), as asked for
        host.answers[f"{ROSTER}query"] = self.answer

    def grant(self, domain="localhost"):
        self.host.send(f"<message from='{domain}' to='{self.host.jid}'>"
                       f"<privilege xmlns='urn:xmpp:privilege:{self.version}'>"
                       f"<perm access='roster' type='{self.access}'/></privilege></message>")

    def of(self, user):
        return self.rosters.setdefault(user, {})

    def put(self, user, jid, name="", groups=(), subscription="both"):
        self.of(user)[jid] = (name, frozenset(groups), subscription)

    def answer(self, iq):
        if iq.get("type") == "get":
            return self.list(iq.get("to"))
        if self.refuses:
            self.host.send(f"<iq type='error' id='{iq.get('id')}' from='{iq.get('to')}' to='{iq.get('from')}'>"
                           f"<error type='wait'><{self.refuses} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"
                           "</iq>")
            return None
        for item in iq.iter(f"{ROSTER}item"):
            self.change(iq.get("to"), item)
        return ""

    def change(self, user, item):
        jid, subscription = item.get("jid"), item.get("subscription")
        self.changes.append((user, jid, subscription))
        if subscription == "remove":
            self.of(user).pop(jid, None)
        else:
            groups = [group.text for group in item.iter(f"{ROSTER}group")]
            self.put(user, jid, item.get("name") or "", groups, subscription)

    def list(self, user):
        query = ET.Element("query", xmlns="jabber:iq:roster")
        for jid, (name, groups, subscription) in self.of(user).items():
            item = ET.SubElement(query, "item", jid=jid, subscription=subscription, name=name)
            for group in sorted(groups):
                ET.SubElement(item, "group").text = group
        return ET.tostring(query, encoding="unicode")
