# SPDX-License-Identifier: MIT
"""Debian's ejabberd with throw-away data on free loopback ports."""

import pathlib
import shutil
import signal

from .certificates import Authority
from .processes import Process, descendants, free_port, is_alive, port_open
from .waiting import WITHIN, until

CONFIG = """
hosts: ["localhost"]
loglevel: {loglevel}
{certfiles}
listen:
  - port: {c2s}
    ip: "127.0.0.1"
    module: ejabberd_c2s
    access: all
    shaper: none
    max_stanza_size: 10485760
{starttls}
  - port: {component}
    ip: "127.0.0.1"
    module: ejabberd_service
    access: all
    shaper: none
    max_stanza_size: {stanza_size}
{component_tls}
    global_routes: {global_routes}
    hosts:
{hosts}
s2s_access: none
auth_method: internal
auth_password_format: {passwords}
disable_sasl_mechanisms: ["X-OAUTH2"]
access_rules:
  anyone: {{ allow: all }}
modules:
  mod_caps: {{}}
  mod_carboncopy: {{}}
  mod_disco: {{}}
  mod_last: {{}}
  mod_muc: {{}}
  mod_offline: {{}}
  mod_ping: {{}}
  mod_private: {{}}
  mod_pubsub: {{ plugins: ["flat", "pep"] }}
  mod_register: {{ access_from: none }}
  mod_roster: {{}}
  mod_time: {{}}
  mod_vcard: {{ search: false }}
  mod_version: {{}}
{privileges}
"""

PRIVILEGES = """
  mod_privilege:
    roster: { both: anyone }
    message: { outgoing: anyone }
"""


class Ejabberd(Process):
    """The domain localhost with the accounts given, and one component. The Erlang node has no name, so
    that any number run beside each other and none starts the port mapper, epmd.

    `tls`: STARTTLS is offered to clients. `component_tls`: direct TLS on the component's port. Both by a
    certificate of `authority` for the host `certificate_for`. `privileges`: XEP-0356 is granted to the
    component. `scram`: passwords are kept as SCRAM-SHA-1 keys. `stanza_size`: bytes that the component
    may send in one stanza. `neighbours`: further components on the same port, which with `global_routes` (the
    default of ejabberd) share one link."""

    def __init__(self, folder, jid="irc.localhost", secret="secret", accounts=(), tls=False, component_tls=False,
                 privileges=False, scram=False, stanza_size=1048576, certificate_for="localhost", neighbours=(),
                 global_routes=False, loglevel="info"):
        self.folder = pathlib.Path(folder) / "ejabberd"
        self.folder.mkdir()
        super().__init__("ejabberd", self.folder / "output")
        self.jid, self.secret, self.accounts = jid, secret, dict(accounts)
        self.tls, self.component_tls, self.privileges, self.scram = tls, component_tls, privileges, scram
        self.stanza_size, self.certificate_for, self.loglevel = stanza_size, certificate_for, loglevel
        self.neighbours, self.global_routes = neighbours, global_routes
        self.c2s, self.component = free_port(), free_port()
        self.authority = self.pem = None
        self.ready = self.folder / "ready"

    async def run(self):
        """Starts it; again after a stop, with the data it had."""
        self.ready.unlink(missing_ok=True)
        await self.write_config()
        environment = {
            "EJABBERD_CONFIG_PATH": str(self.folder / "ejabberd.yml"),
            "EJABBERD_LOG_PATH": str(self.folder / "ejabberd.log"),
            "ERL_LIBS": str(pathlib.Path(self.installed()).parent),
            "ERL_CRASH_DUMP_SECONDS": "0",
            "ERL_FLAGS": "", "ERL_AFLAGS": "", "ERL_ZFLAGS": "",
            "HOME": str(self.folder),
        }
        await self.start([shutil.which("erl") or "/usr/bin/erl", "-noinput", "+S", "1:1", "-mnesia", "dir",
                          f'"{self.folder}/spool"', "-s", "ejabberd", "-eval", self.make_accounts()],
                         env=environment, cwd=self.folder)
        await port_open(self, self.c2s)
        await port_open(self, self.component)
        await until(self.ready.exists, "ejabberd has its accounts")
        return self

    @staticmethod
    def installed():
        """The folder of the installed version."""
        found = sorted(pathlib.Path("/usr/lib").glob("*/ejabberd-*/ebin"))
        assert found, "ejabberd is not installed"
        return found[-1].parent

    async def write_config(self):
        if (self.tls or self.component_tls) and self.authority is None:
            self.authority = await Authority(self.folder).found()
            self.pem = await self.authority.issue(self.certificate_for)
        (self.folder / "ejabberd.yml").write_text(CONFIG.format(
            c2s=self.c2s, component=self.component, jid=self.jid, secret=self.secret, loglevel=self.loglevel,
            passwords="scram" if self.scram else "plain", stanza_size=self.stanza_size,
            certfiles=f'certfiles: ["{self.pem}"]' if self.authority else "",
            starttls="    starttls: true" if self.tls else "",
            component_tls=f'    tls: true\n    certfile: "{self.pem}"' if self.component_tls else "",
            global_routes="true" if self.global_routes else "false",
            hosts="\n".join(f'      "{jid}":\n        password: "{self.secret}"'
                            for jid in (self.jid, *self.neighbours)),
            privileges=PRIVILEGES if self.privileges else ""))

    def make_accounts(self):
        """What Erlang is to do when the server runs. Accounts that are there already stay as they are."""
        steps = [f'ejabberd_auth:try_register(<<"{name}">>, <<"localhost">>, <<"{password}">>)'
                 for name, password in self.accounts.items()]
        return ", ".join(steps + [f'file:write_file("{self.ready}", "")']) + "."

    async def stop(self, how=signal.SIGKILL, within=WITHIN):
        """At once: its data is not wanted any more. SIGTERM lets it close its streams, in 1.5 s."""
        ports = descendants(self.pid) if self.child and self.code is None else {}
        code = await super().stop(how, within)
        # Erlang's port programs end a moment after it, by themselves.
        await until(lambda: not any(map(is_alive, ports)), f"{ports} end with ejabberd")
        return code

    def log(self):
        file = self.folder / "ejabberd.log"
        text = file.read_text(errors="replace")[-8000:] if file.exists() else ""
        return super().log()[-2000:] + text
