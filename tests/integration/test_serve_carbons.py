# SPDX-License-Identifier: MIT
"""Clients that want copies (XEP-0280) see both sides of every conversation once, whichever client has it."""

from lib.raw_client import find, show
from lib.scenario import run

ROMEO, JULIET = "romeo@localhost", "juliet@localhost"
ENABLE = "<enable xmlns='urn:xmpp:carbons:2'/>"


def copied(way, body):
    return (f"message[@from='{ROMEO}']/carbons:{way}/forward:forwarded/message[body='{body}']",)


async def scenario(t):
    await t.serve()
    desk = await t.raw_user("romeo", "desk")
    phone = await t.raw_user("romeo", "phone")
    pad = await t.raw_user("romeo", "pad", presence="<presence><priority>-1</priority></presence>")
    for client in (phone, pad):
        answer = await client.ask(None, ENABLE, "set")
        assert answer.get("type") == "result", show(answer)

    # To all that listen; the one that does not gets a copy.
    t.backend.message(ROMEO, "juliet", "to all")
    await desk.expect("message[body='to all']")
    await phone.expect("message[body='to all']")
    await pad.expect(*copied("received", "to all"))

    # What one says the others see, and what is answered to it.
    desk.send(f"<message type='chat' to='{JULIET}' id='d1'><body>from the desk</body></message>")
    await t.backend.expect("CONV_MESSAGE", message="from the desk")
    for client in (phone, pad):
        copy = await client.expect(*copied("sent", "from the desk"))
        inner = find(copy, "carbons:sent/forward:forwarded/message")
        assert inner.attrib == {"type": "chat", "id": "d1", "to": JULIET, "from": f"{ROMEO}/desk"}, show(copy)
    t.backend.message(ROMEO, "juliet", "to the desk")
    await desk.expect(f"message[@to='{ROMEO}/desk'][body='to the desk']")
    for client in (phone, pad):
        await client.expect(*copied("received", "to the desk"))

    # By another client of the network.
    t.backend.message(ROMEO, "juliet", "from elsewhere", carbon=True)
    for client in (phone, pad):
        copy = await client.expect(*copied("sent", "from elsewhere"))
        inner = find(copy, "carbons:sent/forward:forwarded/message")
        assert (inner.get("from"), inner.get("to")) == (ROMEO, JULIET), show(copy)

    phone.send(f"<message type='chat' to='{JULIET}'><body>secret</body><private xmlns='urn:xmpp:carbons:2'/></message>")
    await t.backend.expect("CONV_MESSAGE", message="secret")
    await phone.ask(None, "<disable xmlns='urn:xmpp:carbons:2'/>", "set")
    desk.send(f"<message type='chat' to='{JULIET}'><body>last</body></message>")
    await pad.expect(*copied("sent", "last"))
    for client in (desk, phone, pad):
        await client.sync()
        client.refute("message")


run(scenario)
