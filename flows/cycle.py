"""One cycle, from the sources that are due to the alerts that are told.

Each step is one task run or a few, and each of those claims a batch of what is due: any number of
cycles may run at once, and one that dies leaves nothing behind but leases. A step that fails does
not stop the ones behind it, which have work of their own; the cycle fails at its end.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from math import ceil
from typing import TypeVar

from flows import watch
from flows.parts import Parts
from tasks.alert.work import deliver, raise_alerts
from tasks.code.second_reader.station import Allowance
from tasks.code.work import ask_second_reader, code_items, pass_gate
from tasks.fetch.work import fetch_follow_ups, fetch_pages, fetch_sources
from tasks.read.work import read_responses
from tasks.resolve.work import resolve_mentions
from tasks.store import follow_ups, items, responses, sources
from tasks.store.database import Connection

logger = logging.getLogger(__name__)

T = TypeVar("T")

MOST_RUNS = 32
"""Task runs of one cycle. Each costs Prefect's server some milliseconds and 17 kB; the work in it
does not become less by being cut up further."""

ONE_TELLING = 4
"""Task runs from a coded item to its message: code, resolve, raise, deliver."""

BEHIND_IT = 2
"""Task runs behind a second reader, for which it leaves room: raise, deliver."""

SEVERAL = 2
"""Sources of which one alone may well have failed by itself."""

SOURCES = 50
"""Sources of one batch."""
MOST_FETCHES = 12

# Items or responses of one batch. A full batch is followed by another, within `MOST_RUNS`.
RESPONSES = 200
GATED = 1000
PARTS = 100
PAGES = 100
CODED = 300
RESOLVED = 500

PATIENCE = 30.0
"""Seconds after which what has arrived is dealt with, while slow sites still answer. A site that
wants half a minute between two requests can hold a batch for minutes."""


@dataclass(frozen=True, slots=True)
class CycleResult:
    """What a cycle did: sources polled; items new, relevant, failed and the like.

    `at` is when it began, UTC. `failures` counts polls, items and deliveries that failed and will
    be tried again or were given up; `complaint` is what an operator has to mend, if anything.
    """

    at: datetime
    polled: int = 0
    new: int = 0
    relevant: int = 0
    events: int = 0
    alerts: int = 0
    delivered: int = 0
    failures: int = 0
    complaint: str | None = None

    def numbers(self) -> dict[str, int]:
        """The counts, by name."""
        return {name: number for name, number in asdict(self).items() if isinstance(number, int)}

    def __str__(self) -> str:
        """One line for a list of cycles."""
        said = [
            f"{self.at:%H:%M}",
            _many(self.polled, "source"),
            f"{self.new} new",
            _many(self.events, "event"),
        ]
        if self.alerts:
            said.append(_many(self.alerts, "alert"))
        if self.failures:
            said.append(f"{self.failures} failed")
        return " · ".join(said)


class CycleError(RuntimeError):
    """Steps of a cycle failed; the others were done, and `result` says how."""

    def __init__(self, result: CycleResult, errors: list[Exception]) -> None:
        super().__init__("; ".join(f"{type(error).__name__}: {error}" for error in errors))
        self.result = result


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


async def run_cycle(parts: Parts, clock: Callable[[], datetime]) -> CycleResult:
    """Run one cycle inside a flow; `clock` gives the present, UTC.

    Raises:
        CycleError: at least one step failed.
    """
    began = clock()
    cycle = _Cycle(parts, clock)
    await cycle.run()
    result = CycleResult(began, **cycle.counts, complaint=cycle.complaint())
    if cycle.errors:
        raise CycleError(result, cycle.errors) from ExceptionGroup("failed steps", cycle.errors)
    return result


@dataclass(slots=True)
class _Cycle:
    """A cycle under way."""

    parts: Parts
    clock: Callable[[], datetime]
    counts: Counter[str] = field(default_factory=Counter)
    errors: list[Exception] = field(default_factory=list)
    left: int = MOST_RUNS
    unheard: int = 0
    arrived: int = 0
    resolved: int = 0
    allowance: Allowance | None = None
    unread: str | None = None

    def complaint(self) -> str | None:
        """What an operator has to mend, the gravest of it."""
        return self.parts.knowledge.complaint or self.deaf() or self.unread

    def deaf(self) -> str | None:
        """A complaint if all of several sources failed: then the fault is hardly theirs."""
        polled = self.counts["polled"]
        if polled < SEVERAL or self.unheard < polled:
            return None
        return "every source failed; is this machine on the network? `dragoman sources` says why each did"

    async def run(self) -> None:
        await self._try(self._synchronise())
        fetching = await self._fetches()
        slow: set[asyncio.Task[None]] = set()
        if fetching:
            _, slow = await asyncio.wait(fetching, timeout=PATIENCE)
        await self._digest()
        if slow:
            await asyncio.wait(slow)
            await self._digest()
        await self._try(self._watch())

    async def _synchronise(self) -> None:
        configured = self.parts.knowledge.configuration.sources
        await self._store(lambda db: sources.synchronise(db, configured, self.clock()))

    async def _fetches(self) -> list[asyncio.Task[None]]:
        """Start polling what is due, a batch a task."""
        due = await self._store(lambda db: sources.due_count(db, self.clock()))
        batches = min(MOST_FETCHES, ceil(due / SOURCES))
        limit = ceil(due / batches) if batches else 0
        return [asyncio.create_task(self._try(self._fetch(limit))) for _ in range(batches)]

    async def _fetch(self, limit: int) -> None:
        self.left -= 1
        fetched = await fetch_sources(self.parts.pool, self.parts.fetcher, limit, self.clock())
        self.counts.update(polled=fetched.polled, failures=fetched.failed)
        self.unheard += fetched.failed

    async def _digest(self) -> None:
        """Bring everything that has arrived to its end, and what it names further as well."""
        await self._try(self._read())
        parts = asyncio.create_task(self._parts())
        await self._try(self._gate())
        # What needs no page is told while the pages of the rest are fetched.
        pages = asyncio.create_task(self._try(self._pages()))
        await self._tell()
        await pages
        if await self._waits("code"):
            await self._tell()
        if await parts:
            await self._digest()

    async def _read(self) -> None:
        while self.left > ONE_TELLING and await self._store(responses.waiting) > 0:
            self.left -= 1
            read = await read_responses(self.parts.pool, self.parts.children, RESPONSES, self.clock())
            self.counts.update(new=read.new, failures=read.failed)
            if read.read + read.failed < RESPONSES:
                return

    async def _gate(self) -> None:
        while self.left > ONE_TELLING and await self._waits("gate"):
            self.left -= 1
            passed = await pass_gate(self.parts.pool, self.parts.knowledge.rules, self.clock(), limit=GATED)
            self.counts.update(failures=passed.failed)
            if passed.taken < GATED:
                return

    async def _parts(self) -> bool:
        """Fetch further parts of sources; whether any has arrived, and may name parts of its own."""
        before = self.arrived
        await self._try(self._fetch_parts())
        return self.arrived > before

    async def _fetch_parts(self) -> None:
        now = self.clock()
        due = await self._store(lambda db: follow_ups.due_count(db, now))
        if due and self.left > ONE_TELLING + 1:
            self.left -= 1
            fetched = await fetch_follow_ups(self.parts.pool, self.parts.fetcher, PARTS, self.clock())
            self.counts.update(failures=fetched.failed)
            self.arrived += fetched.bodies

    async def _pages(self) -> None:
        if self.left > ONE_TELLING + 1 and await self._waits("page"):
            self.left -= 1
            fetched = await fetch_pages(self.parts.pool, self.parts.fetcher, PAGES, self.clock())
            self.counts.update(failures=fetched.failed)
            await self._read()

    async def _tell(self) -> None:
        await self._try(self._code())
        await self._try(self._resolve())
        await self._try(self._ask())
        await self._try(self._raise())
        await self._try(self._deliver())

    async def _code(self) -> None:
        while self.left >= ONE_TELLING and await self._waits("code"):
            self.left -= 1
            coded = await code_items(self.parts.pool, self.parts.knowledge.rules, self.clock(), limit=CODED)
            self.counts.update(relevant=coded.kept, failures=coded.failed)
            if coded.taken < CODED:
                return

    async def _resolve(self) -> None:
        configuration = self.parts.knowledge.configuration
        while self.left >= ONE_TELLING - 1 and await self._waits("resolve"):
            self.left -= 1
            resolved = await resolve_mentions(self.parts.pool, configuration, self.clock(), limit=RESOLVED)
            self.counts.update(events=resolved.opened, failures=resolved.failed)
            self.resolved += resolved.taken
            if resolved.taken < RESOLVED:
                return

    async def _ask(self) -> None:
        """Ask a second reader, if there is one, of what was resolved just now.

        It has no claim to a task run that the telling needs, and what it may use is the whole cycle's.
        """
        settings = self.parts.knowledge.configuration.second_reader
        if settings is None or not self.resolved or self.left <= BEHIND_IT:
            return
        self.resolved = 0
        allowance = self.allowance or Allowance.of(settings)
        if allowance.empty:
            return
        self.left -= 1
        rules = self.parts.knowledge.rules
        asked = await ask_second_reader(self.parts.pool, settings, rules, allowance, self.clock())
        self.allowance = allowance.less(asked)
        self.unread = asked.complaint

    async def _raise(self) -> None:
        if self.left < 1:
            return
        self.left -= 1
        raised = await asyncio.to_thread(
            raise_alerts, self.parts.pool, self.parts.knowledge.desk, self.clock()
        )
        self.counts.update(alerts=raised.alert + raised.late)

    async def _deliver(self) -> None:
        if self.left < 1:
            return
        self.left -= 1
        channels = self.parts.knowledge.configuration.channels
        drained = await asyncio.to_thread(deliver, self.parts.pool, channels, self.clock())
        self.counts.update(delivered=drained.sent, failures=drained.failed + drained.given_up)

    async def _watch(self) -> None:
        """Tell the operator of the sources that have fallen silent, and of those that are back."""
        channels = self.parts.knowledge.configuration.channels
        await asyncio.to_thread(watch.look, self.parts.pool, channels, self.clock())

    async def _waits(self, step: str) -> int:
        return (await self._store(items.waiting)).get(step, 0)

    async def _store(self, function: Callable[[Connection], T]) -> T:
        """Ask the store, in a thread."""

        def call() -> T:
            with self.parts.pool.connection() as db:
                return function(db)

        return await asyncio.to_thread(call)

    async def _try(self, step: Awaitable[None]) -> None:
        try:
            await step
        except Exception as error:
            logger.exception("a step of the cycle failed")
            self.errors.append(error)
