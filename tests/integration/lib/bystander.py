# SPDX-License-Identifier: MIT
"""Somebody else, by whom a scenario sees that the gateway has dealt with what the backend said before."""

USER = "tybalt@localhost"


async def enter(t):
    await t.enter(user=USER, name="tybalt")


async def hears(t):
    """After this every frame that the backend sent before was dealt with."""
    t.backend.message(USER, "prince", "hark")
    await t.host.expect(f"message[@to='{USER}'][body='hark']")
