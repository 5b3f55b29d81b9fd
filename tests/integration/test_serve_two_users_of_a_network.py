# SPDX-License-Identifier: MIT
"""Two users of the server meet on the network they share: what one says to the other goes by the network."""

from lib.scenario import run
from lib.served import enter_room

ROOM = "#spectrum@localhost"


async def scenario(t):
    await t.serve_irc()
    romeo = await t.served_user("romeo")
    juliet = await t.served_user("juliet")
    for client in (romeo, juliet):
        client.say("<presence/>")
    await enter_room(romeo, ROOM)
    await enter_room(juliet, ROOM, "juliet")
    await romeo.expect(f"presence[@from='{ROOM}/juliet'][not(@type)]")
    juliet.say(f"<message type='groupchat' to='{ROOM}'><body>to all</body></message>")
    for client in (romeo, juliet):
        message = await client.expect("message[@type='groupchat'][body='to all']")
        assert message.get("from") == f"{ROOM}/juliet"
    romeo.say("<message type='chat' to='juliet@localhost' id='m1'><body>to you</body></message>")
    message = await juliet.expect("message[@type='chat'][body='to you']")
    juliet.say(f"<message type='chat' to='{message.get('from')}'><body>and to you</body></message>")
    await romeo.expect("message[@type='chat'][body='and to you']")
    assert romeo.inbox.first(lambda s: s.get("type") == "error") is None


run(scenario)
