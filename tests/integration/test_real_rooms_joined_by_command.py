# SPDX-License-Identifier: MIT
"""A room entered by the gateway's join command: bookmarked where the server grants that, else the user is invited;
what the user bookmarked himself stays as it is. One left by the command is no bookmark any more."""

from lib.people import GATEWAY, log_in
from lib.scenario import run
from lib.waiting import until

ROOM = "#verona@irc.localhost"
PUBSUB = "{http://jabber.org/protocol/pubsub}"
CONFERENCE = "{urn:xmpp:bookmarks:1}conference"


async def bookmarks(client):
    answer = await client.ask("romeo@localhost", "<pubsub xmlns='http://jabber.org/protocol/pubsub'>"
                              "<items node='urn:xmpp:bookmarks:1'/></pubsub>")
    return {item.get("id"): item.find(CONFERENCE) for item in answer.iter(f"{PUBSUB}item")}


async def join(client, room):
    client.say(f"<message type='chat' to='{GATEWAY}'><body>join {room}</body></message>")


async def scenario(t):
    await t.real(privileges=True)
    romeo = await t.xmpp_user("romeo")
    await log_in(romeo)
    await join(romeo, "#verona")
    if t.kind == "ejabberd":  # which grants messages and rosters only
        invitation = await romeo.expect(f"message[@from='{ROOM}']/mucuser:x/mucuser:invite")
        assert invitation.find("{jabber:x:conference}x").get("jid") == ROOM
        return
    found = await until(lambda: bookmarks(romeo), "the room is bookmarked")
    assert list(found) == [ROOM], found
    assert (found[ROOM].get("name"), found[ROOM].get("autojoin")) == ("#verona", "true")
    answer = await romeo.ask("romeo@localhost", "<pubsub xmlns='http://jabber.org/protocol/pubsub'>"
                             f"<publish node='urn:xmpp:bookmarks:1'><item id='{ROOM}'><conference "
                             "xmlns='urn:xmpp:bookmarks:1' name='Fair Verona'/></item></publish></pubsub>", "set")
    assert answer.get("type") == "result"
    await join(romeo, "#verona")
    await join(romeo, "#mantua")

    async def both():
        found = await bookmarks(romeo)
        return found if len(found) == 2 else None
    found = await until(both, "the other room is bookmarked")
    assert found[ROOM].get("name") == "Fair Verona"
    romeo.say(f"<presence to='#mantua@{GATEWAY}/romeo'><x xmlns='http://jabber.org/protocol/muc'/></presence>")
    await romeo.expect(f"presence[@from='#mantua@{GATEWAY}/romeo']", "presence/mucuser:x/mucuser:status[@code='110']")
    romeo.say(f"<message type='chat' to='{GATEWAY}'><body>leave #mantua</body></message>")

    async def one():
        return list(await bookmarks(romeo)) == [ROOM]
    await until(one, "the room that was left is no bookmark")


run(scenario)
