# SPDX-License-Identifier: MIT
"""Without admin_password nobody is an administrator by his name on the network, which anybody may take there."""

from lib.raw_client import text_of
from lib.scenario import run


async def scenario(t):
    await t.serve({"service.admin_jid": ["boss@localhost"]})
    boss = await t.raw_user("boss")
    boss.send("<message type='chat' to='localhost' id='1'><body>online_users</body></message>")
    answer = await boss.expect("message[@from='localhost']/body")
    assert "boss@localhost" not in text_of(answer, "body"), text_of(answer, "body")
    items = await boss.ask("localhost", "<query xmlns='http://jabber.org/protocol/disco#items' "
                           "node='http://jabber.org/protocol/commands'/>")
    nodes = [item.get("node") for item in items[0]]
    assert not [node for node in nodes if "admin" in node], nodes


run(scenario)
