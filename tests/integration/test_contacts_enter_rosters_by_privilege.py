# SPDX-License-Identifier: MIT
"""Where the server lets us change rosters (XEP-0356), the gateway and its contacts are simply there, and go so."""

from lib.privileges import RosterKeeper
from lib.scenario import AVAILABLE, run
from lib.waiting import until

USER = "romeo@localhost"


async def scenario(t):
    await t.scripted()
    keeper = RosterKeeper(t.host)
    keeper.grant()
    await t.register()
    await until(lambda: keeper.of(USER).get("irc.localhost") == ("", frozenset(), "both"), "the gateway in the roster")
    # The server tells us now who is there; nobody had to agree.
    await t.host.expect(f"presence[@type='probe'][@from='irc.localhost'][@to='{USER}']")
    await t.login()
    t.backend.buddy(USER, "juliet@capulet.example", alias="Juliet", group=["Friends", "Balcony"])
    for n in range(20):
        t.backend.buddy(USER, f"nurse{n}", status=1, status_message="busy")
    juliet = "juliet\\40capulet.example@irc.localhost"
    await until(lambda: len(keeper.of(USER)) == 22, "all contacts in the roster")
    assert keeper.of(USER)[juliet] == ("Juliet", frozenset(["Friends", "Balcony"]), "both")
    # Shown when reported, and again when the roster has it.
    for _ in range(2):
        await t.host.expect(AVAILABLE.format(f"{juliet}/bot", USER))
    await t.host.sync()
    t.host.refute("presence[@type='subscribe']")
    # What the network changes goes there, and only that.
    changes = len(keeper.changes)
    t.backend.buddy(USER, "juliet@capulet.example", alias="Juliet C.", group=["Balcony", "Friends"])
    t.backend.buddy(USER, "nurse1", status=1, status_message="busy")
    t.backend.buddy(USER, "nurse2", status=1, status_message="busy", group=["Servants"])
    await until(lambda: keeper.of(USER)[juliet][0] == "Juliet C.", "the new name")
    await until(lambda: keeper.of(USER)["nurse2@irc.localhost"][1] == {"Servants"}, "the new group")
    assert len(keeper.changes) == changes + 2, keeper.changes[changes:]
    t.backend.send("BUDDY_REMOVED", user=USER, buddy="nurse3")
    await until(lambda: "nurse3@irc.localhost" not in keeper.of(USER), "the contact is out")
    # Another login has nothing to say of them.
    changes = len(keeper.changes)
    t.host.send(f"<presence type='unavailable' from='{USER}/orchard' to='irc.localhost'/>")
    await t.backend.expect("LOGOUT", user=USER)
    await t.login()
    t.backend.buddy(USER, "juliet@capulet.example", alias="Juliet C.", group=["Friends", "Balcony"])
    await t.host.expect(AVAILABLE.format(f"{juliet}/bot", USER))
    await t.host.sync()
    assert len(keeper.changes) == changes, keeper.changes[changes:]
    keeper.put(USER, "friend@elsewhere.example")
    t.host.send(f"<presence type='unavailable' from='{USER}/orchard' to='irc.localhost'/>")
    await t.backend.expect("LOGOUT", user=USER)
    # Unregistered by who is not even logged in.
    answer = await t.host.ask("irc.localhost", "<query xmlns='jabber:iq:register'><remove/></query>", "set")
    assert answer.get("type") == "result"
    await until(lambda: list(keeper.of(USER)) == ["friend@elsewhere.example"], "all of ours are out")
    await t.host.sync()
    t.host.refute("presence[@type='unsubscribed']")


run(scenario)
