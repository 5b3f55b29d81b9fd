# SPDX-License-Identifier: MIT
"""On a real server, with a client that has neither forms nor commands: the gateway is added as a contact, welcomes,
is told a name and a password, and its network is there, without any further step."""

from lib.gateway import program
from lib.people import wait_for_gateway
from lib.scenario import run
from lib.xmpp_client import text_of

GATEWAY = "irc.localhost"


async def scenario(t):
    await t.run_server(accounts={"romeo": "secret"})
    await t.real_gateway({"service.backend": program("spectrum2_echo_backend")})
    romeo = await t.xmpp_user("romeo")
    romeo.say("<presence/>")
    await wait_for_gateway(romeo)
    romeo.say(f"<presence type='subscribe' to='{GATEWAY}'/>")
    await romeo.expect(f"presence[@type='subscribe'][@from='{GATEWAY}']")
    romeo.say(f"<presence type='subscribed' to='{GATEWAY}'/>")
    welcome = await romeo.expect(f"message[@type='chat'][@from='{GATEWAY}']/body")
    assert "register NAME PASSWORD" in text_of(welcome, "body")
    romeo.say(f"<message type='chat' to='{GATEWAY}'><body>register montague s3cret</body></message>")
    answer = await romeo.expect(f"message[@type='chat'][@from='{GATEWAY}']/body")
    assert text_of(answer, "body").startswith("You are registered as montague.")
    assert "s3cret" not in text_of(answer, "body")
    await romeo.expect(f"presence[@from='{GATEWAY}'][not(@type)]")
    # The network's one contact comes, and answers.
    request = await romeo.expect("presence[@type='subscribe']")
    echo = request.get("from")
    romeo.say(f"<presence type='subscribed' to='{echo}'/><presence type='subscribe' to='{echo}'/>")
    romeo.say(f"<message type='chat' to='{echo}'><body>are you there?</body></message>")
    await romeo.expect(f"message[@type='chat']/body", "message[body='are you there?']")
    romeo.say(f"<message type='chat' to='{GATEWAY}'><body>Unregister</body></message>")
    await romeo.expect(f"message[@from='{GATEWAY}'][body='You are not registered any more, and your contacts are taken "
                       "back.']")


run(scenario)
