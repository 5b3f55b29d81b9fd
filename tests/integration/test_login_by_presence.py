# SPDX-License-Identifier: MIT
"""Presence of a registered user logs in; the transport shows itself once the network is there."""

from lib.scenario import AVAILABLE, run


async def scenario(t):
    await t.scripted()
    await t.register()
    t.host.send("<presence from='romeo@localhost/orchard' to='irc.localhost'><show>away</show>"
                "<status>thinking</status></presence>")
    login = await t.backend.expect("LOGIN")
    assert (login.user, login.legacy_name, login.password) == ("romeo@localhost", "montague", "secret")
    assert login.settings is not None, "LOGIN has to carry the settings, even none"
    await t.host.expect("presence[@type='unavailable'][@from='irc.localhost'][status='Connecting']")
    t.backend.connected("romeo@localhost")
    await t.host.expect(AVAILABLE.format("irc.localhost", "romeo@localhost/orchard") + "[show='away'][status='thinking']")
    status = await t.backend.expect("STATUS_CHANGED", user="romeo@localhost")
    assert (status.status, status.status_message) == (1, "thinking")
    t.host.send("<presence from='romeo@localhost/orchard' to='irc.localhost'><show>dnd</show></presence>")
    status = await t.backend.expect("STATUS_CHANGED", user="romeo@localhost")
    assert status.status == 4


run(scenario)
