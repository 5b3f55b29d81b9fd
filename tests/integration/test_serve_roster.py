# SPDX-License-Identifier: MIT
"""The roster of a user is what the network has, the same for all clients: they are told of every change, whoever made
it (RFC 6121, section 2); who has it already need not get it again (section 2.6)."""

from lib.raw_client import find, show
from lib.scenario import run

ROMEO = "romeo@localhost"
ROSTER = "<query xmlns='jabber:iq:roster'{}>{}</query>"


def items(answer):
    return {item.get("jid"): item for item in answer.findall(".//{jabber:iq:roster}item")}


def version(stanza):
    return find(stanza, "roster:query").get("ver")


async def push_of(client, jid, **attributes):
    wanted = "".join(f"[@{key}='{value}']" for key, value in attributes.items())
    push = await client.expect("iq[@type='set']", f"iq/roster:query/roster:item[@jid='{jid}']{wanted}")
    assert push.get("from") is None, show(push)
    client.send(f"<iq type='result' id='{push.get('id')}'/>")
    return push


async def scenario(t):
    await t.serve()
    desk = await t.raw_user("romeo", "desk", presence=None)
    phone = await t.raw_user("romeo", "phone", presence=None)
    t.backend.buddy(ROMEO, "juliet", alias="Juliet", group=["Capulets", "Verona"])
    answer = await desk.ask(None, ROSTER.format(" ver=''", ""))
    while not items(answer):
        answer = await desk.ask(None, ROSTER.format(" ver=''", ""))
    juliet = items(answer)["juliet@localhost"]
    assert juliet.attrib == {"jid": "juliet@localhost", "name": "Juliet", "subscription": "both"}, show(juliet)
    assert {group.text for group in juliet} == {"Capulets", "Verona"}, show(juliet)
    whole = version(answer)
    again = await desk.ask(None, ROSTER.format(f" ver='{whole}'", ""))
    assert len(again) == 0, show(again)

    # Presence follows what is new in the roster.
    desk.send("<presence/>")
    await desk.expect("presence[@from='juliet@localhost/bot']")
    t.backend.buddy(ROMEO, "nurse", alias="Nurse")
    push = await push_of(desk, "nurse@localhost", name="Nurse", subscription="both")
    assert version(push) != whole
    await desk.expect("presence[@from='nurse@localhost/bot']")
    phone.refute("iq[@type='set']")

    # What one changes the others see.
    await phone.ask(None, ROSTER.format("", ""))
    done = await phone.ask(None, ROSTER.format("", "<item jid='nurse@localhost' name='Old nurse'><group>G</group></item>"),
                           "set")
    assert done.get("type") == "result", show(done)
    frame = await t.backend.expect("BUDDY_CHANGED", buddy="nurse")
    assert frame.values["alias"] == "Old nurse", frame
    for client in (desk, phone):
        push = await push_of(client, "nurse@localhost", name="Old nurse")
        assert [group.text for group in find(push, "roster:query")[0]] == ["G"], show(push)
    added = await desk.ask(None, ROSTER.format("", "<item jid='tybalt@localhost'/>"), "set")
    assert added.get("type") == "result", show(added)
    await t.backend.expect("BUDDY_CHANGED", buddy="tybalt")
    for client in (desk, phone):
        await push_of(client, "tybalt@localhost")

    await desk.ask(None, ROSTER.format("", "<item jid='tybalt@localhost' subscription='remove'/>"), "set")
    await t.backend.expect("BUDDY_REMOVED", buddy="tybalt")
    for client in (desk, phone):
        last = await push_of(client, "tybalt@localhost", subscription="remove")
    t.backend.send("BUDDY_REMOVED", user=ROMEO, buddy="nurse")
    for client in (desk, phone):
        await push_of(client, "nurse@localhost", subscription="remove")
    assert version(last) is None, "a client that uses no versions is told none"
    back = await desk.ask(None, ROSTER.format(f" ver='{whole}'", ""))
    assert len(back) == 0, "the roster is what it was"

    for wrong, condition in (("<item jid='x@elsewhere.example'/>", "not-acceptable"),
                             ("<item jid='nobody@localhost' subscription='remove'/>", "item-not-found"),
                             ("<item jid='romeo@localhost'/>", "not-allowed")):
        answer = await phone.ask(None, ROSTER.format("", wrong), "set")
        assert answer.find(f".//{{urn:ietf:params:xml:ns:xmpp-stanzas}}{condition}") is not None, show(answer)


run(scenario)
