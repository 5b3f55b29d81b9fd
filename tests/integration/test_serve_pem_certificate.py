# SPDX-License-Identifier: MIT
"""A PEM file with certificate and key, or one for each, is what clients see; a real client checks it."""

from lib.certificates import Authority
from lib.raw_client import any_certificate
from lib.scenario import run


async def scenario(t):
    authority = await Authority(t.folder).found()
    await t.serve_irc({"service.cert": await authority.issue()})
    romeo = await t.served_user("romeo", trusted=authority.certificate)
    await romeo.close()
    await t.gateway.stop()
    # The key in a file of its own.
    certificate = authority.folder / "localhost-certificate.pem"
    certificate.write_text(certificate.with_name("localhost-both.pem").read_text().split("-----BEGIN PRIVATE")[0])
    t.gateway.values["service.cert"] = certificate
    t.gateway.values["service.cert_key"] = authority.folder / "localhost-key.pem"
    await t.restart_served()
    romeo = await t.served_user("romeo", trusted=authority.certificate)
    raw = t.raw_client()
    await raw.connect()
    await raw.open()
    await raw.starttls(any_certificate())


run(scenario)
