# SPDX-License-Identifier: MIT
"""An administrator logs in with admin_password, without the network, and gives commands by chat with the server."""

from lib.raw_client import text_of
from lib.scenario import run


async def scenario(t):
    await t.serve({"service.admin_jid": ["boss@localhost"], "service.admin_password": "s3same"})
    stranger = t.raw_client("wrong")
    await stranger.connect()
    await stranger.open()
    failure = await stranger.authenticate("boss", "secret")
    assert failure.tag.endswith("failure") and failure[0].tag.endswith("}not-authorized"), failure[0].tag
    await t.raw_user("romeo")
    boss = t.raw_client("boss")
    await boss.login("boss", "s3same", "desk")
    boss.send("<presence/>")
    await boss.sync()
    t.backend.refute("LOGIN", user="boss@localhost")
    boss.send("<message type='chat' to='localhost' id='1'><body>online_users</body></message>")
    answer = await boss.expect("message[@from='localhost']/body")
    assert text_of(answer, "body").startswith("romeo@localhost "), text_of(answer, "body")
    boss.send("<message type='chat' to='localhost' id='2'><body>logout romeo@localhost</body></message>")
    await boss.expect("message[@from='localhost']/body")
    await t.backend.expect("LOGOUT", user="romeo@localhost")


run(scenario)
