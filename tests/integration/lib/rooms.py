# SPDX-License-Identifier: MIT
"""Entering a room through a scripted gateway."""


async def join(t, room, nick="montague", user="romeo@localhost/orchard", others=()):
    """The user enters `room`, in which `others` are; returns when he has seen himself."""
    bare = user.split("/")[0]
    jid = f"{room}@{t.host.jid}"
    t.host.send(f"<presence from='{user}' to='{jid}/{nick}'><x xmlns='http://jabber.org/protocol/muc'/></presence>")
    await t.backend.expect("JOIN_ROOM", user=bare, room=room, nickname=nick)
    for other in others:
        t.backend.participant(bare, room, other)
    t.backend.participant(bare, room, nick, flag=16)
    for other in others:
        await t.host.expect(f"presence[@from='{jid}/{other}'][@to='{user}']")
    await t.host.expect(f"presence[@from='{jid}/{nick}'][@to='{user}']",
                        "presence/mucuser:x/mucuser:status[@code='110']")
