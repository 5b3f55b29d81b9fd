# SPDX-License-Identifier: MIT
"""The password of the network is in no file, so that after a restart nobody is on the network before a client of his is,
not even who stays connected without one; then he finds what was kept for him."""

from lib.raw_client import find, plain
from lib.scenario import run

ROMEO, SECRET = "romeo@localhost", "s3cr3t-of-capulet"
PRIVATE = "<query xmlns='jabber:iq:private'>{}</query>"


async def scenario(t):
    await t.serve({"settings.stay_connected": 1, "database.type": "sqlite3"}, log="trace")
    romeo = await t.raw_user("romeo", password=SECRET)
    answer = await romeo.ask(None, PRIVATE.format("<note xmlns='urn:x'>kept</note>"), "set")
    assert answer.get("type") == "result"
    await romeo.close()
    t.backend.refute("LOGOUT")
    await t.gateway.stop()
    files = [file for file in t.gateway.folder.rglob("*") if file.is_file()]
    assert any(file.name == "database.sql" for file in files), files
    for file in files:
        for form in (SECRET, plain("romeo", SECRET)):
            assert form.encode() not in file.read_bytes(), f"the password is in {file}"
            assert form not in t.gateway.log(), "the password is in the log"
    await t.restart_served()
    t.backend = await t.backends.wait(2)
    other = await t.raw_user("juliet")
    await other.sync()
    t.backend.refute("LOGIN", user=ROMEO)
    romeo = await t.raw_user("romeo", password=SECRET)
    answer = await romeo.ask(None, PRIVATE.format("<note xmlns='urn:x'/>"))
    assert find(answer, "{jabber:iq:private}query/{urn:x}note").text == "kept"


run(scenario)
