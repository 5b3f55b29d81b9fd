# SPDX-License-Identifier: MIT
"""A real client uploads a file, which others fetch by its address; what is too large, of another kind or put twice is
refused."""

import asyncio

from lib.processes import free_port
from lib.raw_client import find, text_of
from lib.scenario import Skip, run
from lib.served import enter_as_client

UPLOAD = "urn:xmpp:http:upload:0"


async def curl(*arguments, data=b""):
    """Status and body."""
    process = await asyncio.create_subprocess_exec("curl", "-sS", "-m", "20", "-w", "\n%{http_code}", *arguments,
                                                   stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE)
    out, _ = await process.communicate(data)
    body, _, status = out.rpartition(b"\n")
    return int(status), body


async def put(url, data, kind="text/plain"):
    return (await curl("-X", "PUT", "--data-binary", "@-", "-H", f"Content-Type: {kind}", url, data=data))[0]


async def scenario(t):
    try:
        import aiohttp  # noqa: F401 (slixmpp uploads by it)
    except ImportError:
        raise Skip("python3-aiohttp is not installed")
    web = t.folder / "web"
    web.mkdir()
    await t.serve({"service.upload_port": free_port(), "service.web_directory": web, "service.upload_max": 200000})
    romeo = await enter_as_client(t, "romeo", plugins=("xep_0363",))
    picture = t.folder / "Verona by night.png"
    picture.write_bytes(bytes(range(256)) * 700)
    # What finds the service in this slixmpp does not work with this Python.
    info = (await romeo["xep_0030"].get_info("localhost"))["disco_info"]
    assert UPLOAD in info["features"], info
    assert ("store", "file") in {identity[:2] for identity in info["identities"]}, info
    romeo["xep_0363"].upload_service = "localhost"
    romeo["xep_0363"].max_file_size = int(info["form"]["values"]["max-file-size"])
    url = await romeo["xep_0363"].upload_file(picture)
    assert url.endswith("/Verona_by_night.png"), url
    assert await curl(url) == (200, picture.read_bytes())
    assert (await curl(url.replace("Verona", "Mantua")))[0] == 404
    assert (await curl(url.rpartition("/")[0] + "/"))[0] == 404

    slot = await romeo.ask("localhost", f"<request xmlns='{UPLOAD}' filename='a.txt' size='5' content-type='text/plain'/>")
    there, back = (find(slot, f"upload:slot/upload:{name}").get("url") for name in ("put", "get"))
    assert await put(there, b"longer") == 403
    assert await put(there, b"<b/>\n", "text/html") == 403
    assert await put(there, b"hello") == 201
    assert await put(there, b"other") == 409
    assert await curl(back) == (200, b"hello")

    answer = await romeo.ask("localhost", f"<request xmlns='{UPLOAD}' filename='a.txt' size='200001'/>")
    assert text_of(answer, "error/upload:file-too-large/upload:max-file-size") == "200000"
    assert sorted(each.name for each in web.rglob("*") if each.is_file()) == ["Verona_by_night.png", "a.txt"]


run(scenario)
