# SPDX-License-Identifier: MIT
"""Once a start the log tells what servers grant, and the lines that are missing in their configuration."""

from lib.privileges import RosterKeeper
from lib.scenario import run
from lib.waiting import until


async def scenario(t):
    await t.scripted()
    RosterKeeper(t.host).grant()
    await t.gateway.wait_log(r"privileges \(XEP-0356\): localhost: roster both, message none")
    await t.gateway.wait_log(r'privileged_entities = \{ \["irc.localhost"\] = \{ roster = "both"')
    await t.gateway.wait_log(r'acl: \{ spectrum: \{ server: "irc.localhost" \} \}')
    t.host.link.close()
    await t.host.wait_online(2)
    await t.register()
    # What the former link granted counts no more.
    await t.host.expect("presence[@type='subscribe'][@from='irc.localhost']")
    await until(lambda: t.gateway.log().count("privileges (XEP-0356)") == 1, "one report")


run(scenario)
