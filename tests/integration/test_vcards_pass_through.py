# SPDX-License-Identifier: MIT
"""A contact's vCard is asked of the network; without a session it is an error."""

import asyncio
import base64

from lib.component_host import text_of
from lib.scenario import run


async def scenario(t):
    await t.scripted()
    await t.register()
    ask = t.host.ask
    answer = await ask("juliet@irc.localhost", "<vCard xmlns='vcard-temp'/>")
    assert answer.get("type") == "error" and answer.get("from") == "juliet@irc.localhost"
    await t.login()
    question = asyncio.create_task(ask("juliet@irc.localhost", "<vCard xmlns='vcard-temp'/>"))
    request = await t.backend.expect("VCARD", user="romeo@localhost", buddy="juliet")
    assert request.photo is None
    t.backend.send("VCARD", user="romeo@localhost", buddy="juliet", id=request.id, fullname="Juliet & Capulet",
                   nickname="jule", photo=b"\x89PNG\r\n\x1a\nrest")
    answer = await question
    assert (answer.get("type"), answer.get("from")) == ("result", "juliet@irc.localhost")
    assert text_of(answer, "vcard:vCard/vcard:FN") == "Juliet & Capulet"
    assert text_of(answer, "vcard:vCard/vcard:NICKNAME") == "jule"
    photo = text_of(answer, "vcard:vCard/vcard:PHOTO/vcard:BINVAL")
    assert base64.b64decode(photo) == b"\x89PNG\r\n\x1a\nrest"


run(scenario)
