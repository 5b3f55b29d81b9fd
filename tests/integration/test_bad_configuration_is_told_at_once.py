# SPDX-License-Identifier: MIT
"""All faults of a file are told with file, line, key and what is expected; exit 1, nothing is created."""

from lib.scenario import run


async def scenario(t):
    gateway = t.make_gateway(log=None)
    gateway.config_file.write_text(
        "[service]\njid = irc.localhost\npassword = secret\nport = many\nserver = 127.0.0.1\n"
        f"backend = /bin/true\nworking_dir = {gateway.folder}/data\npidfile = {gateway.folder}/run/pid\n"
        f"portfile = {gateway.folder}/run/port\nenable_xhtml = maybe\nusers_per_backend = -5\nthis line is none\n")
    gateway.write_config = lambda: None
    before = sorted(p.name for p in gateway.folder.iterdir())
    await gateway.run()
    assert await gateway.wait() == 1
    text = gateway.log()
    for line, key in ((4, "service.port"), (10, "service.enable_xhtml"), (12, "")):
        assert f"spectrum.cfg:{line}" in text and key in text, text
    assert "many" in text and "maybe" in text
    assert "secret" not in text
    assert sorted(p.name for p in gateway.folder.iterdir()) == sorted(before + ["stderr"])
    t.gateways.remove(gateway)


run(scenario)
