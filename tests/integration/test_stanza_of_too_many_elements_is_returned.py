# SPDX-License-Identifier: MIT
"""What a user sends may have more elements, deeper ones or more attributes than we read: it is returned, and the
link, which is everybody's, stays."""

from lib.scenario import run

STANZAS = {
    "many": "<a/>" * 30000,
    "deep": "<a>" * 100 + "</a>" * 100,
    "wide": "<a " + " ".join(f"a{n}=''" for n in range(100)) + "/>",
}


async def scenario(t):
    await t.scripted()
    await t.enter()
    for name, payload in STANZAS.items():
        t.host.send(f"<message from='mallory@localhost/x' to='juliet@irc.localhost' id='{name}' type='chat'>"
                    f"{payload}<body>hi</body></message>")
        await t.host.expect(f"message[@type='error'][@id='{name}'][@from='juliet@irc.localhost']"
                            "[@to='mallory@localhost/x']")
    t.host.send("<message from='romeo@localhost/orchard' to='juliet@irc.localhost' type='chat'><body>wilt thou</body>"
                "</message>")
    assert (await t.backend.expect("CONV_MESSAGE")).message == "wilt thou"
    assert len(t.host.links) == 1


run(scenario)
