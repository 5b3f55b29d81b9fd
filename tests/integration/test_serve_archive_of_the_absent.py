# SPDX-License-Identifier: MIT
"""A client that was away finds in the archive what others got meanwhile, once, with the ids that those saw; what waited
for a user without any client is there as well. What is not to be kept is not."""

from lib.raw_client import find, text_of
from lib.scenario import run

MAM = "urn:xmpp:mam:2"
HINT = "<no-store xmlns='urn:xmpp:hints'/>"


async def read(client, after=None):
    """[(id, body)] and whether that is all."""
    page = f"<set xmlns='http://jabber.org/protocol/rsm'><max>50</max>{f'<after>{after}</after>' if after else ''}</set>"
    fin = await client.ask(None, f"<query xmlns='{MAM}' queryid='q'>{page}</query>", "set")
    if fin.get("type") == "error":
        return fin
    found = []
    for _ in range(int(len(client.inbox.items))):
        result = next((e for e in client.inbox.items if find(e, "mam:result") is not None), None)
        if result is None:
            break
        client.inbox.items.remove(result)
        inner = find(result, "mam:result/forward:forwarded/message")
        found.append((find(result, "mam:result").get("id"), text_of(inner, "body")))
    assert find(fin, "mam:fin").get("complete") == "true"
    return found


async def scenario(t):
    await t.serve({"settings.stay_connected": 1, "database.type": "sqlite3",
                   "database.database": t.folder / "database.sql"})
    desk = await t.raw_user("romeo", "desk")
    info = await desk.ask("romeo@localhost", "<query xmlns='http://jabber.org/protocol/disco#info'/>")
    features = {each.get("var") for each in info[0]}
    assert {MAM, f"{MAM}#extended", "urn:xmpp:sid:0"} <= features, features

    t.backend.message("romeo@localhost", "juliet", "one")
    one = find(await desk.expect("message[body='one']"), "sid:stanza-id")
    assert one.get("by") == "romeo@localhost", one.attrib
    desk.send(f"<message type='chat' to='juliet@localhost'><body>secret</body>{HINT}</message>")
    desk.send("<message type='chat' to='juliet@localhost'><body>two</body></message>")
    await t.backend.expect("CONV_MESSAGE", message="two")

    phone = await t.raw_user("romeo", "phone", backend=None)
    seen = await read(phone)
    assert [body for _, body in seen] == ["one", "two"], seen
    assert seen[0][0] == one.get("id"), (seen, one.attrib)

    await desk.close()
    await phone.close()
    t.backend.message("romeo@localhost", "juliet", "three", timestamp="20240102T030405")
    await t.backend.sync()
    desk = await t.raw_user("romeo", "desk")
    three = find(await desk.expect("message[body='three']", "message/delay:delay"), "sid:stanza-id")
    phone = await t.raw_user("romeo", "phone")
    news = await read(phone, after=seen[-1][0])
    assert news == [(three.get("id"), "three")], news

    refused = await read(phone, after="12345")
    assert find(refused, "error/stanzas:item-not-found") is not None


run(scenario)
