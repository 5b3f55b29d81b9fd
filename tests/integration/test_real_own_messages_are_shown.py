# SPDX-License-Identifier: MIT
"""What a user writes by another client of the network is shown by all XMPP clients, once, in the right chat."""

from lib.people import register, wait_for_gateway
from lib.scenario import run
from lib.xmpp_client import text_of

CARBONS = "<enable xmlns='urn:xmpp:carbons:2'/>"
COPY = "message/{urn:xmpp:carbons:2}%s/{urn:xmpp:forward:0}forwarded/client:message[client:body='%s']"


async def scenario(t):
    await t.half_real(privileges=True)
    clients = [await t.xmpp_user("romeo", "orchard"), await t.xmpp_user("romeo", "balcony")]
    for client in clients:
        assert (await client.ask("romeo@localhost", CARBONS, "set")).get("type") == "result"
    await wait_for_gateway(clients[0])
    await register(clients[0], "montague")
    for client in clients:
        client.say("<presence/>")
        client.say("<presence to='irc.localhost'/>")
    await t.backend.expect("LOGIN", user="romeo@localhost")
    t.backend.connected("romeo@localhost")
    for client in clients:
        await client.expect(f"presence[@from='irc.localhost'][@to='{client.boundjid.full}'][not(@type)]")
    t.backend.message("romeo@localhost", "juliet", "It is the east", carbon=True, id="n7")
    for client in clients:
        message = await client.expect(COPY % ("sent", "It is the east"))
        assert message.get("from") == "romeo@localhost", message.get("from")
        inner = message.find(".//{urn:xmpp:forward:0}forwarded/")
        assert (inner.get("from"), inner.get("to"), inner.get("id")) == ("romeo@localhost", "juliet@irc.localhost",
                                                                        "n7")
    # What the user writes by XMPP is copied by the server; neither comes back to the network.
    clients[0].say("<message type='chat' to='juliet@irc.localhost' id='m1'><body>Arise</body></message>")
    assert (await t.backend.expect("CONV_MESSAGE")).message == "Arise"
    await clients[1].expect(COPY % ("sent", "Arise"))
    t.backend.message("romeo@localhost", "juliet", "Ay me")
    await clients[0].expect("message[body='Ay me']")
    await clients[1].expect(COPY % ("received", "Ay me"))
    t.backend.refute("CONV_MESSAGE")
    for client in clients:
        bodies = [xml for xml in client.seen if xml.tag.endswith("message")]
        east = [xml for xml in bodies if text_of(xml, ".//{jabber:client}body") == "It is the east"]
        assert len(east) == 1, f"{client.boundjid.full} saw it {len(east)} times"


run(scenario)
