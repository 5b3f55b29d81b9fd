# SPDX-License-Identifier: MIT
"""What the network says of a wrong password is the answer to the login, with its condition; the next try is let in."""

from lib.raw_client import text_of
from lib.scenario import run


async def scenario(t):
    await t.serve()
    romeo = t.raw_client("romeo")
    await romeo.connect()
    await romeo.open()
    romeo.send("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AHJvbWVvAHdyb25n</auth>")
    login = await t.backend.expect("LOGIN", user="romeo@localhost")
    assert (login.legacy_name, login.password) == ("romeo", "wrong"), login
    t.backend.send("DISCONNECTED", user="romeo@localhost", error=2, message="No such <Montague>")
    failure = await romeo.expect("sasl:failure/sasl:not-authorized")
    assert text_of(failure, "sasl:text") == "No such <Montague>"
    romeo.send("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AHJvbWVvAHJpZ2h0</auth>")
    login = await t.backend.expect("LOGIN", user="romeo@localhost")
    assert login.password == "right"
    t.backend.connected("romeo@localhost")
    await romeo.expect("sasl:success")
    assert await romeo.bind("orchard") == "romeo@localhost/orchard"
    # He is on the network already: another password than his is wrong without asking, and does not end his session.
    other = t.raw_client("other")
    await other.connect()
    await other.open()
    failure = await other.authenticate("romeo", "guessed")
    assert failure.tag.endswith("failure") and failure[0].tag.endswith("}not-authorized")
    t.backend.refute("LOGIN")
    await romeo.sync()


run(scenario)
