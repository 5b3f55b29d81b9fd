# SPDX-License-Identifier: MIT
"""Debian's Prosody with throw-away data on free loopback ports."""

import pathlib
import shutil

from .certificates import Authority
from .processes import Process, free_port, port_open

PROSODY = """
run_as_root = true
daemonize = false
pidfile = "{folder}/prosody.pid"
data_path = "{folder}/data"
admins = {{ }}
modules_enabled = {{ "roster", "saslauth", "disco", "ping", "private", "vcard_legacy", "pep", "bookmarks", "carbons", "version",
	"offline", "presence", "message", "iq", "time"{with_tls}{with_privileges} }}
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
allow_unencrypted_plain_auth = {plain}
authentication = "{authentication}"
storage = "internal"
limits = {{ }}

VirtualHost "localhost"
{privileges}
Component "{jid}"
	component_secret = "{secret}"
{component_modules}
"""

PRIVILEGES = {
    "roster": '"both"',
    "message": '"outgoing"',
    "iq": '{ ["http://jabber.org/protocol/pubsub"] = "both" }',
}


class Prosody(Process):
    """The domain localhost with the accounts given, and one component. `tls`: STARTTLS is offered to
    clients. `scram`: passwords are kept as SCRAM-SHA-1 keys, and PLAIN is refused without TLS. `privileges`:
    what of XEP-0356 is granted to the component, by the names of PRIVILEGES; True: all we ask for."""

    def __init__(self, folder, jid="irc.localhost", secret="secret", accounts=(), tls=False, scram=False,
                 privileges=()):
        self.folder = pathlib.Path(folder) / "prosody"
        self.folder.mkdir()
        super().__init__("prosody", self.folder / "output")
        self.jid, self.secret, self.accounts = jid, secret, dict(accounts)
        self.tls, self.scram = tls, scram
        self.privileges = PRIVILEGES.keys() if privileges is True else privileges or ()
        self.c2s, self.component = free_port(), free_port()
        self.authority = self.pem = None

    async def run(self):
        """Starts it; again after a stop, with the data it had."""
        self.make_accounts()
        config = await self.write_config()
        await self.start([shutil.which("prosody") or "/usr/bin/prosody", "-F", "--config", str(config)],
                         cwd=self.folder)
        await port_open(self, self.c2s)
        await port_open(self, self.component)
        return self

    async def write_config(self):
        if self.tls and self.authority is None:
            self.authority = await Authority(self.folder).found()
            self.pem = await self.authority.issue()
        config = self.folder / "prosody.cfg.lua"
        config.write_text(PROSODY.format(
            folder=self.folder, jid=self.jid, secret=self.secret, c2s=self.c2s, component=self.component,
            tls=f'ssl = {{ key = "{self.pem}", certificate = "{self.pem}" }}' if self.tls else "",
            with_tls=', "tls"' if self.tls else "",
            with_privileges=', "privilege"' if self.privileges else "", privileges=self.granted(),
            component_modules='\tmodules_enabled = { "privilege" }' if self.privileges else "",
            authentication="internal_hashed" if self.scram else "internal_plain",
            plain="false" if self.scram else "true"))
        return config

    def granted(self):
        if not self.privileges:
            return ""
        each = "".join(f"{name} = {PRIVILEGES[name]}; " for name in self.privileges)
        return f'\tprivileged_entities = {{ ["{self.jid}"] = {{ {each}}} }}\n'

    def make_accounts(self):
        """Accounts that are there already stay as they are."""
        accounts = self.folder / "data" / "localhost" / "accounts"
        accounts.mkdir(parents=True, exist_ok=True)
        for name, password in self.accounts.items():
            file = accounts / f"{name}.dat"
            if not file.exists():
                file.write_text(f'return {{ ["password"] = "{password}" }};\n')

    def log(self):
        file = self.folder / "prosody.log"
        text = file.read_text(errors="replace")[-6000:] if file.exists() else ""
        return super().log() + text
