# SPDX-License-Identifier: MIT
"""A program of the administrator asks on the backend port: figures, users, registering, reloading."""

from lib.component_host import find
from lib.manager import Manager
from lib.scenario import run


async def scenario(t):
    await t.scripted()
    manager = await Manager.connect(t.gateway)
    ask = manager.ask
    assert await ask("status") == "Running (0 users connected using 1 backends)"
    assert await ask("strange") == "Error: Unknown variable or command"
    assert await ask("unregister") == "Error: No username given"
    assert int(await ask("get uptime")) < 60
    assert await ask("online_users") == ""
    # What takes the database its time comes in its turn, before what was asked later.
    manager.say("register romeo@localhost montague secret")
    manager.say("has_online_user romeo@localhost")
    assert await manager.hear() == "User registered"
    assert await manager.hear() == "0"
    await t.host.expect("presence[@type='subscribe'][@to='romeo@localhost']")
    assert await ask("register romeo@localhost montague secret") == "Error: User is already registered"
    assert (await t.login()).legacy_name == "montague"
    assert await ask("online_users_count") == "1"
    assert await ask("online_users") == 'romeo@localhost "3rd-party network username:" "montague"\n'
    pid = t.backend.pid
    listing = await ask("online_users_per_backend")
    assert listing.startswith(f"Backend 1 (ID={pid}):\n   romeo@localhost - non-active for "), listing
    # What the fake backend reports: 20480 KB, 10240 of them at its start.
    assert await ask("average_memory_per_user") == "10240"
    assert await ask("res_memory_per_backend") == f"Backend 1 (ID={pid}): 20480\n"
    assert int(await ask("res_memory")) > 20480
    assert await ask("set stay_connected romeo@localhost on") == "1"
    assert await ask("reload") == "Config reloaded"
    t.gateway.values["service.users_per_backend"] = "many"
    t.gateway.write_config()
    assert await ask("reload") == "Error: Error during config reload"
    t.backend.order(do="abort")
    t.backend = await t.backends.wait(2)
    await t.backend.expect("LOGIN", user="romeo@localhost")
    assert await ask("crashed_backends_count") == "1"
    assert await ask("crashed_backends") == f"{pid}\n"
    assert await ask("unregister romeo@localhost") == "User 'romeo@localhost' unregistered."
    assert await ask("unregister romeo@localhost") == "Error: User 'romeo@localhost' is not registered"
    answer = await t.host.ask("irc.localhost", "<query xmlns='jabber:iq:register'/>")
    assert find(answer, "register:query/register:registered") is None
    help_ = (await ask("help")).splitlines()
    assert help_[0] == "General:" and "   CMD   reload - Reloads config file" in help_
    await manager.close()


run(scenario)
