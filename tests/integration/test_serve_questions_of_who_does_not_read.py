# SPDX-License-Identifier: MIT
"""Hundreds of questions in one read, each with a large answer: when too much waits for the client nothing more of them
is looked at, and others are served."""

import os
import pathlib

from lib.scenario import run

ROMEO = "romeo@localhost"
CONTACTS = 2500
ROSTER = "<iq type='get' id='r'><query xmlns='jabber:iq:roster'/></iq>"


def worked(pid):
    """Seconds of work that a process has done: what else the machine does is nothing to it."""
    words = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


async def asked(t, juliet, deaf, questions):
    """Seconds of work until another one is answered."""
    deaf.stop_reading()
    deaf.send(ROSTER * questions)
    before = worked(t.gateway.pid)
    await t.gateway.wait_log(f"{deaf.name[-7:]}.* does not read", within=60)
    await juliet.sync()
    return worked(t.gateway.pid) - before


async def scenario(t):
    await t.serve(log="info")
    juliet = await t.raw_user("juliet", "balcony")
    first = await t.raw_user("romeo", "deaf-01")
    second = await t.raw_user("romeo", "deaf-02")
    for n in range(CONTACTS):
        t.backend.buddy(ROMEO, f"contact{n}", alias=f"Somebody {n}", group=["Friends of mine"])
    t.backend.message(ROMEO, "nurse", "done")
    await first.expect("message[body='done']", within=60)
    few = await asked(t, juliet, first, 30)
    many = await asked(t, juliet, second, 900)
    assert many < 4 * few + 1, f"{many:.1f} s for 900 questions, {few:.1f} s for 30"


run(scenario)
