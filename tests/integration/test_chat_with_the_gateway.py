# SPDX-License-Identifier: MIT
"""A user without forms does all by chat with the gateway: is welcomed, registers, is logged in, sets and leaves."""

from lib.component_host import find, text_of
from lib.scenario import AVAILABLE, run

ROMEO = "romeo@localhost/phone"
HOW = ("To register, write:\nregister NAME PASSWORD\nwith, in the place of these words:\n"
       "NAME: 3rd-party network username\nPASSWORD: 3rd-party network password")
KEEP = "Please delete your message with the password now: your clients and your server may keep it."


async def scenario(t):
    await t.scripted({"service.admin_jid": ["boss@localhost"]})
    host = t.host

    async def ask(words, user=ROMEO, type_="type='chat'"):
        host.send(f"<message from='{user}' to='irc.localhost' id='q' {type_}><body>{words}</body></message>")
        answer = await host.expect(f"message[@from='irc.localhost'][@to='{user}']/body")
        assert answer.get("type") == ("chat" if type_ else None) and answer.get("id") not in (None, "q")
        return text_of(answer, "body")

    host.send("<presence type='subscribe' from='romeo@localhost' to='irc.localhost'/>")
    await host.expect("presence[@type='subscribed'][@from='irc.localhost'][@to='romeo@localhost']")
    await host.expect("presence[@type='subscribe'][@from='irc.localhost'][@to='romeo@localhost']")
    welcome = await host.expect("message[@type='chat'][@from='irc.localhost'][@to='romeo@localhost']/body")
    assert text_of(welcome, "body") == ("Welcome! I am Spectrum 2 Transport, a gateway to another network.\n" + HOW
                                        + "\nIf your client asks whether I may see when you are online, allow it: that "
                                        "logs you in.\nWrite help to see what else I can do.")
    # Not at every presence.
    host.send(f"<presence from='{ROMEO}' to='irc.localhost'/>")
    host.send("<message from='romeo@localhost/phone' to='irc.localhost' type='chat'>"
              "<active xmlns='http://jabber.org/protocol/chatstates'/></message>")
    await host.sync()
    host.refute("message")
    assert await ask("Hello!", type_="") == ("I do not understand this. Write help to see what I can do.\n"
                                             "You are not registered yet. " + HOW)
    assert (await ask("help")).splitlines()[1] == "contacts - Lists your contacts on the network"
    assert await ask("Register Montague s3cret") == f"You are registered as Montague. {KEEP}"
    await host.expect("presence[@type='probe'][@from='irc.localhost'][@to='romeo@localhost']")
    login = await t.login(resource="phone")
    assert (login.legacy_name, login.password) == ("Montague", "s3cret")
    assert await ask("status") == "You are registered as Montague.\nYou are logged in as Montague."
    t.backend.buddy("romeo@localhost", "juliet", alias="Juliet")
    await host.expect("presence[@type='subscribe'][@from='juliet@irc.localhost']")
    assert await ask("contacts") == "Juliet (online) - juliet@irc.localhost"
    assert await ask("reconnect") == "You are being logged in again."
    await host.expect("presence[@type='unavailable'][@from='irc.localhost'][status='Connecting']")
    await t.login(resource="phone")
    assert await ask("set send_headlines on") == "send_headlines is on."
    t.backend.message("romeo@localhost", "juliet", "News", headline=1)
    await host.expect("message[@type='headline'][body='News']")
    assert await ask("join #balcony") == (
        "Error: This network has no rooms.")
    assert await ask("reload") == "Error: You do not have rights to execute this command."
    assert await ask("online_users", "boss@localhost/desk") == 'romeo@localhost "3rd-party network username:" "Montague"'
    assert await ask("set enable_transport off") == "enable_transport is off."
    await t.backend.expect("LOGOUT", user="romeo@localhost")
    assert await ask("set enable_transport on") == "enable_transport is on."
    await host.expect("presence[@type='probe'][@from='irc.localhost'][@to='romeo@localhost']")
    await t.login(resource="phone")
    assert await ask("logout") == "You are logged out until your next presence. The command reconnect logs you in."
    await t.backend.expect("LOGOUT", user="romeo@localhost")
    assert await ask("unregister") == "You are not registered any more, and your contacts are taken back."
    answer = await host.ask("irc.localhost", "<query xmlns='jabber:iq:register'/>")
    assert find(answer, "register:query/register:registered") is None
    assert "s3cret" not in t.gateway.log()


run(scenario)
