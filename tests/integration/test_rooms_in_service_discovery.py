#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The list of rooms comes in pages, a room tells what it is and who is in it, and what it cannot do."""

from lib.component_host import text_of
from lib.rooms import join
from lib.scenario import run
from lib.waiting import until

ITEMS = "http://jabber.org/protocol/disco#items"
RSM = "{http://jabber.org/protocol/rsm}"


async def scenario(t):
    await t.scripted(announce="[features]|muc=1")
    await t.enter()
    t.backend.send("ROOM_LIST", room=["#d", "#b", "#a", "#c"], name=["D", "B", "A", "C"])

    async def page(inside):
        answer = await t.host.ask("irc.localhost", f"<query xmlns='{ITEMS}'>"
                                  f"<set xmlns='http://jabber.org/protocol/rsm'>{inside}</set></query>")
        query = answer[0]
        return ([item.get("name") for item in query.iterfind(f"{{{ITEMS}}}item")],
                query.findtext(f".//{RSM}last"), query.findtext(f".//{RSM}count"))

    async def listed():
        found = await page("<max>3</max>")
        return found if found[0] else None

    assert await until(listed, "rooms in disco#items") == (["A", "B", "C"], "#c", "4")
    assert await page("<max>3</max><after>#c</after>") == (["D"], "#d", "4")
    answer = await t.host.ask("irc.localhost", f"<query xmlns='{ITEMS}'><set xmlns='http://jabber.org/protocol/rsm'>"
                              "<after>#x</after></set></query>")
    assert answer.find("{*}error/{*}item-not-found") is not None

    await join(t, "#a", others=["juliet"])
    t.backend.send("ROOM_SUBJECT_CHANGED", user="romeo@localhost", buddy="#a", nickname="juliet", message="Balconies")
    await t.host.expect("message[subject='Balconies']")
    room = "#a@irc.localhost"
    info = (await t.host.ask(room, "<query xmlns='http://jabber.org/protocol/disco#info'/>"))[0]
    assert info.find("{*}identity").get("category") == "conference"
    assert {"http://jabber.org/protocol/muc", "muc_public"} <= {f.get("var") for f in info.iterfind("{*}feature")}
    fields = {f.get("var"): f.findtext("{*}value") for f in info.iterfind("{jabber:x:data}x/{jabber:x:data}field")}
    assert fields["muc#roominfo_occupants"] == "2" and fields["muc#roominfo_subject"] == "Balconies", fields
    inside = (await t.host.ask(room, f"<query xmlns='{ITEMS}'/>"))[0]
    assert {item.get("jid") for item in inside} == {f"{room}/juliet", f"{room}/montague"}

    kick = "<query xmlns='http://jabber.org/protocol/muc#admin'><item nick='juliet' role='none'/></query>"
    answer = await t.host.ask(room, kick, "set")
    assert (answer.get("type"), answer.get("from")) == ("error", room)
    assert answer.find("{*}error/{*}not-allowed") is not None and text_of(answer, "error/stanzas:text")


run(scenario)
