"""Asking sites outside of the schedule, for a person who waits, with the manners of every poll.

Nothing is kept: no validators are sent, and what robots.txt says is forgotten afterwards.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tasks.fetch.client import Fetcher, Request
from tasks.fetch.outcome import Failure, FailureKind, Outcome
from tasks.fetch.polite import Clock, Pace
from tasks.fetch.robots import Robots, in_turn
from tasks.settings.sources import rate_group


@dataclass(slots=True)
class _Group:
    """A rate group as this visitor has found it."""

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
        place = self._groups.setdefault(group, _Group())
        home = rate_group(request.url)

        def group_at(url: str) -> str:
            return group if rate_group(url) == home else rate_group(url)

        async with place.lock:
            if place.limited:
                reason = "its site has just asked for patience, and was not asked again"
                return Failure(request.url, FailureKind.LIMITED, reason, 0.0)
            pace = Pace(self._fetcher.turns, self.clock, group_at, lambda _: spacing)
            permit = self._robots.permit(pace) if robots else in_turn(pace)
            outcome = await self._fetcher.get(request, cut, permit)
            place.limited = isinstance(outcome, Failure) and outcome.kind is FailureKind.LIMITED
            return outcome

    def sitemaps(self, url: str) -> Sequence[str]:
        """The sitemaps that the robots.txt of an address's site names, once it has been asked."""
        return self._robots.sitemaps(url)
