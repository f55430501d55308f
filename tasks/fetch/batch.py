"""What a batch of requests has in common: its clock, its limits, its turns and its count."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from tasks.fetch.client import Fetcher, Request
from tasks.fetch.outcome import Failure, FailureKind, Outcome
from tasks.fetch.polite import Clock, Pace, Turn
from tasks.fetch.robots import Robots, in_turn
from tasks.settings.sources import Source
from tasks.store.database import Connection, Pool

# A lease outlives the budget by more than the longest request, so that a worker which is alive
# never loses what it holds. What is not begun within the budget is left for the next batch, also where
# its turn comes only then.
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
    until: datetime
    robots: Robots = field(init=False)
    counted: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.robots = Robots(self.pool, self.fetcher, over=self.over)

    @classmethod
    def begin(cls, pool: Pool, fetcher: Fetcher, now: datetime) -> "Batch":
        """A batch that begins at `now`."""
        return cls(pool, fetcher, Clock(now), now + BUDGET)

    def over(self) -> bool:
        """Whether the budget is spent."""
        return self.clock.now() >= self.until

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

    def turn(self, group: str, started_at: datetime | None, least: float) -> Turn:
        """The turn of a group whose last request began at `started_at`, with `least` seconds between two."""
        turn = self.fetcher.turns.of(group)
        turn.learn(started_at, least)
        return turn

    def pace(self, source: Source) -> Pace:
        """The turns that the requests of a source take."""
        return Pace(self.fetcher.turns, self.clock, source.group_at, source.pause_in)

    async def ask(self, request: Request, source: Source, *, robots: bool) -> Outcome:
        """Send a request of a source when its turn has come; with `robots` if the site allows it."""
        pace = self.pace(source)
        permit = self.robots.permit(pace) if robots else in_turn(pace)
        return await self.fetcher.get(request, permit=permit, over=self.over)


def too_late(outcome: Outcome) -> bool:
    """Whether nothing was asked, because the budget was spent when the turn came."""
    return isinstance(outcome, Failure) and outcome.kind is FailureKind.LATE


async def side_by_side(jobs: Sequence[Awaitable[None]]) -> None:
    """Run all jobs to their end, and only then raise what went wrong in them.

    Raises:
        ExceptionGroup: at least one job failed with an exception, which none of them should.
    """
    results = await asyncio.gather(*jobs, return_exceptions=True)
    errors = [error for error in results if isinstance(error, Exception)]
    if errors:
        raise ExceptionGroup("part of the batch failed", errors)
