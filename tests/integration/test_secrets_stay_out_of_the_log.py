# SPDX-License-Identifier: MIT
"""Neither passwords nor message bodies are in the log, at any level."""

from lib.scenario import run


async def scenario(t):
    await t.scripted(log="trace")
    await t.register(password="pa55w0rd-of-romeo")
    await t.login()
    t.backend.message("romeo@localhost", "juliet", "whispered-words")
    await t.host.expect("message[body='whispered-words']")
    t.host.send("<message type='chat' from='romeo@localhost/orchard' to='juliet@irc.localhost'><body>spoken-words</body></message>")
    await t.backend.expect("CONV_MESSAGE")
    t.host.send("<message type='chat' from='romeo@localhost/orchard' to='juliet@irc.localhost'><body>look</body>"
                "<x xmlns='jabber:x:oob'><url>https://files.tld/spoken-file</url><desc>spoken-title</desc></x></message>")
    await t.backend.expect("CONV_MESSAGE")
    t.host.send("<message type='chat' from='benvolio@localhost/x' to='irc.localhost'>"
                "<body>register benvolio told-in-chat</body></message>")
    t.host.send("<message type='chat' from='benvolio@localhost/x' to='irc.localhost'>"
                "<body>registre benvolio mistyped-in-chat</body></message>")
    await t.host.sync()
    log = t.gateway.log()
    for word in ("pa55w0rd-of-romeo", "whispered-words", "spoken-words", "spoken-file", "spoken-title",
                 "told-in-chat", "mistyped-in-chat"):
        assert word not in log, f"{word} is in the log"
    for given in t.host.handshakes:
        assert given not in log


run(scenario)
