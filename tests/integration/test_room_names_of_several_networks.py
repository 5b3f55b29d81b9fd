# SPDX-License-Identifier: MIT
"""Room names with a host pass in both spellings, and answers come in the spelling used."""

from lib.scenario import run


async def scenario(t):
    await t.scripted(announce="[registration]|needRegistration=0|[features]|muc=1|disable_jid_escaping=1")
    romeo = "romeo@localhost"
    for node, resource in (("#a%irc.example", "one"), ("#b\\40irc.example\\3a6667", "two")):
        name = node.replace("%", "@").replace("\\40", "@").replace("\\3a", ":")
        t.host.send(f"<presence from='{romeo}/orchard' to='{node}@irc.localhost/nick'><x xmlns='http://jabber.org/protocol/muc'/></presence>")
        if resource == "one":
            await t.backend.expect("LOGIN", user=romeo)
            t.backend.connected(romeo)
        frame = await t.backend.expect("JOIN_ROOM", user=romeo)
        assert frame.room == name, frame
        t.backend.participant(romeo, name, "nick", flag=16)
        await t.host.expect(f"presence[@from='{node}@irc.localhost/nick']", "presence/mucuser:x/mucuser:status[@code='110']")


run(scenario)
