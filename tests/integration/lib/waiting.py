# SPDX-License-Identifier: MIT
"""Waiting by condition. WITHIN is for the slowest machine that is busy with other things; who gets what he waits for
never sees it."""

import asyncio
import inspect

WITHIN = 30.0


class Missing(AssertionError):
    """What was waited for did not come."""


async def until(condition, what, within=WITHIN):
    """Polls until `condition` (may be a coroutine function) is true, and returns its value."""
    end = asyncio.get_running_loop().time() + within
    while True:
        value = condition()
        if inspect.isawaitable(value):
            value = await value
        if value:
            return value
        if asyncio.get_running_loop().time() > end:
            raise Missing(f"not within {within:g} s: {what}")
        await asyncio.sleep(0.02)


class Inbox:
    """Things that arrived and were not asked for yet, in order."""

    def __init__(self, name):
        self.name = name
        self.items = []
        self.arrived = asyncio.Event()

    def put(self, item):
        self.items.append(item)
        self.arrived.set()

    def first(self, wanted):
        return next((item for item in self.items if wanted(item)), None)

    async def take(self, wanted, what, within=WITHIN):
        """The oldest item that `wanted` accepts; it is gone after that, the others stay."""
        end = asyncio.get_running_loop().time() + within
        while True:
            item = self.first(wanted)
            if item is not None:
                self.items.remove(item)
                return item
            self.arrived.clear()
            try:
                await asyncio.wait_for(self.arrived.wait(), end - asyncio.get_running_loop().time())
            except asyncio.TimeoutError:
                raise Missing(f"{self.name}: not within {within:g} s: {what}") from None
