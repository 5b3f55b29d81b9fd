# SPDX-License-Identifier: MIT
"""Clients of one user see each other's presence (RFC 6121, section 4), and the network that of the one that speaks."""

from lib import wire
from lib.scenario import run

ROMEO = "romeo@localhost"


async def scenario(t):
    await t.serve()
    desk = await t.raw_user("romeo", "desk", presence="<presence><priority>5</priority><show>dnd</show></presence>")
    await desk.expect(f"presence[@from='{ROMEO}/desk'][show='dnd']")
    await t.backend.expect("STATUS_CHANGED", status=wire.DND)
    t.backend.buddy(ROMEO, "juliet")
    await desk.expect("presence[@from='juliet@localhost/bot']")

    phone = await t.raw_user("romeo", "phone", presence=None)
    await phone.sync()
    phone.refute("presence")
    phone.send("<presence><status>walking</status><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='n' "
               "ver='v'/></presence>")
    await phone.expect(f"presence[@from='{ROMEO}/desk'][show='dnd']")
    await phone.expect(f"presence[@from='{ROMEO}/phone'][status='walking']", "presence/caps:c[@ver='v']")
    await phone.expect("presence[@from='juliet@localhost/bot'][@to='romeo@localhost/phone']")
    await desk.expect(f"presence[@from='{ROMEO}/phone'][status='walking']", "presence/caps:c[@ver='v']")
    phone.send(f"<presence type='probe' to='{ROMEO}'/>")
    await phone.expect(f"presence[@from='{ROMEO}/desk'][show='dnd']")
    await phone.expect(f"presence[@from='{ROMEO}/phone']")

    # Who goes hears no more of contacts; the other one speaks for the user then.
    desk.send("<presence type='unavailable'><status>night</status></presence>")
    await desk.expect(f"presence[@from='{ROMEO}/desk'][@type='unavailable']")
    await phone.expect(f"presence[@from='{ROMEO}/desk'][@type='unavailable'][status='night']")
    await t.backend.expect("STATUS_CHANGED", status=wire.ONLINE)
    t.backend.buddy(ROMEO, "juliet", status=wire.AWAY)
    await phone.expect("presence[@from='juliet@localhost/bot'][show='away']")
    await desk.sync()
    desk.refute("presence[@from='juliet@localhost/bot']")
    desk.send("<presence/>")
    await phone.expect(f"presence[@from='{ROMEO}/desk'][not(@type)]")
    desk.abort()
    await phone.expect(f"presence[@from='{ROMEO}/desk'][@type='unavailable']")
    await phone.sync()
    t.backend.refute("LOGOUT")


run(scenario)
