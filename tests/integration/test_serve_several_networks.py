# SPDX-License-Identifier: MIT
"""Without irc_server the user's name tells the network: nick%host@domain; two users, two networks."""

import random

from lib.scenario import run
from lib.served import enter_room, talk


async def scenario(t):
    hosts = random.sample([f"127.{a}.{b}.1" for a in range(1, 100) for b in range(1, 100)], 2)
    first = await t.run_ngircd(port=6667, address=hosts[0])
    second = await t.run_ngircd(port=6667, address=hosts[1])
    await t.serve_irc(single=False)
    for name, server, host in (("romeo", first, hosts[0]), ("juliet", second, hosts[1])):
        user = await t.served_user(f"{name}%{host}")
        bob = await t.irc_user("bob", "#spectrum", server=server)
        assert user.boundjid.bare == f"{name}%{host}@localhost"
        user.say("<presence/>")
        room = f"#spectrum%{host}@localhost"
        await enter_room(user, room, name)
        await bob.expect("JOIN", "#spectrum", nick=name)
        await talk(user, bob, "#spectrum", room)
        bob.say(name, "psst")
        message = await user.expect("message[@type='chat'][body='psst']")
        user.say(f"<message type='chat' to='{message.get('from')}'><body>what?</body></message>")
        assert (await bob.expect("PRIVMSG", "bob", nick=name)).args[1] == "what?"
        user.say(f"<message type='chat' to='bob%{host}@localhost'><body>you!</body></message>")
        assert (await bob.expect("PRIVMSG", "bob", nick=name)).args[1] == "you!"
    assert "XEP-0356" not in t.gateway.log(), "there is no other server that could grant anything"


run(scenario)
