# SPDX-License-Identifier: MIT
"""After a crash a client that still thinks it is in a room is in it again, without doing anything; rooms that were
left are not entered."""

from lib.restart import restart
from lib.rooms import join
from lib.scenario import run

USER = "romeo@localhost"
FULL = f"{USER}/orchard"
SELF = ("presence[@from='#verona@irc.localhost/montague'][@to='romeo@localhost/orchard'][not(@type)]",
        "presence/mucuser:x/mucuser:status[@code='110']")


async def come(t):
    await t.host.expect(f"presence[@type='probe'][@to='{USER}']")
    await t.login()
    await t.backend.expect("JOIN_ROOM", user=USER, room="#verona", nickname="montague")
    t.backend.participant(USER, "#verona", "juliet")
    t.backend.send("ROOM_SUBJECT_CHANGED", user=USER, buddy="#verona", nickname="juliet", message="Ball")
    t.backend.participant(USER, "#verona", "montague", flag=16)
    await t.host.expect(f"presence[@from='#verona@irc.localhost/juliet'][@to='{FULL}']")
    await t.host.expect(*SELF)
    await t.host.expect(f"message[@to='{FULL}'][subject='Ball']")
    t.backend.message(USER, "#verona", "Hi", nickname="juliet")
    await t.host.expect(f"message[@to='{FULL}'][@type='groupchat'][body='Hi']")


async def scenario(t):
    await t.scripted(announce="[features]|muc=1")
    await t.enter()
    await join(t, "#verona", others=["juliet"])
    await join(t, "#mantua")
    t.host.send(f"<presence type='unavailable' from='{FULL}' to='#mantua@irc.localhost/montague'/>")
    await t.backend.expect("LEAVE_ROOM", room="#mantua")
    await t.host.ask("irc.localhost", "<query xmlns='jabber:iq:register'/>", user=FULL)
    await restart(t, kill=True)
    await come(t)
    t.backend.refute("JOIN_ROOM")
    # A proper stop puts everybody out (332), and the way back is the same.
    await restart(t)
    await t.host.expect(f"presence[@type='unavailable'][@to='{FULL}']/mucuser:x/mucuser:status[@code='332']",
                        "presence")
    await come(t)


run(scenario)
