# SPDX-License-Identifier: MIT
"""Names and groups that users give contacts: found at login, told by the server, or asked of the gateway."""

from lib.privileges import RosterKeeper
from lib.scenario import run
from lib.waiting import until

USER = "romeo@localhost"
NURSE = "nurse@irc.localhost"


async def told(t, name, group):
    change = await t.backend.expect("BUDDY_CHANGED", user=USER)
    assert (change.buddy, change.alias, change.values.get("group")) == ("nurse", name, group), change


async def scenario(t):
    await t.scripted()
    keeper = RosterKeeper(t.host)
    keeper.grant()
    await t.enter()
    t.backend.buddy(USER, "nurse", alias="Nurse", group=["Servants"])
    await until(lambda: NURSE in keeper.of(USER), "the contact in the roster")
    # The server tells at once.
    push = "<query xmlns='jabber:iq:roster'><item jid='%s' name='%s' subscription='both'>%s</item></query>"
    for name, group in (("Angelica", "Family"), ("Angelica", None)):
        groups = f"<group>{group}</group>" if group else ""
        answer = await t.host.ask("irc.localhost", push % (NURSE, name, groups), "set", user=USER)
        assert answer.get("type") == "result"
        await told(t, name, [group] if group else None)
    keeper.put(USER, NURSE, "Angelica")
    # Changed while the user was away.
    t.host.send(f"<presence type='unavailable' from='{USER}/orchard' to='irc.localhost'/>")
    await t.backend.expect("LOGOUT", user=USER)
    keeper.put(USER, NURSE, "Old nurse", ["Family"])
    keeper.put(USER, "stranger@irc.localhost", "Stranger")
    changes = len(keeper.changes)
    await t.login()
    await told(t, "Old nurse", ["Family"])
    # A client asks the gateway, which has its server follow.
    item = f"<query xmlns='jabber:iq:roster'><item jid='{NURSE}' name='Nurse'><group>Servants</group></item></query>"
    assert (await t.host.ask("irc.localhost", item, "set")).get("type") == "result"
    await told(t, "Nurse", ["Servants"])
    await until(lambda: keeper.of(USER)[NURSE] == ("Nurse", {"Servants"}, "both"), "the server follows")
    assert len(keeper.changes) == changes + 1, keeper.changes[changes:]
    answer = await t.host.ask("irc.localhost", "<query xmlns='jabber:iq:roster'/>")
    items = answer.findall("{jabber:iq:roster}query/{jabber:iq:roster}item")
    assert [(i.get("jid"), i.get("name"), i.get("subscription")) for i in items] == [(NURSE, "Nurse", "both")]
    # Kept for the next login.
    t.host.send(f"<presence type='unavailable' from='{USER}/orchard' to='irc.localhost'/>")
    await t.backend.expect("LOGOUT", user=USER)
    await t.login()
    item = f"<query xmlns='jabber:iq:roster'><item jid='{NURSE}' subscription='remove'/></query>"
    assert (await t.host.ask("irc.localhost", item, "set")).get("type") == "result"
    await t.backend.expect("BUDDY_REMOVED", user=USER, buddy="nurse")
    await until(lambda: NURSE not in keeper.of(USER), "the server follows again")
    t.backend.refute("BUDDY_CHANGED")
    assert "stranger@irc.localhost" in keeper.of(USER)


run(scenario)
