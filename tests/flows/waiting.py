"""Waiting for what another process or task brings about."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def until(look: Callable[[], Awaitable[T | None]], seconds: float = 20) -> T:
    """What `look` gives as soon as it gives something; an error after `seconds`."""
    async with asyncio.timeout(seconds):
        while not (found := await look()):  # noqa: ASYNC110 - it is in another process
            await asyncio.sleep(0.1)
    return found
