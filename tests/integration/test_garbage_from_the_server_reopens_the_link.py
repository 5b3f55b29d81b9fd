# SPDX-License-Identifier: MIT
"""XML that is broken, cut off, oversized or forbidden closes the link; it is opened again and users stay."""

from lib.scenario import run


async def scenario(t):
    await t.scripted()
    await t.enter()
    evil = [
        b"<message><body></message>",
        b"\xff\xfe\x00garbage",
        b"<message><body>&undefined;</body></message>",
        b"<!DOCTYPE x [<!ENTITY a 'b'>]>",
        b"<message><a><b>",
        b"<message from='juliet@localhost' to='irc.localhost'><body>" + b"x" * (5 << 20),
    ]
    for number, bytes_ in enumerate(evil, 1):
        t.host.send(bytes_)
        if bytes_.endswith(b"<b>"):
            t.host.link.close()
        await t.host.wait_online(number + 1)
        await t.host.sync()
    t.backend.refute("LOGOUT")
    t.backend.message("romeo@localhost", "juliet", "still here")
    await t.host.expect("message[@to='romeo@localhost'][body='still here']")


run(scenario)
