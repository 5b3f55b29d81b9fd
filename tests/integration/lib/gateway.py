# SPDX-License-Identifier: MIT
"""The program under test, with its data in a folder of its own."""

import os
import pathlib
import re
import signal

from .processes import Process, descendants, free_port, is_alive
from .waiting import WITHIN, until

TOP = pathlib.Path(__file__).resolve().parents[3]
_REPORT = re.compile(r"ERROR: (Address|Leak|Thread)Sanitizer|SUMMARY: \w+Sanitizer|runtime error:|[Aa]ssertion.*failed"
                     r"|AddressSanitizer:DEADLYSIGNAL")


def build_folder():
    return TOP / os.environ.get("SPECTRUM_BUILD", "build/test")


def program(name):
    """A program of the build by its name, wherever the build puts it."""
    for folder in ("src/daemon", "backends/irc", "backends/echo", "."):
        path = build_folder() / folder / name
        if path.is_file() and os.access(path, os.X_OK):
            return path
    raise FileNotFoundError(f"{name} is not built in {build_folder()}")


def format_config(values):
    """{"section.key": value or list of values} as the text of a configuration file."""
    sections = {}
    for key, value in values.items():
        if value is None:
            continue
        section, name = key.split(".", 1)
        for item in value if isinstance(value, list) else [value]:
            sections.setdefault(section, []).append(f"{name} = {item}")
    return "".join(f"[{section}]\n" + "\n".join(lines) + "\n\n" for section, lines in sections.items())


LOGGING = """log4j.rootLogger={level}, console
log4j.appender.console=org.apache.log4j.ConsoleAppender
log4j.appender.console.layout=org.apache.log4j.PatternLayout
log4j.appender.console.layout.ConversionPattern=%d %-5p %c: %m%n
"""


class Gateway(Process):
    """`spectrum2 -n FILE` with a configuration that a scenario may change key by key."""

    def __init__(self, folder, name="gateway"):
        self.folder = pathlib.Path(folder) / name
        self.folder.mkdir()
        self.folder.chmod(0o755)
        super().__init__(name, self.folder / "stderr")
        self.config_file = self.folder / "spectrum.cfg"
        self.values = {
            "service.jid": "irc.localhost",
            "service.password": "secret",
            "service.server": "127.0.0.1",
            "service.backend_host": "127.0.0.1",
            "service.backend_port": free_port(),
            "service.working_dir": self.folder / "data",
            "service.pidfile": self.folder / "run" / "gateway.pid",
            "service.portfile": self.folder / "run" / "gateway.port",
            "database.type": "sqlite3",
            "database.database": self.folder / "data" / "database.sql",
        }
        self.expected_code = 0
        self.known = set()  # descendants seen while it ran

    def serve_clients(self):
        """Server mode, without a database."""
        self.values.update({"service.server_mode": 1, "service.jid": "localhost", "service.password": None,
                            "service.port": free_port(), "database.type": "none", "database.database": None})

    @property
    def port(self):
        return self.values["service.port"]

    def keep(self):
        """A database, also in server mode."""
        self.values.update({"database.type": "sqlite3", "database.database": self.folder / "data" / "database.sql"})

    def write_config(self, **unused):
        self.config_file.write_text(format_config(self.values))

    def log_at(self, level):
        file = self.folder / "logging.cfg"
        file.write_text(LOGGING.format(level=level))
        self.values["logging.config"] = file

    async def run(self, *arguments):
        self.write_config()
        await self.start([str(program("spectrum2")), "-n", *arguments, str(self.config_file)], cwd=self.folder, env={
            "ASAN_OPTIONS": "exitcode=99:detect_leaks=1:handle_abort=0:disable_coredump=0",
            "LSAN_OPTIONS": "exitcode=98",
            "UBSAN_OPTIONS": "halt_on_error=1:print_stacktrace=1",
        })
        return self

    def children(self):
        found = descendants(self.pid)
        self.known |= set(found)
        return found

    async def wait_log(self, pattern, within=WITHIN):
        return await until(lambda: re.search(pattern, self.log()), f"log line {pattern}", within)

    async def finish(self):
        """Asks it to end, then checks that it ended well and left nothing."""
        if self.child is None:
            return
        if self.code is None:
            self.children()
            await self.stop()
        assert self.code == self.expected_code, f"{self.name} ended with {self.code}, not {self.expected_code}"
        self.check_reports()
        await until(lambda: not [pid for pid in self.known if is_alive(pid)],
                    f"children of {self.name} end: {self.known}")
        for key in ("service.pidfile",):
            assert not pathlib.Path(self.values[key]).exists(), f"{self.values[key]} was left"

    def check_reports(self):
        report = _REPORT.search(self.log())
        assert not report, f"sanitizer or assertion: {report.group()}"
