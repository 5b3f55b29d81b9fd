# SPDX-License-Identifier: MIT
"""Words for a user reach every client that listens, those for a client that is gone too (RFC 6121, section 8.5)."""

from lib.scenario import run

ROMEO = "romeo@localhost"


async def scenario(t):
    await t.serve()
    desk = await t.raw_user("romeo", "desk")
    phone = await t.raw_user("romeo", "phone")
    silent = await t.raw_user("romeo", "silent", presence=None)
    quiet = await t.raw_user("romeo", "quiet", presence="<presence><priority>-3</priority></presence>")

    t.backend.message(ROMEO, "juliet", "one")
    for client in (desk, phone):
        await client.expect("message[@type='chat'][body='one']")
    # The network answers who wrote; once he is gone, the others.
    phone.send("<message type='chat' to='juliet@localhost'><body>two</body></message>")
    await t.backend.expect("CONV_MESSAGE", message="two")
    t.backend.message(ROMEO, "juliet", "three")
    await phone.expect(f"message[@to='{ROMEO}/phone'][body='three']")
    # Between clients of the user, too.
    desk.send(f"<message type='chat' to='{ROMEO}/phone'><body>four</body></message>")
    await phone.expect(f"message[@from='{ROMEO}/desk'][body='four']")
    await phone.close()
    await desk.expect(f"presence[@from='{ROMEO}/phone'][@type='unavailable']")
    t.backend.message(ROMEO, "juliet", "five")
    await desk.expect("message[body='five']")
    quiet.send(f"<message type='chat' to='{ROMEO}/phone'><body>six</body></message>")
    await desk.expect(f"message[@to='{ROMEO}/phone'][body='six']")
    quiet.send(f"<message type='groupchat' to='{ROMEO}/phone'><body>seven</body></message>")
    quiet.send(f"<message type='headline' to='{ROMEO}'><body>eight</body></message>")
    await desk.expect("message[@type='headline'][body='eight']")
    # Whatever its presence, it is there.
    desk.send(f"<message type='chat' to='{ROMEO}/quiet'><body>nine</body></message>")
    await quiet.expect("message[body='nine']")
    desk.send(f"<message type='chat' to='{ROMEO}/silent'><body>ten</body></message>")
    await silent.expect("message[body='ten']")
    for client in (desk, silent, quiet):
        await client.sync()
        client.refute("message")


run(scenario)
