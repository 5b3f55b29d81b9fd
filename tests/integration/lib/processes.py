# SPDX-License-Identifier: MIT
"""Processes that a scenario starts, and what is left of them; real servers on free loopback ports."""

import asyncio
import ctypes
import os
import pathlib
import pwd
import shutil
import signal
import socket

from .waiting import until

PR_SET_CHILD_SUBREAPER = 36
_PARENT_DEATH = 1


def adopt_orphans():
    """Descendants whose parent goes become children of this process, so that none is lost sight of."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _stat(pid):
    """(name, state, parent) of a process, or None."""
    try:
        text = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    name, rest = text[text.index("(") + 1:].rsplit(")", 1)
    state, parent = rest.split()[:2]
    return name, state, int(parent)


def command_of(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        return ""


def descendants(root):
    """{pid: name} of all living processes below `root` (zombies are dead)."""
    parents = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            stat = _stat(entry)
            if stat and stat[1] not in "ZX":
                parents.setdefault(stat[2], []).append((int(entry), stat[0]))
    found, queue = {}, [root]
    while queue:
        for pid, name in parents.get(queue.pop(), ()):
            found[pid] = name
            queue.append(pid)
    return found


def is_alive(pid):
    stat = _stat(pid)
    return stat is not None and stat[1] not in "ZX"


def kill_descendants():
    """Ends whatever is still below this process; returns their names."""
    names = []
    for _ in range(20):
        left = descendants(os.getpid())
        if not left:
            break
        for pid, name in left.items():
            names.append(name)
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        reap()
    reap()
    return names


def reap():
    """Collects adopted orphans that ended."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def _die_with_parent():
    ctypes.CDLL(None).prctl(_PARENT_DEATH, signal.SIGKILL, 0, 0, 0)


class Process:
    """A child with its output in a file."""

    def __init__(self, name, output):
        self.name, self.output = name, pathlib.Path(output)
        self.child = None
        self.code = None  # exit code, negative: the signal; None while it runs
        self.ended = None

    async def start(self, argv, env=None, cwd=None):
        with open(self.output, "ab") as output:
            self.child = await asyncio.create_subprocess_exec(
                *argv, stdin=asyncio.subprocess.DEVNULL, stdout=output, stderr=output, cwd=cwd,
                env={**os.environ, **(env or {})}, start_new_session=True, preexec_fn=_die_with_parent)
        self.ended = asyncio.create_task(self._wait())
        return self

    async def _wait(self):
        self.code = await self.child.wait()

    @property
    def pid(self):
        return self.child.pid

    async def wait(self, within=20):
        """The exit code."""
        await asyncio.wait_for(asyncio.shield(self.ended), within)
        return self.code

    async def stop(self, how=signal.SIGTERM, within=20):
        if self.child and self.code is None:
            try:
                self.child.send_signal(how)
                await self.wait(within)
            except (asyncio.TimeoutError, ProcessLookupError):
                if self.code is None:
                    self.child.kill()
                    await self.wait(5)
                raise
        return self.code

    def log(self):
        return self.output.read_text(errors="replace") if self.output.exists() else ""


async def port_open(process, port, within=15):
    """Waits until something listens there, or the process gave up."""
    def probe():
        assert process.code is None, f"{process.name} ended with {process.code}: {process.log()[-2000:]}"
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return True
        except OSError:
            return False
    await until(probe, f"{process.name} listens on {port}", within)


def _give(folder, user):
    if os.getuid() == 0:
        for path in [folder, *pathlib.Path(folder).rglob("*")]:
            shutil.chown(path, user)


PROSODY = """
run_as_root = true
daemonize = false
pidfile = "{folder}/prosody.pid"
data_path = "{folder}/data"
admins = {{ }}
modules_enabled = {{ "roster", "saslauth", "disco", "ping", "private", "vcard_legacy", "pep", "carbons", "version",
	"offline", "presence", "message", "iq", "time"{with_tls} }}
modules_disabled = {{ "s2s", "posix" }}
{tls}
log = {{ {{ levels = {{ min = "debug" }}, to = "file", filename = "{folder}/prosody.log" }} }}
interfaces = {{ "127.0.0.1" }}
c2s_interfaces = {{ "127.0.0.1" }}
c2s_ports = {{ {c2s} }}
c2s_direct_tls_ports = {{ }}
s2s_ports = {{ }}
http_ports = {{ }}
https_ports = {{ }}
component_interfaces = {{ "127.0.0.1" }}
component_ports = {{ {component} }}
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
authentication = "internal_plain"
storage = "internal"
limits = {{ }}

VirtualHost "localhost"

Component "{jid}"
	component_secret = "{secret}"
"""


class Prosody(Process):
    """Debian's Prosody: the domain localhost with the accounts given, and one component."""

    def __init__(self, folder, jid="irc.localhost", secret="secret", accounts=(), tls=False):
        self.folder = pathlib.Path(folder) / "prosody"
        self.folder.mkdir()
        super().__init__("prosody", self.folder / "output")
        self.jid, self.secret, self.accounts, self.tls = jid, secret, dict(accounts), tls
        self.c2s, self.component = free_port(), free_port()

    async def run(self):
        accounts = self.folder / "data" / "localhost" / "accounts"
        accounts.mkdir(parents=True)
        for name, password in self.accounts.items():
            (accounts / f"{name}.dat").write_text(f'return {{ ["password"] = "{password}" }};\n')
        config = self.folder / "prosody.cfg.lua"
        tls = await self.make_certificate() if self.tls else ""
        config.write_text(PROSODY.format(folder=self.folder, jid=self.jid, secret=self.secret, c2s=self.c2s,
                                         component=self.component, tls=tls, with_tls=', "tls"' if tls else ""))
        await self.start([shutil.which("prosody") or "/usr/bin/prosody", "-F", "--config", str(config)],
                         cwd=self.folder)
        await port_open(self, self.c2s)
        await port_open(self, self.component)
        return self

    async def make_certificate(self):
        """A self-signed one for localhost, for clients that insist on TLS."""
        key, certificate = self.folder / "key.pem", self.folder / "certificate.pem"
        openssl = Process("openssl", self.folder / "openssl-output")
        await openssl.start(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                             "-nodes", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
                             "-days", "2", "-keyout", str(key), "-out", str(certificate)])
        assert await openssl.wait() == 0, openssl.log()
        return f'ssl = {{ key = "{key}", certificate = "{certificate}" }}'

    def log(self):
        file = self.folder / "prosody.log"
        text = file.read_text(errors="replace")[-6000:] if file.exists() else ""
        return super().log() + text


NGIRCD = """
[Global]
Name = irc.test
Info = A server for one test
Listen = 127.0.0.1
Ports = {port}
MotdPhrase = "welcome"
ServerUID = {user}
ServerGID = {group}
{password}
[Limits]
MaxConnectionsIP = 0
MaxJoins = 100
MaxNickLength = 30
PingTimeout = 120
PongTimeout = 20
[Options]
DNS = no
Ident = no
PAM = no
MorePrivacy = no
OperCanUseMode = yes
[Operator]
Name = oper
Password = oper
"""


class Ngircd(Process):
    """Debian's ngircd on one port."""

    def __init__(self, folder, port=None, password=None):
        self.port = port or free_port()
        self.password = password
        self.folder = pathlib.Path(folder) / f"ngircd-{self.port}"
        self.folder.mkdir()
        super().__init__("ngircd", self.folder / "output")

    async def run(self):
        user = "nobody" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
        group = "nogroup" if os.getuid() == 0 else str(os.getgid())
        config = self.folder / "ngircd.conf"
        config.write_text(NGIRCD.format(port=self.port, user=user, group=group,
                                        password=f"Password = {self.password}" if self.password else ""))
        _give(self.folder, user)
        await self.start([shutil.which("ngircd") or "/usr/sbin/ngircd", "-n", "-f", str(config)], cwd=self.folder)
        await port_open(self, self.port)
        return self
