"""The process that the trial of kills kills: it fetches, follows, reads and weighs until then."""

import asyncio
import os
import signal
import time
from ctypes import c_double, c_int
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from multiprocessing.sharedctypes import RawValue
from typing import Any

from tasks.code.rules import Rules
from tasks.code.station import pass_gate
from tasks.fetch.client import Fetcher, Limits
from tasks.fetch.follow_ups import get_follow_ups
from tasks.fetch.sources import poll_due
from tasks.read.child import Children
from tasks.read.responses import read_waiting
from tasks.store import database
from tasks.store.database import Pool
from tests.trials.words import START
from tests.trials.zoo import rules_as_configured

STEP = timedelta(minutes=40)
"""From cycle to cycle: longer than any lease, and than what was fetched and lost is waited for."""
STEPS = ("starting", "polling", "reading", "following", "weighing")
STARTING, POLLING, READING, FOLLOWING, WEIGHING = range(len(STEPS))
BATCH = 100
QUERIES = tuple(
    sorted(
        str(path.relative_to(database.QUERIES).with_suffix("")) for path in database.QUERIES.rglob("*.sql")
    )
)


@dataclass(frozen=True, slots=True)
class Shared:
    """What parent and worker see of each other, in memory that outlives a kill."""

    # Seconds since START at the beginning of the cycle, and what the machine's clock said then.
    logical: Any = field(default_factory=lambda: RawValue(c_double, 0.0))
    since: Any = field(default_factory=lambda: RawValue(c_double, time.monotonic()))
    step: Any = field(default_factory=lambda: RawValue(c_int, 0))
    statement: Any = field(default_factory=lambda: RawValue(c_int, -1))
    # Statements until the worker kills itself; 0 for never.
    fuse: Any = field(default_factory=lambda: RawValue(c_int, 0))
    cycles: Any = field(default_factory=lambda: RawValue(c_int, 0))

    def now(self) -> datetime:
        """The present, as the stations are told."""
        return START + timedelta(seconds=self.logical.value + time.monotonic() - self.since.value)

    def move_on(self) -> None:
        """Let a step of time pass."""
        self.logical.value = (self.now() + STEP - START).total_seconds()
        self.since.value = time.monotonic()


def work(dsn: str, shared: Shared, cycles: int) -> None:
    """Cycle until killed, or so many times if `cycles` is not 0. Runs in a process of its own."""
    _trace(shared)
    asyncio.run(_work(dsn, shared, cycles))


def _trace(shared: Shared) -> None:
    """Note each query before it is sent, and kill this process before the one that burns the fuse."""
    known = {name: number for number, name in enumerate(QUERIES)}
    plain = database.sql

    def traced(name: str) -> bytes:
        shared.statement.value = known[name]
        if shared.fuse.value > 0:
            shared.fuse.value -= 1
            if shared.fuse.value == 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return plain(name)

    database.sql = traced  # type: ignore[assignment]


async def _work(dsn: str, shared: Shared, cycles: int) -> None:
    limits = Limits(total=10.0, connect=5.0, read=5.0)
    with database.pool(dsn, 8) as pool, Children(1) as children:
        async with Fetcher("dragoman/0", limits) as fetcher:
            while True:
                await _cycle(pool, fetcher, children, shared, rules())
                shared.cycles.value += 1
                if shared.cycles.value == cycles:
                    return


async def _cycle(pool: Pool, fetcher: Fetcher, children: Children, shared: Shared, rules: Rules) -> None:
    """The steps of a cycle as far as this trial goes, each noted before it begins."""
    shared.move_on()
    shared.step.value = POLLING
    await poll_due(pool, fetcher, BATCH, shared.now())
    shared.step.value = READING
    await asyncio.to_thread(read_waiting, pool, children, BATCH, shared.now())
    shared.step.value = FOLLOWING
    await get_follow_ups(pool, fetcher, BATCH, shared.now())
    shared.step.value = READING
    await asyncio.to_thread(read_waiting, pool, children, BATCH, shared.now())
    shared.step.value = WEIGHING
    await asyncio.to_thread(_weigh, pool, rules, shared.now())


def _weigh(pool: Pool, rules: Rules, now: datetime) -> None:
    with pool.connection() as db:
        while pass_gate(db, rules, BATCH, now).taken == BATCH:
            pass


@cache
def rules() -> Rules:
    """The project's rules, compiled once for all workers that are forked from this process."""
    return rules_as_configured()
