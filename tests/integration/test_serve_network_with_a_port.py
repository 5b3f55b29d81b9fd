# SPDX-License-Identifier: MIT
"""Without irc_server a user's name may tell the port of his network, too: nick%host\\3aport@domain."""

from lib.scenario import run
from lib.served import enter_room, talk


async def scenario(t):
    server = await t.run_ngircd()
    await t.serve_irc(single=False)
    network = f"127.0.0.1\\3a{server.port}"
    user = await t.served_user(f"romeo%{network}")
    user.say("<presence/>")
    bob = await t.irc_user("bob", "#spectrum", server=server)
    room = f"#spectrum\\40{network}@localhost"
    await enter_room(user, room)
    await talk(user, bob, "#spectrum", room)
    bob.say("romeo", "psst")
    message = await user.expect("message[@type='chat'][body='psst']")
    assert message.get("from").split("/")[0] == f"bob\\40{network}@localhost", message.get("from")
    user.say(f"<message type='chat' to='bob\\40{network}@localhost'><body>you!</body></message>")
    assert (await bob.expect("PRIVMSG", "bob", nick="romeo")).args[1] == "you!"
    # One connection serves the login and the rooms.
    assert len([line for line in t.gateway.log().splitlines() if "connecting to 127.0.0.1" in line]) == 1


run(scenario)
