# SPDX-License-Identifier: MIT
"""Ping, version and the address prompt are answered by whom they were asked of."""

from lib.component_host import text_of
from lib.scenario import run


async def scenario(t):
    await t.scripted()
    ask = t.host.ask
    for jid in ("irc.localhost", "juliet@irc.localhost/bot"):
        answer = await ask(jid, "<ping xmlns='urn:xmpp:ping'/>")
        assert (answer.get("type"), answer.get("from")) == ("result", jid)
    answer = await ask("irc.localhost", "<query xmlns='jabber:iq:version'/>")
    assert text_of(answer, "version:query/version:name") and text_of(answer, "version:query/version:version")
    answer = await ask("irc.localhost", "<query xmlns='jabber:iq:gateway'/>")
    assert [child.tag.split("}")[1] for child in answer[0]] == ["desc", "prompt"]
    answer = await ask("irc.localhost", "<query xmlns='jabber:iq:gateway'><prompt>a@b</prompt></query>", "set")
    assert text_of(answer, "gateway:query/gateway:jid") == "a\\40b@irc.localhost"


run(scenario)
