# SPDX-License-Identifier: MIT
"""When the IRC server goes and comes back the user is logged in again and in his room."""

from lib.people import enter_room
from lib.ngircd import Ngircd
from lib.scenario import run


async def scenario(t):
    await t.real()
    romeo = await t.xmpp_user("romeo")
    room = "#spectrum@irc.localhost"
    await enter_room(romeo, room)
    port = t.ngircd.port
    await t.ngircd.stop()
    await romeo.expect("presence[@from='irc.localhost'][@type='unavailable']")
    folder = t.folder / "again"
    folder.mkdir()
    again = Ngircd(folder, port=port)
    t.cast.append(("ngircd again", again))
    t.closers.append(again.stop)
    await again.run()
    bob = await t.irc_user("bob", "#spectrum", server=again)
    await bob.expect("JOIN", "#spectrum", nick="romeo")
    bob.say("#spectrum", "welcome back")
    await romeo.expect("message[@type='groupchat'][@from='#spectrum@irc.localhost/bob'][body='welcome back']")


run(scenario)
