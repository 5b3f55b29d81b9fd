# SPDX-License-Identifier: MIT
"""Passwords of users, right and wrong ones, are in no log (at the lowest level), no file, no command line and no
environment; the database has none, and misses no key for them."""

import pathlib

from lib.raw_client import plain
from lib.scenario import run

RIGHT, WRONG = "r1ght-pa55word", "wr0ng-pa55word"


def look(t):
    """Where a password is, in clear or as it travels."""
    words = [word for name in ("romeo", "juliet") for secret in (RIGHT, WRONG)
             for word in (secret.encode(), plain(name, secret).encode())]
    files = [path for path in t.folder.rglob("*") if path.is_file()]
    for pid in [t.gateway.pid, *t.gateway.children()]:
        files += [pathlib.Path(f"/proc/{pid}/{what}") for what in ("cmdline", "environ")]
    assert any(path.name.startswith("database.sql") for path in files) and t.gateway.output in files
    return [str(path) for path in files if any(word in path.read_bytes() for word in words)]


async def scenario(t):
    await t.serve({"database.type": "sqlite3", "settings.stay_connected": 1}, log="trace")
    romeo = await t.raw_user("romeo", password=RIGHT, starttls=True)
    await romeo.ask(None, "<query xmlns='jabber:iq:private'><x xmlns='test:x'>kept</x></query>", "set")
    other = t.raw_client("other")
    await other.connect()
    await other.open()
    assert (await other.authenticate("romeo", WRONG)).tag.endswith("failure")
    other.send(f"<authenticate xmlns='urn:xmpp:sasl:2' mechanism='PLAIN'><initial-response>{plain('juliet', WRONG)}"
               "</initial-response></authenticate>")
    await t.backend.expect("LOGIN", user="juliet@localhost", password=WRONG)
    t.backend.send("DISCONNECTED", user="juliet@localhost", error=2, message="no")
    await other.expect("sasl2:failure")
    other.send(f"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{plain('juliet', RIGHT)}</auth>oops<")
    assert not look(t), look(t)
    await romeo.sync()
    await romeo.close()
    assert not look(t), look(t)
    await t.gateway.stop()
    left = [str(path) for path in t.folder.rglob("*") if path.is_file() and RIGHT.encode() in path.read_bytes()]
    assert not left, left
    assert "encryption_key" not in t.gateway.log(), "no password is stored, and a key for them is missed"


run(scenario)
