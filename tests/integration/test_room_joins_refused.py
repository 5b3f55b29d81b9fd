# SPDX-License-Identifier: MIT
"""Joins that the network refuses are errors with the right condition, and the room can be tried again."""

from lib import wire
from lib.rooms import join
from lib.scenario import run


async def scenario(t):
    await t.scripted(announce="[features]|muc=1")
    await t.enter()
    romeo = "romeo@localhost"
    cases = ((wire.CONFLICT, "conflict", "cancel"), (wire.NOT_AUTHORIZED, "not-authorized", "auth"),
             (wire.ROOM_NOT_FOUND, "item-not-found", "cancel"))
    for n, (flag, condition, type_) in enumerate(cases):
        room = f"#r{n}@irc.localhost"
        t.host.send(f"<presence from='{romeo}/orchard' to='{room}/montague'><x xmlns='http://jabber.org/protocol/muc'/></presence>")
        await t.backend.expect("JOIN_ROOM", room=f"#r{n}")
        t.backend.participant(romeo, f"#r{n}", "montague", flag=flag, status=wire.NONE, status_message="so it is")
        error = await t.host.expect(f"presence[@type='error'][@from='{room}/montague']",
                                    f"presence/error[@type='{type_}']/stanzas:{condition}")
        assert error.get("to") == f"{romeo}/orchard"
        assert error.findtext(".//{urn:ietf:params:xml:ns:xmpp-stanzas}text") == "so it is"
        await join(t, f"#r{n}")


run(scenario)
