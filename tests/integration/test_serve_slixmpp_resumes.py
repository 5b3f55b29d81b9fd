# SPDX-License-Identifier: MIT
"""A client library with stream management of its own (slixmpp) loses its connection and goes on as the same
resource, without a message lost or said twice."""

from lib.scenario import run
from lib.waiting import until
from lib.raw_client import text_of


async def scenario(t):
    await t.serve()
    romeo = await t.served_user("romeo", "phone", login=False)
    romeo.register_plugin("xep_0198")
    enabled, resumed = [], []
    romeo.add_event_handler("sm_enabled", enabled.append)
    romeo.add_event_handler("session_resumed", resumed.append)
    romeo.start()
    await t.backend.expect("LOGIN", user="romeo@localhost")
    t.backend.connected("romeo@localhost")
    await romeo.ready.wait()
    await until(lambda: enabled, "stream management")
    romeo.send_presence()
    t.backend.message("romeo@localhost", "juliet", "0")
    await romeo.expect("message[body='0']")
    romeo.transport.abort()
    for n in range(1, 10):
        t.backend.message("romeo@localhost", "juliet", f"{n}")
    await romeo.gone.wait()
    romeo.start()
    await until(lambda: resumed, "resumption")
    got = [text_of(await romeo.expect("message[@type='chat']/body", "message"), "body") for _ in range(9)]
    assert got == [str(n) for n in range(1, 10)], got
    romeo.send_message("juliet@localhost", "still here", mtype="chat")
    assert (await t.backend.expect("CONV_MESSAGE")).message == "still here"
    assert len(resumed) == 1 and str(romeo.boundjid) == "romeo@localhost/phone"
    t.backend.refute("LOGOUT")


run(scenario)
