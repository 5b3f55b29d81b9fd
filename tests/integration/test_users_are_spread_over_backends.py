# SPDX-License-Identifier: MIT
"""No backend gets more users than users_per_backend."""

from lib.scenario import run
from lib.waiting import until


async def scenario(t):
    await t.scripted({"service.users_per_backend": 2})
    users = [f"user{n}@localhost" for n in range(5)]
    for user in users:
        await t.register(user, user.split("@")[0])
    for user in users:
        t.host.send(f"<presence from='{user}/r' to='irc.localhost'/>")

    def placed():
        logins = [[f.user for f in b.history if f.type == "LOGIN"] for b in t.backends.backends]
        return logins if sum(map(len, logins)) == len(users) else None

    logins = await until(placed, "five logins")
    assert sorted(user for one in logins for user in one) == users
    assert max(map(len, logins)) <= 2 and len([one for one in logins if one]) == 3, logins


run(scenario)
