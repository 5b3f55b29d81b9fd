# SPDX-License-Identifier: MIT
"""A gateway that is killed loses nothing of what waits: who stays connected is logged in again without being asked
for, his rooms are entered, and his messages delivered when he comes."""

from lib import bystander
from lib.component_host import text_of
from lib.restart import restart
from lib.rooms import join
from lib.scenario import AVAILABLE, run

USER = "romeo@localhost"
FULL = f"{USER}/orchard"


async def scenario(t):
    await t.scripted({"settings.stay_connected": 1}, announce="[features]|muc=1")
    await bystander.enter(t)
    await t.enter()
    await join(t, "#verona", others=["juliet"])
    t.host.send(f"<presence type='unavailable' from='{FULL}' to='irc.localhost'/>")
    await t.host.expect(f"presence[@type='unavailable'][@from='irc.localhost'][@to='{FULL}']")
    for n in range(20):
        t.backend.message(USER, "juliet", f"chat {n}")
        t.backend.message(USER, "#verona", f"room {n}", nickname="juliet")
    await bystander.hears(t)
    # What the database was told before this question is in it when it is answered.
    await t.host.ask("irc.localhost", "<query xmlns='jabber:iq:register'/>", user=FULL)

    await restart(t, kill=True)
    await t.backend.expect("LOGIN", user=USER)
    await t.host.expect(f"presence[@type='probe'][@to='{USER}']")
    t.backend.connected(USER)
    frame = await t.backend.expect("JOIN_ROOM", room="#verona")
    assert frame.nickname == "montague"
    t.backend.participant(USER, "#verona", "juliet")
    t.backend.participant(USER, "#verona", "montague", flag=16)
    t.host.refute("message")

    t.host.send(f"<presence from='{FULL}' to='irc.localhost'/>")
    await t.host.expect(AVAILABLE.format("irc.localhost", FULL))
    for n in range(20):
        chat = await t.host.expect("message[@type='chat']/body", "message/delay:delay")
        assert text_of(chat, "{*}body") == f"chat {n}"
    await join_again(t)
    for n in range(20):
        said = await t.host.expect("message[@type='groupchat']/body", "message/delay:delay")
        assert text_of(said, "{*}body") == f"room {n}"
    await t.host.expect("message[@type='groupchat']/subject")


async def join_again(t):
    t.host.send(f"<presence from='{FULL}' to='#verona@irc.localhost/montague'>"
                "<x xmlns='http://jabber.org/protocol/muc'/></presence>")
    await t.host.expect("presence[@from='#verona@irc.localhost/montague']", "presence/mucuser:x/mucuser:status[@code='110']")


run(scenario)
