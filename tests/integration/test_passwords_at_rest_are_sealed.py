# SPDX-License-Identifier: MIT
"""With database.encryption_key no password lies in the database, one stored before is sealed at the next login,
and another key lets nobody in and destroys nothing."""

import sqlite3

from lib.scenario import run
from lib.waiting import until


async def again(t, name, **values):
    """The same instance once more, with other values."""
    before, known = t.gateway, len(t.backends.backends)
    await before.finish()
    t.gateways.remove(before)
    t.gateway = t.make_gateway(name)
    t.gateway.values = {**before.values, **{key.replace("__", "."): value for key, value in values.items()}}
    await t.gateway.run()
    t.backend = await t.backends.wait(known + 1)
    await t.host.wait_online(len(t.gateways) + int(name))


def stored(t):
    with sqlite3.connect(f"file:{t.gateway.values['database.database']}?mode=ro", uri=True) as database:
        return database.execute("SELECT password FROM users").fetchone()[0]


async def scenario(t):
    await t.scripted()
    await t.register(password="tyb4lt")
    assert stored(t) == "tyb4lt"
    assert "passwords are stored in the clear" in t.gateway.log()
    await again(t, "1", database__encryption_key="a key")
    assert (await t.login()).password == "tyb4lt"
    await until(lambda: stored(t).startswith("$s1$"), "the password is sealed")
    sealed = stored(t)
    await again(t, "2", database__encryption_key="another key")
    t.host.send(f"<presence from='romeo@localhost/orchard' to='{t.host.jid}'/>")
    await t.gateway.wait_log("password of romeo@localhost is sealed, and database.encryption_key is not the key")
    assert stored(t) == sealed
    await again(t, "3", database__encryption_key="a key")
    assert (await t.login()).password == "tyb4lt"
    await t.register(password="n3w")
    assert stored(t).startswith("$s1$") and stored(t) != sealed
    assert not [text for text in ("tyb4lt", "n3w", "a key") if text in t.gateway.log()]


run(scenario)
