# SPDX-License-Identifier: MIT
"""Debian's ngircd with throw-away data on a free loopback port."""

import os
import pathlib
import pwd
import shutil

from .processes import Process, free_port, give, port_open

NGIRCD = """
[Global]
Name = irc.test
Info = A server for one test
Listen = {address}
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
    """Debian's ngircd on one port of one loopback address."""

    def __init__(self, folder, port=None, password=None, address="127.0.0.1"):
        self.port = port or free_port()
        self.password, self.address = password, address
        self.folder = pathlib.Path(folder) / f"ngircd-{address}-{self.port}"
        self.folder.mkdir()
        super().__init__("ngircd", self.folder / "output")

    async def run(self):
        user = "nobody" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
        group = "nogroup" if os.getuid() == 0 else str(os.getgid())
        config = self.folder / "ngircd.conf"
        config.write_text(NGIRCD.format(port=self.port, address=self.address, user=user, group=group,
                                        password=f"Password = {self.password}" if self.password else ""))
        give(self.folder, user)
        await self.start([shutil.which("ngircd") or "/usr/sbin/ngircd", "-n", "-f", str(config)], cwd=self.folder)
        await port_open(self, self.port, host=self.address)
        return self
