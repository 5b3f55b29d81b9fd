# SPDX-License-Identifier: MIT
"""A join by somebody the network needs no registration of logs him in with the nick as name."""

from lib.scenario import run


async def scenario(t):
    await t.scripted(announce="[registration]|needRegistration=0|[features]|muc=1")
    t.host.send("<presence from='romeo@localhost/orchard' to='#verona@irc.localhost/montague'>"
                "<x xmlns='http://jabber.org/protocol/muc'/></presence>")
    login = await t.backend.expect("LOGIN", user="romeo@localhost")
    assert login.legacy_name == "montague", login
    t.backend.refute("JOIN_ROOM")
    t.backend.connected("romeo@localhost")
    frame = await t.backend.expect("JOIN_ROOM", room="#verona", nickname="montague")
    assert frame.user == "romeo@localhost"


run(scenario)
