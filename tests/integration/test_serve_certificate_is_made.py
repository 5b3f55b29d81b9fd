# SPDX-License-Identifier: MIT
"""Without service.cert a certificate for the domain is made, once, for the gateway's user only; it is shown by STARTTLS
and by direct TLS, and a client that was told of it trusts it."""

import ssl

from lib.processes import free_port, port_open
from lib.scenario import run


async def fingerprint(t, port, starttls):
    client = t.raw_client("look", port)
    await client.connect(tls=not starttls)
    await client.open()
    if starttls:
        await client.starttls()
    await client.close()
    return client.fingerprint()


async def scenario(t):
    direct = free_port()
    await t.serve({"service.tls_port": direct})
    await port_open(t.gateway, direct)
    file = t.gateway.folder / "data" / "self-signed.pem"
    assert file.stat().st_mode & 0o077 == 0, oct(file.stat().st_mode)
    first = await fingerprint(t, t.gateway.port, True)
    assert await fingerprint(t, direct, False) == first
    context = ssl.create_default_context(cafile=file)
    romeo = await t.raw_user("romeo", starttls=True, context=context)
    await romeo.sync()
    await romeo.close()
    # Nothing older than TLS 1.2.
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    old.set_ciphers("ALL:@SECLEVEL=0")
    client = t.raw_client("old", direct)
    try:
        await client.connect(tls=True, context=old)
        raise AssertionError("TLS 1.1 is taken")
    except (ssl.SSLError, ConnectionError):
        pass
    await t.gateway.stop()
    await t.gateway.run()
    await port_open(t.gateway, direct)
    assert await fingerprint(t, direct, False) == first, "another one after a restart"


run(scenario)
