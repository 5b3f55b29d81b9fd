# SPDX-License-Identifier: MIT
"""The mask makes the name, the pattern refuses others, and those to be notified are told."""

from lib.component_host import find
from lib.scenario import run


async def scenario(t):
    await t.scripted({"registration.username_mask": "$username@chat.example",
                      "registration.allowed_usernames": "[a-z]+@chat.example",
                      "registration.notify_jid": ["boss@localhost"]})
    bad = "<query xmlns='jabber:iq:register'><username>R2D2</username><password>y</password></query>"
    answer = await t.host.ask("irc.localhost", bad, "set")
    assert find(answer, "error/stanzas:not-acceptable") is not None
    await t.register(name="montague")
    await t.host.expect("message[@to='boss@localhost'][body='registered: romeo@localhost']")
    login = await t.login()
    assert login.legacy_name == "montague@chat.example"


run(scenario)
