"""Asking sites outside of the schedule, for a person who waits, with the manners of every poll.

Nothing is kept: no validators are sent, and what robots.txt says is forgotten afterwards.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tasks.fetch.client import Fetcher, Request
from tasks.fetch.outcome import Failure, FailureKind, Outcome
from tasks.fetch.polite import Clock, Turn
from tasks.fetch.robots import Robots


@dataclass(slots=True)
class _Group:
    """A rate group as this visitor has found it."""

    turn: Turn
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    limited: bool = False


class Visitor:
    """Asks for addresses, one of a rate group at a time, and leaves a group alone that asks for patience."""

    def __init__(self, fetcher: Fetcher, now: datetime) -> None:
        self.clock = Clock(now)
        self._fetcher = fetcher
        self._robots = Robots(None, fetcher)
        self._groups: dict[str, _Group] = {}

    async def get(
        self, request: Request, group: str, spacing: float, *, robots: bool, cut: int | None = None
    ) -> Outcome:
        """Fetch an address when it is its group's turn, `spacing` seconds after the one before.

        With `robots` the site's robots.txt is asked first, and its wish for more time is heard.
        """
        place = self._groups.setdefault(group, _Group(Turn(self.clock, None)))
        async with place.lock:
            if place.limited:
                reason = "its site has just asked for patience, and was not asked again"
                return Failure(request.url, FailureKind.LIMITED, reason, 0.0)
            outcome = await self._ask(request, place.turn, spacing, cut, robots=robots)
            place.limited = isinstance(outcome, Failure) and outcome.kind is FailureKind.LIMITED
            return outcome

    async def _ask(
        self, request: Request, turn: Turn, spacing: float, cut: int | None, *, robots: bool
    ) -> Outcome:
        if not robots:
            await turn.wait(spacing)
            return await self._fetcher.get(request, cut)
        permit = self._robots.permit(turn, spacing, self.clock)
        return await permit(request) or await self._fetcher.get(request, cut, permit)

    def sitemaps(self, url: str) -> Sequence[str]:
        """The sitemaps that the robots.txt of an address's site names, once it has been asked."""
        return self._robots.sitemaps(url)
