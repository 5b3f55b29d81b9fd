# SPDX-License-Identifier: MIT
"""Joins that IRC refuses (a key, a ban, invitation only) are errors that say why."""

from lib.people import log_in
from lib.scenario import run


async def scenario(t):
    await t.real()
    romeo = await t.xmpp_user("romeo")
    bob = await t.irc_user("bob")
    await log_in(romeo)
    muc = "<x xmlns='http://jabber.org/protocol/muc'/>"
    for channel, mode in (("#key", "+k sesame"), ("#inv", "+i"), ("#ban", "+b romeo!*@*"), ("#full", "+l 1")):
        await bob.join(channel)
        bob.send(f"MODE {channel} {mode}")
        await bob.expect("MODE", channel)
        romeo.say(f"<presence to='{channel}@irc.localhost/romeo'>{muc}</presence>")
        await romeo.expect(f"presence[@type='error'][@from='{channel}@irc.localhost/romeo']", "presence/error")
    romeo.say("<presence to='#key@irc.localhost/romeo'><x xmlns='http://jabber.org/protocol/muc'>"
              "<password>sesame</password></x></presence>")
    await romeo.expect("presence[@from='#key@irc.localhost/romeo'][not(@type)]", "presence/mucuser:x/mucuser:status[@code='110']")


run(scenario)
