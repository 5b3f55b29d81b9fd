# SPDX-License-Identifier: MIT
"""-v, -h, --check and --print-config answer and exit; an override on the command line wins."""

from lib.gateway import format_config, program
from lib.processes import Process
from lib.scenario import run


async def scenario(t):
    async def ask(*arguments):
        process = Process("spectrum2", t.folder / f"out{len(list(t.folder.iterdir()))}")
        await process.start([str(program("spectrum2")), *map(str, arguments)], cwd=t.folder)
        code = await process.wait()
        assert "Sanitizer" not in process.log(), process.log()
        return code, process.log()

    code, text = await ask("-v")
    assert code == 0 and "2.3.0" in text, text
    code, text = await ask("-h")
    assert code == 0 and "config" in text.lower(), (code, text)
    code, text = await ask("--print-config")
    assert code == 0 and "[service]" in text and "users_per_backend" in text and "100" in text
    sample = t.folder / "sample.cfg"
    good = t.folder / "good.cfg"
    good.write_text(format_config({"service.jid": "a.example", "service.port": 5347, "service.backend": "/bin/true",
                                   "service.working_dir": t.folder / "nowhere", "service.password": "secret",
                                   "service.portt": 1}))
    before = sorted(t.folder.iterdir())
    code, text = await ask("--check", good)
    assert code == 0, text
    assert "service.portt" in text and "service.port?" in text, text
    code, text = await ask("--check", "--service.port=many", good)
    assert code == 1 and "service.port" in text, text
    assert not (t.folder / "nowhere").exists()
    code, text = await ask("--check", "--database.type=mysql", good)
    assert code == 1 and "database.type" in text, text
    for key in "logging.config", "logging.backend_config", "service.cert":
        code, text = await ask("--check", f"--{key}=/nowhere/logging.cfg", good)
        assert code == 0 and f"warning: {key}: /nowhere/logging.cfg" in text, text
    sample.write_text((await ask("--print-config"))[1])
    code, text = await ask("--check", "-j", "a.example", "--service.port=5347", "--service.password=x", sample)
    assert code == 0, text


run(scenario)
