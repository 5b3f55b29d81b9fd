# SPDX-License-Identifier: MIT
"""Ping, version, time, uptime, statistics and the address prompt are answered by whom they were asked of."""

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
    answer = await ask("irc.localhost", "<query xmlns='jabber:iq:last'/>")
    assert int(answer[0].get("seconds")) >= 0
    answer = await ask("irc.localhost", "<time xmlns='urn:xmpp:time'/>")
    assert text_of(answer, "time:time/time:utc").endswith("Z") and text_of(answer, "time:time/time:tzo")
    answer = await ask("irc.localhost", "<query xmlns='http://jabber.org/protocol/stats'/>")
    names = [stat.get("name") for stat in answer[0]]
    assert {"uptime", "users/online", "contacts/total", "backends/running", "memory-usage"} <= set(names), names
    asked = "".join(f"<stat name='{name}'/>" for name in names)
    answer = await ask("irc.localhost", f"<query xmlns='http://jabber.org/protocol/stats'>{asked}</query>")
    values = {stat.get("name"): int(stat.get("value")) for stat in answer[0]}
    assert values["backends/running"] == 1 and values["memory-usage"] > 1000, values
    answer = await ask("irc.localhost", "<enable xmlns='urn:xmpp:carbons:2'/>", "set")
    assert answer.get("type") == "result"
    answer = await ask("juliet@irc.localhost", "<query xmlns='jabber:iq:search'/>")
    assert answer.get("from") == "juliet@irc.localhost" and answer.find("{*}error/{*}service-unavailable") is not None


run(scenario)
