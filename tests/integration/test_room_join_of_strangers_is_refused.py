# SPDX-License-Identifier: MIT
"""A join by somebody who has to register is an error that says so."""

from lib.scenario import run


async def scenario(t):
    await t.scripted(announce="[features]|muc=1")
    t.host.send("<presence from='tybalt@localhost/hall' to='#verona@irc.localhost/tybalt'>"
                "<x xmlns='http://jabber.org/protocol/muc'/></presence>")
    await t.host.expect("presence[@type='error'][@from='#verona@irc.localhost/tybalt'][@to='tybalt@localhost/hall']",
                        "presence/error/stanzas:registration-required")


run(scenario)
