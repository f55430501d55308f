"""Taking turns: one request of a rate group at a time, and a pause before the next."""

import asyncio
from datetime import datetime, timedelta
from time import monotonic

# What a site may ask for in its robots.txt; beyond that it would lock out its own news.
LONGEST_DELAY = 30.0


class Clock:
    """The time as a batch sees it: what it was given as now, and what has passed since."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._began = monotonic()

    def now(self) -> datetime:
        """The present, in UTC."""
        return self._now + timedelta(seconds=monotonic() - self._began)


class Turn:
    """The turn of one rate group, which this worker holds.

    `started_at` is when the last request of the group began, by whomever. `least` is the longest
    pause, in seconds, that any of its sources is to have: what one of them needs, their site needs.
    """

    def __init__(self, clock: Clock, started_at: datetime | None, least: float = 0.0) -> None:
        self._clock = clock
        self._least = least
        self.started_at = started_at

    async def wait(self, spacing: float, delay: float | None = None) -> None:
        """Wait until the next request may begin, and take note that it does.

        `spacing` is ours and `delay` the site's wish, both in seconds from start to start.
        """
        pause = max(self._least, spacing, min(delay or 0.0, LONGEST_DELAY))
        if self.started_at is not None:
            ready = self.started_at + timedelta(seconds=pause)
            # A clock that was set back must not stop a group for an hour.
            await asyncio.sleep(min(max((ready - self._clock.now()).total_seconds(), 0.0), pause))
        self.started_at = self._clock.now()
