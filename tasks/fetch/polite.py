"""Taking turns: one request of a rate group at a time, and a pause before the next.

Between workers the store sees to it, which lends each group to one of them. Within a process it is
seen to here, also where a redirect leads to a site of another group, whoever holds that.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

# What a site may ask for in its robots.txt; beyond that it would lock out its own news.
LONGEST_DELAY = 30.0
# So many groups are remembered; where a redirect leads to is for others to choose, and may be anywhere.
MOST_TURNS = 4096


class Clock:
    """The time as a batch sees it: what it was given as now, and what has passed since."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._began = monotonic()

    def now(self) -> datetime:
        """The present, in UTC."""
        return self._now + timedelta(seconds=monotonic() - self._began)


class Turn:
    """The turn of one rate group within this process.

    `started_at` is when the last request of the group began, by whomever. `least` is the longest
    pause, in seconds, that any of its sources is to have: what one of them needs, their site needs.
    """

    def __init__(self, started_at: datetime | None = None, least: float = 0.0) -> None:
        self._lock = asyncio.Lock()
        self._wanted = 0
        self._least = least
        self.started_at = started_at

    @property
    def idle(self) -> bool:
        """Whether nobody has it or waits for it."""
        return self._wanted == 0

    def learn(self, started_at: datetime | None, least: float) -> None:
        """Hear what the store knows of the group: when it was last asked, and its longest pause."""
        self.started_at = max((at for at in (self.started_at, started_at) if at), default=None)
        self._least = least

    @asynccontextmanager
    async def taken(self, clock: Clock, spacing: float, delay: float | None = None) -> AsyncIterator[None]:
        """Hold the turn, once it has come and the pause is over, for the length of one request.

        `spacing` is ours and `delay` the site's wish, both in seconds from start to start. Whoever
        holds a turn must not wait for another one: two might wait for each other.
        """
        self._wanted += 1
        try:
            async with self._lock:
                await self._pause(clock, max(self._least, spacing, min(delay or 0.0, LONGEST_DELAY)))
                self.started_at = clock.now()
                yield
        finally:
            self._wanted -= 1

    async def _pause(self, clock: Clock, seconds: float) -> None:
        if self.started_at is None:
            return
        ready = self.started_at + timedelta(seconds=seconds)
        # A clock that was set back must not stop a group for an hour.
        await asyncio.sleep(min(max((ready - clock.now()).total_seconds(), 0.0), seconds))


class Turns:
    """The turns of all rate groups that a process asks."""

    def __init__(self) -> None:
        self._turns: dict[str, Turn] = {}

    def of(self, group: str) -> Turn:
        """The turn of a group, the same for all who ask while somebody needs it."""
        turn = self._turns.pop(group, None) or Turn()
        if len(self._turns) >= MOST_TURNS:
            unused = [name for name, other in self._turns.items() if other.idle]
            for name in unused[: MOST_TURNS // 2]:
                del self._turns[name]
        self._turns[group] = turn
        return turn


@dataclass(frozen=True, slots=True)
class Pace:
    """The turns that the requests of one source take, at home and wherever a redirect leads.

    `group_at` is the rate group of an address, `pause_in` the seconds between two requests in a group.
    """

    turns: Turns
    clock: Clock
    group_at: Callable[[str], str]
    pause_in: Callable[[str], float]

    def taken(self, url: str, delay: float | None = None) -> AbstractAsyncContextManager[None]:
        """Hold the turn of an address for one request; `delay` is the site's wish, in seconds."""
        group = self.group_at(url)
        return self.turns.of(group).taken(self.clock, self.pause_in(group), delay)
