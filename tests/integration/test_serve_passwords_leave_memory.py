# SPDX-License-Identifier: MIT
"""The password of a user who has gone is not in the memory of the server nor of the backend, nor is one that was refused;
of who is there it is only where no core dump has it."""

import pathlib

from lib.raw_client import plain
from lib.scenario import Skip, run
from lib.waiting import until

PASSWORD, REFUSED = "uniq-pa55word-xyzzy", "uniq-pa55word-plugh"


def mappings(pid):
    """(start, end, whether core dumps leave it out) of what can be read."""
    found, here = [], None
    for line in pathlib.Path(f"/proc/{pid}/smaps").read_text().splitlines():
        words = line.split()
        if not words[0].endswith(":"):
            start, end = (int(word, 16) for word in words[0].split("-"))
            here = (start, end) if "r" in words[1] and end - start < 1 << 30 and "[v" not in line else None
        elif words[0] == "VmFlags:" and here:
            found.append((*here, "dd" in words))
    return found


def seen(pid):
    """What can be dumped around each of the passwords, in clear or as they travel."""
    secrets = [word for secret in (PASSWORD, REFUSED) for word in (secret.encode(), plain("romeo", secret)[8:32].encode())]
    places = []
    with open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for start, end, left_out in mappings(pid):
            try:
                memory.seek(start)
                data = b"" if left_out else memory.read(end - start)
            except OSError:
                continue
            places += [data[at - 30:at + 40] for at in (data.find(secret) for secret in secrets) if at >= 0]
    return places


async def scenario(t):
    await t.serve_irc({"service.irc_send_pass": 1}, password=PASSWORD)
    try:
        seen(t.gateway.pid)
    except PermissionError:
        raise Skip("only root may look into the memory of a server") from None
    client = t.raw_client("romeo")
    await client.connect()
    await client.open()
    assert (await client.authenticate("romeo", REFUSED)).tag.endswith("failure")
    assert (await client.authenticate("romeo", PASSWORD)).tag.endswith("success")
    await client.bind("orchard")
    await client.sync()
    processes = [t.gateway.pid, *t.gateway.children()]
    for pid in processes:
        await until(lambda pid=pid: not seen(pid), f"nothing of it can be dumped of {pid}: {seen(pid)}")
    await client.close()
    await until(lambda: "romeo@localhost/orchard is gone" in t.gateway.log(), "the user has gone")
    for pid in processes:
        assert not seen(pid), seen(pid)


run(scenario)
