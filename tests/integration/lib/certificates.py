# SPDX-License-Identifier: MIT
"""Certificates for one test, made with openssl."""

import pathlib

from .processes import Process


class Authority:
    """A certificate authority that lives as long as the folder. `certificate` is its own, for who trusts it."""

    def __init__(self, folder, name="ca"):
        self.folder = pathlib.Path(folder) / name
        self.name = name
        self.key, self.certificate = self.folder / "ca-key.pem", self.folder / "ca.pem"

    async def openssl(self, *arguments):
        process = Process("openssl", self.folder / "openssl-output")
        await process.start(["openssl", *map(str, arguments)])
        assert await process.wait() == 0, process.log()

    async def found(self):
        self.folder.mkdir()
        self.folder.chmod(0o755)
        await self.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                           "-subj", f"/CN={self.name}", "-addext", "basicConstraints=critical,CA:TRUE",
                           "-days", "2", "-keyout", self.key, "-out", self.certificate)
        return self

    async def issue(self, host="localhost"):
        """The PEM file with the key and the certificate of a server."""
        key, request, file = (self.folder / f"{host}-{part}.pem" for part in ("key", "request", "both"))
        extensions = self.folder / f"{host}-extensions"
        extensions.write_text(f"subjectAltName=DNS:{host},IP:127.0.0.1\n")
        await self.openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                           "-subj", f"/CN={host}", "-keyout", key, "-out", request)
        await self.openssl("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self.key,
                           "-CAcreateserial", "-days", "2", "-extfile", extensions, "-out", file)
        file.write_text(file.read_text() + key.read_text())
        key.chmod(0o644)
        file.chmod(0o644)
        return file
