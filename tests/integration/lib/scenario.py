# SPDX-License-Identifier: MIT
"""Runs one scenario in this process: `run(scenario)` at the end of a file, where scenario is a coroutine
function that takes the Stage. A scenario on a real XMPP server runs on the one that the command line names
("prosody" or "ejabberd"), else on Prosody. Exit code 0: passed, 77: skipped (the reason is the last line), else
failed, with the logs of all that took part."""

import asyncio
import os
import pathlib
import shutil
import signal
import sys
import tempfile
import traceback

from .backends import BackendSocket
from .component_host import ComponentHost
from .ejabberd import Ejabberd
from .gateway import Gateway, program
from .irc_client import IrcClient
from .ngircd import Ngircd
from .processes import adopt_orphans, kill_descendants, port_open
from .prosody import Prosody
from .raw_client import RawClient

SKIPPED = 77
SERVERS = {"prosody": Prosody, "ejabberd": Ejabberd}
AVAILABLE = "presence[@from='{}'][@to='{}'][not(@type)]"


class Skip(Exception):
    """The scenario cannot run here, and why."""


class Stage:
    """The peers of one scenario. What is made through it is stopped and checked at the end."""

    def __init__(self, folder, kind="prosody"):
        self.folder = pathlib.Path(folder)
        self.kind = kind  # of the real XMPP server
        self.cast = []  # (name, thing with a log())
        self.gateways = []
        self.closers = []
        self.host = self.backends = self.gateway = self.backend = None
        self.server = self.ngircd = None

    # Scripted peers

    async def component_host(self, **options):
        self.host = await ComponentHost(**options).start()
        self.cast.append(("component host", self.host))
        self.closers.append(self.host.stop)
        return self.host

    async def backend_socket(self):
        if self.backends is None:
            self.backends = await BackendSocket(self.folder).start()
            self.cast.append(("backends", self.backends))
            self.closers.append(self.backends.stop)
        return self.backends

    def make_gateway(self, name="gateway", log="debug"):
        gateway = Gateway(self.folder, name)
        if log:
            gateway.log_at(log)
        self.cast.append((name, gateway))
        self.gateways.append(gateway)
        return gateway

    async def scripted(self, config=None, announce=None, log="debug", wait=True):
        """A gateway between a scripted server and fake backends; both are connected when this returns."""
        host = self.host or await self.component_host()
        sockets = await self.backend_socket()
        self.gateway = self.make_gateway(log=log)
        self.gateway.values.update({"service.port": host.port, "service.backend": sockets.command(announce)})
        self.gateway.values.update(config or {})
        await self.gateway.run()
        if wait:
            self.backend = await sockets.wait(1)
            await host.wait_online()
        return self.gateway

    # What nearly every scenario begins with

    async def register(self, user="romeo@localhost", name="montague", password="secret"):
        answer = await self.host.ask(
            self.host.jid, f"<query xmlns='jabber:iq:register'><username>{name}</username>"
            f"<password>{password}</password></query>", "set", user=f"{user}/orchard")
        assert answer.get("type") == "result", "registration refused"

    async def login(self, user="romeo@localhost", resource="orchard", backend=None, presence=""):
        """Presence, LOGIN, CONNECTED, until the transport shows itself available. Returns the LOGIN."""
        backend = backend or self.backend
        self.host.send(f"<presence from='{user}/{resource}' to='{self.host.jid}'>{presence}</presence>")
        login = await backend.expect("LOGIN", user=user)
        backend.connected(user)
        await self.host.expect(AVAILABLE.format(self.host.jid, f"{user}/{resource}"))
        # The transport was not available while it connected; who waits for that later means another time.
        self.host.forget(f"presence[@from='{self.host.jid}'][@to='{user}/{resource}'][@type='unavailable']")
        return login

    async def enter(self, user="romeo@localhost", resource="orchard", name="montague"):
        """Registers and logs in."""
        await self.register(user, name)
        return await self.login(user, resource)

    # Real peers

    async def run_server(self, kind=None, **options):
        """A real XMPP server; the options are those of Prosody and Ejabberd."""
        kind = kind or self.kind
        self.server = SERVERS[kind](self.folder, **options)
        self.cast.append((kind, self.server))
        self.closers.append(self.server.stop)
        return await self.server.run()

    async def run_ngircd(self, **options):
        server = Ngircd(self.folder, **options)
        self.ngircd = self.ngircd or server
        self.cast.append(("ngircd", server))
        self.closers.append(server.stop)
        return await server.run()

    async def real(self, accounts=("romeo", "juliet"), config=None, single=True, server=None, **options):
        """An XMPP server and ngircd with the gateway and the IRC backend between them."""
        await self.run_server(server, accounts={name: "secret" for name in accounts}, **options)
        await self.run_ngircd()
        network = {"service.irc_server": f"127.0.0.1:{self.ngircd.port}"} if single else {}
        return await self.real_gateway({**network, **(config or {})})

    async def real_gateway(self, config=None, log="debug"):
        """The gateway on the XMPP server that runs; with the IRC backend, if `config` names no other."""
        self.gateway = self.make_gateway(log=log)
        self.gateway.values.update({"service.port": self.server.component,
                                    "service.backend": program("spectrum2_irc_backend"), **(config or {})})
        return await self.gateway.run()

    async def half_real(self, accounts=("romeo", "juliet"), config=None, announce=None, server=None, **options):
        """An XMPP server, the gateway, and a fake backend that says what the scenario says."""
        await self.run_server(server, accounts={name: "secret" for name in accounts}, **options)
        sockets = await self.backend_socket()
        await self.real_gateway({"service.backend": sockets.command(announce), **(config or {})})
        self.backend = await sockets.wait(1)
        return self.gateway

    # Server mode

    async def serve(self, config=None, announce=None, log="debug", wait=True):
        """The gateway as a server for clients, on `gateway.port`, and a fake backend, which is connected when this
        returns. Without a database, if `config` names none."""
        sockets = await self.backend_socket()
        await self.serving({"service.backend": sockets.command(announce), **(config or {})}, log)
        if wait:
            self.backend = await sockets.wait(1)
        return self.gateway

    async def serve_irc(self, config=None, log="debug", single=True, **options):
        """The same with the IRC backend, and an ngircd if it is the `single` one; the options are those of Ngircd."""
        if single:
            await self.run_ngircd(**options)
        network = {"service.irc_server": f"127.0.0.1:{self.ngircd.port}"} if single else {}
        return await self.serving({"service.backend": program("spectrum2_irc_backend"), **network, **(config or {})},
                                  log)

    async def serving(self, config, log):
        self.gateway = self.make_gateway(log=log)
        self.gateway.serve_clients()
        if config.get("database.type", "none") != "none":
            self.gateway.keep()
        self.gateway.values.update(config)
        await self.gateway.run()
        await port_open(self.gateway, self.gateway.port)
        return self.gateway

    async def restart_served(self):
        """The server again, after its end, with the values it has now."""
        await self.gateway.run()
        await port_open(self.gateway, self.gateway.port)

    def raw_client(self, name="raw", port=None):
        """A client of our server; it is not connected yet."""
        client = RawClient(port or self.gateway.port, self.gateway.values["service.jid"], name=name)
        self.cast.append((f"client {name}", client))
        self.closers.append(client.close)
        return client

    async def raw_user(self, name="romeo", resource="orchard", password="secret", presence="<presence/>",
                       backend=None, **options):
        """One who is logged in, and whose presence the server knows; the options are those of RawClient.login(). The fake backend
        lets him in if it is asked."""
        client = self.raw_client(f"{name}/{resource}", options.pop("port", None))
        login = asyncio.create_task(client.login(name, password, resource, **options))
        backend = backend or self.backend
        if backend:
            asked = asyncio.create_task(backend.expect("LOGIN", user=f"{name}@{client.domain}"))
            await asyncio.wait((login, asked), return_when=asyncio.FIRST_COMPLETED)
            if asked.done():
                asked.result()
                backend.connected(f"{name}@{client.domain}")
            asked.cancel()
        await login
        if presence:
            client.send(presence)
            await client.sync()
        return client

    async def served_user(self, name, resource="test", password="secret", tls="starttls", port=None, login=True,
                          trusted=None):
        """A slixmpp client of our server, over TLS."""
        from .xmpp_client import XmppClient
        client = XmppClient(f"{name}@{self.gateway.values['service.jid']}/{resource}", password,
                            port or self.gateway.port, tls, trusted)
        self.cast.append((f"xmpp {name}", client))
        self.closers.append(client.close)
        if login:
            await client.login()
        return client

    async def irc_user(self, nick, channel=None, server=None):
        server = server or self.ngircd
        client = IrcClient(nick, server.port, server.address)
        self.cast.append((f"irc {nick}", client))
        self.closers.append(client.close)
        await client.connect()
        if channel:
            await client.join(channel)
        return client

    async def xmpp_user(self, name, resource="test", password="secret"):
        from .xmpp_client import XmppClient
        client = XmppClient(f"{name}@localhost/{resource}", password, self.server.c2s)
        self.cast.append((f"xmpp {name}", client))
        self.closers.append(client.close)
        await client.login()
        return client

    # The end

    async def close(self):
        """Ends everything; returns what was wrong about it."""
        wrong = []
        for gateway in self.gateways:
            try:
                await gateway.finish()
            except Exception as error:  # everything that ends badly is told, none stops the others
                wrong.append(f"{gateway.name}: {error or type(error).__name__}")
        for closer in reversed(self.closers):
            try:
                await closer()
            except Exception as error:
                wrong.append(f"{closer}: {error or type(error).__name__}")
        return wrong

    def print_logs(self):
        for name, thing in self.cast:
            print(f"---- {name}\n{thing.log()[-12000:]}")


async def _play(scenario, stage):
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, task.cancel)
    failure = None
    try:
        await scenario(stage)
    except Skip as reason:
        failure = reason
    except asyncio.CancelledError:
        failure = AssertionError("stopped: over its time")
        traceback.print_exc()
    except Exception as error:
        traceback.print_exc()
        failure = error
    wrong = await stage.close()
    if isinstance(failure, Skip):
        print(f"SKIP: {failure}")
        return SKIPPED
    if failure or wrong:
        stage.print_logs()
        for line in wrong:
            print(f"at the end: {line}")
        print(f"FAILED: {type(failure).__name__}: {failure}" if failure else "FAILED at the end: " + wrong[0])
        return 1
    return 0


def run(scenario):
    adopt_orphans()
    folder = tempfile.mkdtemp(prefix="spectrum2-test-")
    os.chmod(folder, 0o755)
    try:
        code = asyncio.run(_play(scenario, Stage(folder, *sys.argv[1:2])))
    finally:
        left = kill_descendants()
        shutil.rmtree(folder, ignore_errors=True)
    if left and code == 0:
        print(f"FAILED: processes were left: {left}")
        code = 1
    sys.stdout.flush()
    sys.exit(code)
