# SPDX-License-Identifier: MIT
"""A stream is resumed by its name and only by the user it belongs to; of two connections that want it the last has
it."""

from lib.scenario import run


async def logged_in(t, name, user):
    client = t.raw_client(name)
    await client.connect()
    await client.open()
    assert (await client.authenticate(user)).tag.endswith("}success")
    return client


async def scenario(t):
    await t.serve()
    phone = await t.raw_user("romeo", "phone")
    await t.raw_user("juliet", "balcony")
    token = (await phone.enable()).get("id")
    # Somebody else has the name: he learns nothing and disturbs nobody.
    thief = await logged_in(t, "thief", "juliet")
    failed = await thief.resume(token, 0)
    assert failed.tag.endswith("}failed") and failed.get("h") is None, failed.attrib
    wrong = await logged_in(t, "wrong", "romeo")
    assert (await wrong.resume(token + "x", 0)).tag.endswith("}failed")
    t.backend.message("romeo@localhost", "nurse", "one")
    await phone.expect("message[body='one']")
    # The owner, on another connection, while the old one stands.
    second = await logged_in(t, "second", "romeo")
    assert (await second.resume(token, 0)).tag.endswith("}resumed")
    await phone.expect_end("conflict")
    await second.expect("message[body='one']")
    third = await logged_in(t, "third", "romeo")
    assert (await third.resume(token, 1)).tag.endswith("}resumed")
    await second.expect_end("conflict")
    t.backend.message("romeo@localhost", "nurse", "two")
    await third.expect("message[body='two']")
    await third.sync()
    third.refute("message")
    # Nobody confirms by it what he never got.
    fourth = await logged_in(t, "fourth", "romeo")
    failed = await fourth.resume(token, 99)
    assert failed.tag.endswith("}failed"), failed.attrib
    await third.sync()


run(scenario)
