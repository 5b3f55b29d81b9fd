# SPDX-License-Identifier: MIT
"""disco#info of a contact is answered from the contact, as a person's client."""

from lib.component_host import find
from lib.scenario import run


async def scenario(t):
    await t.scripted()
    answer = await t.host.ask("juliet@irc.localhost/bot", "<query xmlns='http://jabber.org/protocol/disco#info'/>")
    assert answer.get("from") == "juliet@irc.localhost/bot", answer.get("from")
    identity = find(answer, "info:query/info:identity")
    assert (identity.get("category"), identity.get("type")) == ("client", "pc")
    assert find(answer, "info:query/info:feature[@var='http://jabber.org/protocol/chatstates']") is not None


run(scenario)
