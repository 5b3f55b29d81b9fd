# SPDX-License-Identifier: MIT
"""Many users whose contacts are known log in at the same moment: every presence arrives, once, and nobody is asked for
anything."""

import collections
import sqlite3

from lib.component_host import COMPONENT
from lib.scenario import run
from lib.waiting import until

USERS, CONTACTS = 200, 20


def fill(database):
    """Registered users with contacts they have."""
    with sqlite3.connect(database, timeout=30) as db:
        for n in range(USERS):
            user = db.execute("INSERT INTO users (jid, uin, password, language, encoding) VALUES (?, ?, 'x', 'en', 'utf8')",
                              (f"u{n}@localhost", f"n{n}")).lastrowid
            db.executemany("INSERT INTO buddies (user_id, uin, subscription, nickname, groups, flags) "
                           "VALUES (?, ?, 'both', ?, 'Friends', 2)",
                           [(user, f"c{k}", f"Contact {k}") for k in range(CONTACTS)])


class Tally:
    """What the host is sent, counted instead of kept: (type, whether of a contact, bare JID) -> times."""

    def __init__(self, host):
        self.counts = collections.Counter()
        self.others = []
        self.usual = host.receive
        host.receive = self.receive

    def receive(self, stanza):
        sender, kind = stanza.get("from", ""), stanza.get("type")
        user = stanza.get("to", "").split("/")[0]
        if sender == user:  # the link looks whether it lives
            self.usual(stanza)
        elif stanza.tag == f"{{{COMPONENT}}}presence" and kind in (None, "unavailable"):
            self.counts[kind, "@" in sender, user, sender] += 1
        elif stanza.get("type") not in ("result", "error"):
            self.others.append((stanza.tag, kind, sender, user))

    def contacts(self):
        return sum(1 for kind, contact, *_ in self.counts if contact and kind is None)


async def scenario(t):
    await t.scripted({"service.users_per_backend": 1000}, log="warn")
    fill(t.gateway.values["database.database"])
    tally = Tally(t.host)
    for n in range(USERS):
        t.host.send(f"<presence from='u{n}@localhost/a' to='irc.localhost'/>")
    for _ in range(USERS):
        user = (await t.backend.expect("LOGIN")).user
        t.backend.connected(user)
        for k in range(CONTACTS):
            t.backend.buddy(user, f"c{k}", alias=f"Contact {k}", group=["Friends"], status=1 + k % 3)
    wanted = USERS * CONTACTS
    await until(lambda: tally.contacts() == wanted, f"{wanted} presences of contacts", within=90)
    # Reported again without a change; and one change, behind which everything else has been dealt with.
    for n in range(USERS):
        for k in range(CONTACTS):
            t.backend.buddy(f"u{n}@localhost", f"c{k}", alias=f"Contact {k}", group=["Friends"], status=1 + k % 3)
    t.backend.buddy("u0@localhost", "c0", alias="Contact 0", group=["Friends"], status=5)
    await until(lambda: tally.counts["unavailable", True, "u0@localhost", "c0@irc.localhost/bot"], "the change", within=90)
    twice = [what for what, times in tally.counts.items() if times > 1 and what[1]]
    assert not twice, twice[:5]
    # What is new is gathered for some seconds; then nothing was new.
    t.backend.buddy("u1@localhost", "newcomer")
    await until(lambda: tally.others, "a new contact is announced")
    asked = [other for other in tally.others if "newcomer" not in other[2]]
    assert not asked, asked[:5]


run(scenario)
