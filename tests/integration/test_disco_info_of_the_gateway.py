# SPDX-License-Identifier: MIT
"""disco#info of the gateway: identity, features, and an error for an unknown node."""

from lib.component_host import find
from lib.scenario import run


async def scenario(t):
    await t.scripted({"identity.name": "IRC", "identity.type": "irc"}, announce="[features]|muc=1")
    answer = await t.host.ask("irc.localhost", "<query xmlns='http://jabber.org/protocol/disco#info'/>")
    assert answer.get("type") == "result" and answer.get("from") == "irc.localhost"
    identity = find(answer, "info:query/info:identity")
    assert identity.attrib == {"category": "gateway", "type": "irc", "name": "IRC"}, identity.attrib
    features = {f.get("var") for f in answer[0] if f.tag.endswith("feature")}
    for feature in ("jabber:iq:register", "jabber:iq:gateway", "http://jabber.org/protocol/disco#info",
                    "http://jabber.org/protocol/disco#items", "http://jabber.org/protocol/muc", "urn:xmpp:ping",
                    "jabber:iq:version"):
        assert feature in features, f"{feature} not in {features}"
    answer = await t.host.ask("irc.localhost", "<query xmlns='http://jabber.org/protocol/disco#info' node='none'/>")
    assert find(answer, "error/stanzas:item-not-found") is not None


run(scenario)
