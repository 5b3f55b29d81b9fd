# SPDX-License-Identifier: MIT
"""service.cert as PKCS#12 of an old OpenSSL, then as PEM: a reload shows the new one to who comes and leaves who is there
alone; a bad one is told and keeps the old. Without service.cert a self-signed one is made once."""

import asyncio
import hashlib
import signal
import ssl
import stat

from lib.certificates import Authority
from lib.scenario import run
from lib.waiting import until


def fingerprint(pem):
    text = pem.read_text()
    first = text[:text.index("-----END CERTIFICATE-----")] + "-----END CERTIFICATE-----\n"
    first = first[first.index("-----BEGIN CERTIFICATE-----"):]
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(first)).hexdigest()


async def shown(t):
    client = t.raw_client()
    await client.connect()
    await client.open()
    await client.starttls()
    return client.fingerprint()


async def reload(t, expected):
    before = len(t.gateway.log())
    t.gateway.write_config()
    t.gateway.send_signal(signal.SIGHUP)
    await until(lambda: "the configuration is reloaded" in t.gateway.log()[before:], "the reload")
    assert expected in t.gateway.log()[before:], t.gateway.log()[before:]


async def scenario(t):
    authority = await Authority(t.folder).found()
    first, second = await authority.issue("localhost"), await authority.issue("other.localhost")
    bundle = t.folder / "any.name"
    await authority.openssl("pkcs12", "-export", "-legacy", "-in", first, "-out", bundle, "-passout", "pass:secret",
                            "-certfile", authority.certificate)
    await t.serve({"service.cert": bundle, "service.cert_password": "secret"})
    assert await shown(t) == fingerprint(first)
    romeo = await t.raw_user("romeo", starttls=True, context=ssl.create_default_context(cafile=authority.certificate))

    t.gateway.values["service.cert"] = second
    await reload(t, f"{second}: the certificate is for other.localhost, not for localhost")
    assert await shown(t) == fingerprint(second)
    await romeo.sync()

    bundle.write_text("nonsense")
    t.gateway.values["service.cert"] = bundle
    await reload(t, f"the certificate stays as it was: service.cert: {bundle}: this is neither PKCS#12 nor PEM")
    assert await shown(t) == fingerprint(second)
    await romeo.sync()

    # What is bad at the start is fatal.
    await t.gateway.finish()
    t.gateway.expected_code = 1
    await t.gateway.run()
    assert await t.gateway.wait() == 1
    await t.gateway.wait_log(f"service.cert: {bundle}: this is neither PKCS#12 nor PEM")

    t.gateway.expected_code = 0
    t.gateway.values.update({"service.cert": None, "service.cert_password": None})
    await t.restart_served()
    own = t.gateway.values["service.working_dir"] / "self-signed.pem"
    assert stat.S_IMODE(own.stat().st_mode) == 0o600
    made = await shown(t)
    assert made == fingerprint(own)
    await t.gateway.finish()
    await t.restart_served()
    assert await shown(t) == made


run(scenario)
