# SPDX-License-Identifier: MIT
"""A query nobody understands is an error from the JID that was addressed."""

from lib.component_host import find
from lib.scenario import run


async def scenario(t):
    await t.scripted()
    for jid in ("irc.localhost", "juliet@irc.localhost", "juliet@irc.localhost/bot", "#room@irc.localhost/nick"):
        for type_ in ("get", "set"):
            answer = await t.host.ask(jid, "<query xmlns='urn:example:nothing'/>", type_)
            assert (answer.get("type"), answer.get("from")) == ("error", jid), answer.attrib
            error = find(answer, "error")
            conditions = [child.tag.split("}")[1] for child in error]
            assert conditions[0] in ("feature-not-implemented", "service-unavailable"), conditions
    for bad in ("", "<a xmlns='urn:a'/><b xmlns='urn:b'/>"):
        answer = await t.host.ask("irc.localhost", bad)
        assert answer.get("type") == "error"
    # Answers to nothing are nobody's business: neither answered nor harmful.
    t.host.send("<iq type='result' id='x' from='romeo@localhost/orchard' to='irc.localhost'/>")
    t.host.send("<iq type='error' id='y' from='romeo@localhost/orchard' to='irc.localhost'/>")
    t.host.send("<iq type='nonsense' id='z' from='romeo@localhost/orchard' to='irc.localhost'/>")
    await t.host.sync()
    t.host.refute("iq[@id='x']")
    t.host.refute("iq[@id='y']")


run(scenario)
