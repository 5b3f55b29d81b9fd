# SPDX-License-Identifier: MIT
"""A PKCS#12 file with its password, with the certificate that vouches for it: a real client that knows only the
authority above both trusts it."""

from lib.certificates import Authority
from lib.scenario import run


async def scenario(t):
    authority = await Authority(t.folder).found()
    both = await authority.issue()
    bundle = t.folder / "server.p12"
    await authority.openssl("pkcs12", "-export", "-in", both, "-certfile", authority.certificate,
                            "-passout", "pass:p12-s3same", "-out", bundle)
    bundle.chmod(0o644)
    await t.serve_irc({"service.cert": bundle, "service.cert_password": "p12-s3same"})
    await t.served_user("romeo", trusted=authority.certificate)
    assert "p12-s3same" not in t.gateway.log()


run(scenario)
