# SPDX-License-Identifier: MIT
"""A message for whose sake the server ends the link does not do that for ever: it is found, given up and told, and
all others arrive in order."""

from lib.component_host import ComponentHost, text_of
from lib.scenario import run
from lib.waiting import until


class TouchyHost(ComponentHost):
    """Ends the link, and reads nothing more from it, when somebody says poison."""

    ended = None

    def receive(self, stanza):
        if self.link is self.ended:
            return
        if text_of(stanza, "body") == "poison":
            self.ended = self.link
            self.link.writer.transport.abort()
        else:
            super().receive(stanza)


async def scenario(t):
    t.host = await TouchyHost().start()
    t.cast.append(("touchy host", t.host))
    t.closers.append(t.host.stop)
    await t.scripted()
    await t.enter()
    for text in ("one", "two", "poison", "three", "four"):
        t.backend.message("romeo@localhost", "juliet", text)
    await t.host.expect("message[@from='irc.localhost'][@to='romeo@localhost']"
                        "[body='1 message for you could not be kept while the server was away.']")
    await until(lambda: "four" in words(t.host), "the last one")
    first = list(dict.fromkeys(words(t.host)))
    assert first == ["one", "two", "three", "four"], first
    t.backend.message("romeo@localhost", "juliet", "five")
    await t.host.expect("message[body='five']")
    assert len(t.host.links) <= 5
    t.backend.refute("LOGOUT")


def words(host):
    return [text_of(s, "body") for s in host.inbox.items if s.get("from", "").startswith("juliet@")
            and text_of(s, "body")]


run(scenario)
