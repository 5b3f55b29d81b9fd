# SPDX-License-Identifier: MIT
"""A client that supports XEP-0144 is told of contacts instead of being asked to subscribe; one that does not take
them is asked after all. What a client supports is asked once."""

from lib.component_host import show
from lib.scenario import run

ROSTERX = "http://jabber.org/protocol/rosterx"
CAPS = "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='https://client.example' ver='RkwGicZQYPcBVlNK4vP4d3WCoNQ='/>"
INFO = (f"<query xmlns='http://jabber.org/protocol/disco#info'><identity category='client' type='pc' name='C'/>"
        f"<feature var='{ROSTERX}'/></query>")


async def offered(t, user, action):
    iq = await t.host.expect(f"iq[@type='set'][@to='{user}']/{{{ROSTERX}}}x/{{{ROSTERX}}}item[@action='{action}']")
    assert iq.get("from") == t.host.jid
    items = list(iq[0])
    assert all(item.get("action") == action for item in items), show(iq)
    return {item.get("jid"): (item.get("name"), [group.text for group in item]) for item in items}


async def scenario(t):
    await t.scripted()
    asked = []
    romeo, orchard = "romeo@localhost", "romeo@localhost/orchard"

    def info(iq):
        if iq.get("to") == t.host.jid or "/" not in iq.get("to"):
            return "<query xmlns='http://jabber.org/protocol/disco#info'/>"
        asked.append(iq.get("to"))
        return INFO

    t.host.answers["{http://jabber.org/protocol/disco#info}query"] = info
    t.host.answers[f"{{{ROSTERX}}}x"] = lambda iq: "" if iq.get("to") == orchard else False
    await t.register(romeo)
    await t.login(romeo, presence=CAPS)
    await t.register("tybalt@localhost", "tybalt")
    await t.login("tybalt@localhost", "street", presence=CAPS)
    assert not asked, "nobody is asked before there is need"
    t.backend.buddy(romeo, "juliet", alias="Juliet", group=["Capulets", "Friends"])
    t.backend.buddy(romeo, "nurse")
    t.backend.buddy("tybalt@localhost", "juliet")
    items = await offered(t, orchard, "add")
    assert items == {"juliet@irc.localhost": ("Juliet", ["Capulets", "Friends"]), "nurse@irc.localhost": (None, [])}
    # This client refuses.
    assert await offered(t, "tybalt@localhost/street", "add") == {"juliet@irc.localhost": (None, [])}
    await t.host.expect("presence[@type='subscribe'][@from='juliet@irc.localhost'][@to='tybalt@localhost']")
    assert len(asked) == 1, asked
    # The client does as it is told.
    t.host.send(f"<presence type='subscribe' from='{romeo}' to='juliet@irc.localhost'/>")
    await t.host.expect("presence[@type='subscribed'][@from='juliet@irc.localhost']")
    await t.backend.expect("BUDDY_CHANGED", user=romeo)
    t.backend.buddy(romeo, "juliet", alias="Jule", group=["Capulets", "Friends"])
    assert await offered(t, orchard, "modify") == {"juliet@irc.localhost": ("Jule", ["Capulets", "Friends"])}
    t.backend.send("BUDDY_REMOVED", user=romeo, buddy="nurse")
    assert await offered(t, orchard, "delete") == {"nurse@irc.localhost": (None, [])}
    await t.host.sync()
    t.host.refute(f"presence[@type='subscribe'][@to='{romeo}'][@from='nurse@irc.localhost']")
    t.host.refute(f"presence[@type='unsubscribe'][@to='{romeo}']")


run(scenario)
