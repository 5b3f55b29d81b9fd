# SPDX-License-Identifier: MIT
"""Ad-hoc commands (XEP-0050): found in discovery, settings as they always were, registering by a form, errors."""

from lib.component_host import find, text_of
from lib.scenario import run

COMMANDS = "http://jabber.org/protocol/commands"
ROMEO = "romeo@localhost/orchard"


def submit(**values):
    fields = "".join(f"<field var='{name}'><value>{value}</value></field>" for name, value in values.items())
    return f"<x xmlns='jabber:x:data' type='submit'>{fields}</x>"


def fields_of(answer):
    return {field.get("var"): (field.get("type"), field.get("label"), text_of(field, "data:value"))
            for field in answer.findall(".//{jabber:x:data}field")}


async def scenario(t):
    await t.scripted({"service.admin_jid": ["boss@localhost"]})

    async def command(node, inside="", session=None, action=None, user=ROMEO):
        attributes = "".join(f" {name}='{value}'" for name, value in
                             (("node", node), ("sessionid", session), ("action", action)) if value is not None)
        answer = await t.host.ask("irc.localhost", f"<command xmlns='{COMMANDS}'{attributes}>{inside}</command>", "set",
                                  user=user)
        if answer.get("type") == "error":
            return answer, None, None
        element = find(answer, "commands:command")
        assert element.get("node") == node and element.get("sessionid") not in (None, "")
        return answer, element.get("sessionid"), element.get("status")

    info = await t.host.ask("irc.localhost", "<query xmlns='http://jabber.org/protocol/disco#info'/>")
    assert find(info, f"info:query/info:feature[@var='{COMMANDS}']") is not None
    items = await t.host.ask("irc.localhost", f"<query xmlns='http://jabber.org/protocol/disco#items' node='{COMMANDS}'/>")
    assert [item.get("node") for item in items[0]] == ["settings", "contacts", "join", "leave", "logout", "reconnect",
                                                       "register", "rooms", "status", "unregister"]
    assert (items[0][0].get("name"), items[0][0].get("jid")) == ("Transport settings", "irc.localhost")
    info = await t.host.ask("irc.localhost", "<query xmlns='http://jabber.org/protocol/disco#info' node='settings'/>")
    assert find(info, "info:query/info:identity[@category='automation'][@type='command-node']"
                "[@name='Transport settings']") is not None

    answer, _, status = await command("settings")
    assert status == "completed"
    assert text_of(answer, "commands:command/commands:note[@type='error']") == "You are not registered."

    answer, session, status = await command("register")
    assert status == "executing"
    assert find(answer, "commands:command/commands:actions[@execute='complete']/commands:complete") is not None
    assert fields_of(answer) == {
        "legacy_username": ("text-single", "3rd-party network username", None),
        "legacy_password": ("text-private", "3rd-party network password", None)}
    answer, _, _ = await command("register", submit(legacy_username="montague"), session, "complete")
    assert find(answer, "error[@type='modify']/stanzas:bad-request") is not None
    assert find(answer, "error/commands:bad-payload") is not None
    answer, _, status = await command("register", submit(legacy_username="montague", legacy_password="s3cret"), session,
                                      "complete")
    assert status == "completed"
    assert text_of(answer, "commands:command/commands:note") == "You are registered as montague."
    await t.host.expect("presence[@type='probe'][@to='romeo@localhost']")
    login = await t.login()
    assert (login.legacy_name, login.password) == ("montague", "s3cret")

    answer, session, status = await command("settings")
    assert status == "executing"
    assert fields_of(answer) == {
        "enable_transport": ("boolean", "Enable transport", "1"),
        "send_headlines": ("boolean", "Allow sending messages as headlines", "0"),
        "stay_connected": ("boolean", "Stay connected to legacy network when offline on XMPP", "0")}
    form = find(answer, "commands:command/data:x[@type='form']")
    assert find(form, "data:title") is None and find(form, "data:instructions") is None
    answer, _, status = await command("settings", submit(send_headlines="1"), session)
    assert status == "completed" and find(answer, "commands:command/data:x") is None
    t.backend.message("romeo@localhost", "juliet", "News", headline=1)
    await t.host.expect("message[@type='headline'][body='News']")
    answer, _, _ = await command("settings", submit(send_headlines="0"), session)
    assert find(answer, "error[@type='cancel']/stanzas:not-allowed") is not None
    assert find(answer, "error/commands:session-expired") is not None
    _, session, _ = await command("settings")
    _, _, status = await command("settings", "", session, "cancel")
    assert status == "canceled"

    answer, _, status = await command("admin/reload")
    assert find(answer, "error/stanzas:forbidden") is not None
    answer, _, status = await command("admin/online_users_count", user="boss@localhost/desk")
    assert status == "completed" and text_of(answer, "commands:command/commands:note") == "1"
    answer, _, _ = await command("dance")
    assert find(answer, "error/stanzas:item-not-found") is not None

    _, session, status = await command("unregister")
    assert status == "executing"
    _, _, status = await command("unregister", "", session, "complete")
    assert status == "completed"
    await t.backend.expect("LOGOUT", user="romeo@localhost")
    assert "s3cret" not in t.gateway.log()


run(scenario)
