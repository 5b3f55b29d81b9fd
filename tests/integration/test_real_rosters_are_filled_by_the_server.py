# SPDX-License-Identifier: MIT
"""With XEP-0356 on the real server contacts are in the user's roster without a question, and go from it. ejabberd 23.01
grants the change and cannot do it, so the user is asked; what it lets us read is read on both."""

from lib.people import wait_for_gateway
from lib.scenario import run
from lib.waiting import until

USER = "romeo@localhost"
GATEWAY = "irc.localhost"
JULIET = "juliet@irc.localhost"


async def items(client):
    answer = await client.ask(USER, "<query xmlns='jabber:iq:roster'/>")
    found = answer.findall("{jabber:iq:roster}query/{jabber:iq:roster}item")
    return {i.get("jid"): (i.get("name"), i.get("subscription"), [g.text for g in i]) for i in found}


async def roster_has(client, jid, item, what):
    async def looked_up():
        return (await items(client)).get(jid) == item
    await until(looked_up, what)


async def accept(client, jid):
    """What a client does with a subscription request, when its user agrees."""
    await client.expect(f"presence[@type='subscribe'][@from='{jid}']")
    client.say(f"<presence type='subscribed' to='{jid}'/>")
    client.say(f"<presence type='subscribe' to='{jid}'/>")
    await client.expect(f"presence[@type='subscribed'][@from='{jid}']")


async def rename(client, jid, name):
    answer = await client.ask(USER, f"<query xmlns='jabber:iq:roster'><item jid='{jid}' name='{name}'>"
                              "<group>Verona</group></item></query>", "set")
    assert answer.get("type") == "result"


async def log_in_again(t, client):
    client.say(f"<presence type='unavailable' to='{GATEWAY}'/>")
    await t.backend.expect("LOGOUT", user=USER)
    client.say(f"<presence to='{GATEWAY}'/>")
    await t.backend.expect("LOGIN", user=USER)
    t.backend.connected(USER)


async def scenario(t):
    asked = t.kind == "ejabberd"
    await t.half_real(privileges=True)
    romeo = await t.xmpp_user("romeo")
    await wait_for_gateway(romeo)
    await items(romeo)
    romeo.say("<presence/>")
    register = "<query xmlns='jabber:iq:register'><username>montague</username><password>x</password></query>"
    assert (await romeo.ask(GATEWAY, register, "set")).get("type") == "result"
    if asked:
        await accept(romeo, GATEWAY)
        romeo.say(f"<presence to='{GATEWAY}'/>")
    else:
        await roster_has(romeo, GATEWAY, (None, "both", []), "the gateway in the roster")
    # On Prosody the probe alone brings the user in.
    await t.backend.expect("LOGIN", user=USER)
    t.backend.connected(USER)
    await romeo.expect(f"presence[@from='{GATEWAY}'][not(@type)]")
    t.backend.buddy(USER, "juliet", alias="Juliet", group=["Friends"])
    if asked:
        await accept(romeo, JULIET)
        await t.gateway.wait_log("refuses a change of the roster: internal-server-error")
    else:
        await roster_has(romeo, JULIET, ("Juliet", "both", ["Friends"]), "the contact in the roster")
        t.backend.buddy(USER, "juliet", alias="Juliet C.", group=["Capulet"])
        await roster_has(romeo, JULIET, ("Juliet C.", "both", ["Capulet"]), "the new name and group")
    # The server does not push to us, and need not: the next login finds it.
    await rename(romeo, JULIET, "Sun")
    await log_in_again(t, romeo)
    change = await t.backend.expect("BUDDY_CHANGED", user=USER, alias="Sun")
    assert change.values.get("group") == ["Verona"], change
    if not asked:
        remove = "<query xmlns='jabber:iq:register'><remove/></query>"
        assert (await romeo.ask(GATEWAY, remove, "set")).get("type") == "result"

        async def is_empty():
            return not await items(romeo)
        await until(is_empty, "the roster is empty")
        asked_for = [xml for xml in romeo.seen if xml.tag.endswith("presence") and xml.get("type", "").endswith("subscribe")]
        assert not asked_for, asked_for


run(scenario)
