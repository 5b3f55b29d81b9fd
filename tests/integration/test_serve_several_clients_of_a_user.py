# SPDX-License-Identifier: MIT
"""Several clients of one user: their resources are as they asked, or chosen; one login; the last one's going is the
logout."""

from lib.scenario import run


async def scenario(t):
    await t.serve()
    phone = await t.raw_user("romeo", "phone")
    desk = await t.raw_user("romeo", "desk")
    third = await t.raw_user("romeo", None)
    assert (phone.jid, desk.jid) == ("romeo@localhost/phone", "romeo@localhost/desk")
    assert third.jid.startswith("romeo@localhost/") and third.jid.split("/")[1]
    t.backend.refute("LOGIN")
    await phone.expect("presence[@from='romeo@localhost/desk'][not(@type)]")
    await desk.expect("presence[@from='romeo@localhost/phone'][not(@type)]")
    await phone.close()
    await desk.expect("presence[@from='romeo@localhost/phone'][@type='unavailable']")
    desk.abort()
    await third.expect("presence[@from='romeo@localhost/desk'][@type='unavailable']")
    await third.sync()
    t.backend.refute("LOGOUT")
    await third.close()
    await t.backend.expect("LOGOUT", user="romeo@localhost")


run(scenario)
