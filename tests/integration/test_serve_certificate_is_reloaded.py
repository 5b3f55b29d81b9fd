# SPDX-License-Identifier: MIT
"""SIGHUP takes a renewed certificate; who is connected stays. One that cannot be read changes nothing, and the log says
why."""

import signal

from lib.certificates import Authority
from lib.scenario import run
from lib.waiting import until


async def seen(t):
    client = t.raw_client("look")
    await client.connect()
    await client.open()
    await client.starttls()
    await client.close()
    return client.fingerprint()


async def scenario(t):
    authority = await Authority(t.folder).found()
    file = await authority.issue()
    await t.serve({"service.cert": file})
    first = await seen(t)
    romeo = await t.raw_user("romeo", starttls=True)
    await authority.issue()
    t.gateway.send_signal(signal.SIGHUP)

    async def renewed():
        return await seen(t) != first
    await until(renewed, "the new certificate is shown")
    second = await seen(t)
    await romeo.sync()
    file.write_text("no certificate at all\n")
    t.gateway.send_signal(signal.SIGHUP)
    await t.gateway.wait_log(str(file))
    assert await seen(t) == second
    t.backend.message("romeo@localhost", "juliet", "still here")
    await romeo.expect("message[body='still here']")


run(scenario)
