"""What a batch of requests has in common: its clock, its limits, its turns and its count."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from tasks.fetch.client import Fetcher
from tasks.fetch.polite import Clock, Turn
from tasks.fetch.robots import Robots
from tasks.store.database import Connection, Pool

# A lease outlives the budget by more than the longest request, so that a worker which is alive
# never loses what it holds. What is not begun within the budget is left for the next batch.
LEASE = timedelta(minutes=10)
BUDGET = timedelta(minutes=4)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Fetched:
    """How a batch went: attempts, those that found nothing new, those that failed, bodies to read,
    and what was claimed but left for later.
    """

    polled: int = 0
    unchanged: int = 0
    failed: int = 0
    bodies: int = 0
    left: int = 0


@dataclass(slots=True)
class Batch:
    """One run over many rate groups: the groups side by side, each group in turns."""

    pool: Pool
    fetcher: Fetcher
    clock: Clock
    robots: Robots
    counted: dict[str, int] = field(default_factory=dict)
    _until: datetime | None = None

    @classmethod
    def begin(cls, pool: Pool, fetcher: Fetcher, now: datetime) -> "Batch":
        """A batch that begins at `now`."""
        return cls(pool, fetcher, Clock(now), Robots(pool, fetcher), _until=now + BUDGET)

    @property
    def over(self) -> bool:
        """Whether the budget is spent."""
        return self._until is not None and self.clock.now() >= self._until

    def count(self, word: str, number: int = 1) -> None:
        """Count an outcome for the result."""
        self.counted[word] = self.counted.get(word, 0) + number

    def result(self) -> Fetched:
        """What has been counted."""
        return Fetched(**self.counted)

    async def store(self, function: Callable[[Connection], T]) -> T:
        """Call a function of the store with a connection, in a thread."""

        def call() -> T:
            with self.pool.connection() as db:
                return function(db)

        with self.fetcher.storing():
            return await asyncio.to_thread(call)

    def turn(self, started_at: datetime | None, least: float = 0.0) -> Turn:
        """The turn of a group whose last request began at `started_at`, with `least` seconds between two."""
        return Turn(self.clock, started_at, least)


async def side_by_side(jobs: Sequence[Awaitable[None]]) -> None:
    """Run all jobs to their end, and only then raise what went wrong in them.

    Raises:
        ExceptionGroup: at least one job failed with an exception, which none of them should.
    """
    results = await asyncio.gather(*jobs, return_exceptions=True)
    errors = [error for error in results if isinstance(error, Exception)]
    if errors:
        raise ExceptionGroup("part of the batch failed", errors)
