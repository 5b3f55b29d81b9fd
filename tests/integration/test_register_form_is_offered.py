# SPDX-License-Identifier: MIT
"""Registration's form has the fields, plain and as a data form, and says who is registered."""

from lib.component_host import find, text_of
from lib.scenario import run


async def scenario(t):
    await t.scripted()
    get = "<query xmlns='jabber:iq:register'/>"
    answer = await t.host.ask("irc.localhost", get)
    query = find(answer, "register:query")
    assert find(query, "register:registered") is None
    assert text_of(query, "register:instructions") == "Enter your legacy network username and password."
    assert find(query, "register:username") is not None and find(query, "register:password") is not None
    form = find(query, "data:x[@type='form']")
    fields = {field.get("var"): field.get("type") for field in form if field.tag.endswith("field")}
    assert fields["FORM_TYPE"] == "hidden" and fields["username"] == "text-single", fields
    assert fields["password"] == "text-private" and "unregister" not in fields, fields
    await t.register(name="montague", password="very secret")
    answer = await t.host.ask("irc.localhost", get)
    query = find(answer, "register:query")
    assert find(query, "register:registered") is not None
    assert text_of(query, "register:username") == "montague"
    assert find(query, "data:x/data:field[@var='unregister']") is not None
    assert b"very secret" not in b"".join(data for way, data in t.host.traffic if way == "<"), "the password came back"


run(scenario)
