"""The hostile zoo: every way in which a site can misbehave, beside twenty good sources.

    python -m tests.trials.zoo

Real servers on loopback, the real fetcher, the real reading children and a real PostgreSQL, through
the functions that a cycle calls. It prints what came of each exhibit, whether every good source was
read in full, and what it cost; and ends with 1 if anything is not as it must be. Deadlines are
shorter than usual, because they are parameters; nothing is replaced but the name server.
"""

import argparse
import asyncio
import re
import ssl
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from socket import EAI_AGAIN, EAI_NONAME, gaierror

from tasks.code.rules import Rules, compile_rules
from tasks.code.station import pass_gate
from tasks.fetch.batch import Fetched
from tasks.fetch.client import Fetcher, Limits
from tasks.fetch.follow_ups import get_follow_ups
from tasks.fetch.guard import Resolver
from tasks.fetch.pages import get_pages
from tasks.fetch.sources import poll_due
from tasks.read.child import Bounds, Children
from tasks.read.responses import read_waiting
from tasks.settings import configuration
from tasks.settings.environment import ROOT
from tasks.settings.sources import Source
from tasks.store import database, sources
from tasks.store import server as embedded
from tasks.store.database import Pool
from tasks.store.migrate import migrate
from tests.trials import certificates, mortal
from tests.trials.exhibits import documents, good, kinds, manners, wire
from tests.trials.hostile import Exhibit, Place, Street, open_street
from tests.trials.watching import Cost, watched
from tests.trials.words import START

LIMITS = Limits(total=2.5, connect=1.0, read=1.5)
SHORT_LIMITS = Limits(total=1.5, connect=1.0, read=1.2)
SHORT_STEP = 4
"""In the short form every fourth exhibit is shown."""
BOUNDS = Bounds(processor=3, clock=10.0)
PAUSE = timedelta(hours=26)
"""From round to round: longer than a failing source is left alone, and than robots.txt is kept."""
MOST_STEPS = 8
"""Polls in a row until all further parts of a source have been followed."""

Fetch = Callable[[Pool, Fetcher, int, datetime], Coroutine[object, object, Fetched]]

LONGEST_STALL = 1.0
"""Seconds of the processor; what the machine takes for others is not laid to us."""
MOST_MEMORY = 3 * LIMITS.connections * LIMITS.body / 2**20
"""MiB by which the parent may grow: three copies of all that can be on its way at once, which are what
has come so far, the whole body, and the statement that stores it.
"""
CHILD_MEMORY = BOUNDS.memory / 2**20 + 100
"""MiB of one child: its limit is on its data, to which come the programs themselves."""


def catalogue() -> Sequence[Exhibit]:
    """All exhibits, and the good sources among them."""
    hostile = [*wire.catalogue(), *manners.catalogue(), *documents.catalogue(), *kinds.catalogue()]
    quiet = list(good.catalogue())
    # The good ones stand between the others: no order spares them.
    step = len(hostile) // len(quiet)
    return [one for n, calm in enumerate(quiet) for one in (*_slice(hostile, n, step, len(quiet)), calm)]


def short_catalogue() -> Sequence[Exhibit]:
    """A part of the exhibits, quick enough for the suite, and all good sources."""
    everything = catalogue()
    hostile = [one for one in everything if not _is_good(one)]
    quick = [one for one in hostile if not one.slow and one.row not in ("B51", "B53")]
    return [*quick[::SHORT_STEP], *(one for one in everything if _is_good(one))]


def picked(pattern: str) -> Sequence[Exhibit]:
    """The exhibits whose names fit, and all good sources."""
    return [one for one in catalogue() if _is_good(one) or re.search(pattern, one.name)]


def _slice(hostile: list[Exhibit], number: int, step: int, parts: int) -> list[Exhibit]:
    end = (number + 1) * step if number + 1 < parts else len(hostile)
    return hostile[number * step : end]


def _is_good(exhibit: Exhibit) -> bool:
    return exhibit.name.startswith("good: ")


@dataclass(frozen=True, slots=True)
class Seen:
    """What came of one exhibit."""

    exhibit: Exhibit
    state: str
    reason: str
    items: int
    missing: tuple[str, ...]

    @property
    def fault(self) -> str | None:
        """What is not as it must be, or None."""
        exhibit = self.exhibit
        if self.state not in exhibit.states:
            return f"is {self.state}, and must be {' or '.join(exhibit.states)}"
        if exhibit.items is not None and self.items != exhibit.items:
            return f"has {self.items} items, and must have {exhibit.items}"
        if self.missing:
            return f"lacks {len(self.missing)} items, among them {self.missing[0]!r}"
        if exhibit.words and not re.search(exhibit.words, self.reason):
            return f"has a reason without {exhibit.words!r}"
        return None

    def __str__(self) -> str:
        said = f"{self.exhibit.row or '-':4} {self.exhibit.name}: {self.state}, {self.items} items"
        return said + (f" ({' '.join(self.reason.split())[:120]})" if self.reason else "")


@dataclass(slots=True)
class Report:
    """A trial as it went. Waits are in seconds from the beginning of a round."""

    seen: list[Seen] = field(default_factory=list)
    cost: Cost = field(default_factory=Cost)
    trespasses: int = 0
    errors: list[str] = field(default_factory=list)
    fetched_after: float = 0.0
    read_after: float = 0.0
    took: float = 0.0

    def faults(self) -> list[str]:
        """Everything that came to something else than it must."""
        found = [f"{one.exhibit.name} {one.fault}" for one in self.seen if one.fault]
        found += self.errors
        if self.trespasses:
            found.append(f"the canary was reached {self.trespasses} times")
        return found

    def excesses(self) -> list[str]:
        """Whatever cost more than it may."""
        found = []
        if self.cost.stall > LONGEST_STALL:
            found.append(f"the event loop was held up for {self.cost.stall:.2f} s in {self.cost.stalled_in}")
        if self.cost.parent - self.cost.before > MOST_MEMORY:
            found.append(f"the parent grew by {self.cost.parent - self.cost.before:.0f} MiB")
        if self.cost.child > CHILD_MEMORY:
            found.append(f"a child grew to {self.cost.child:.0f} MiB")
        return found


class Names(Resolver):
    """A name server of the trial's own, because some of its names have to be at inner addresses."""

    def __init__(self, places: Sequence[Place]) -> None:
        super().__init__(threads=4)
        self._own = {place.exhibit.host: place.address for place in places if place.exhibit.host}
        self._asked: set[str] = set()

    async def resolve(self, host: str, port: int) -> list[str]:
        own = self._own.get(host)
        if own is None:
            return await super().resolve(host, port)
        again = host in self._asked
        self._asked.add(host)
        match host.partition(".")[0]:
            case "inside":
                return ["10.0.0.1"]
            case "half-inside":
                return [own, "10.0.0.1"]
            case "rebinds":
                return ["10.0.0.1"] if again else [own]
            case "nobody":
                raise gaierror(EAI_NONAME, "Name or service not known")
            case "unknown":
                raise gaierror(EAI_AGAIN, "Temporary failure in name resolution")
            case "hangs":
                await asyncio.sleep(60)
        return [own]


def entry(place: Place) -> Source:
    """The source that an exhibit is for those who read it."""
    name = re.sub(r"[^a-z0-9]+", "-", place.exhibit.name.lower()).strip("-")
    usual = {"outlet": name, "language": "en", "country": "GBR", "rank": 3, "zone": "UTC", "pages": "never"}
    own = {"id": name, "url": place.url, "family": name, "rate_group": name, "spacing": 0, "loopback": True}
    return Source.model_validate({**usual, **own, **place.exhibit.settings})


async def trial(dsn: str, street: Street, fetcher: Fetcher, rounds: int, rules: Rules | None) -> Report:
    """Send the real stations down the street for so many rounds, into an empty store at `dsn`.

    With `rules` the items pass the gate at the end, and the pages behind them are asked for.
    """
    report = Report()
    began = time.monotonic()
    with database.pool(dsn, 24) as pool, Children(2, BOUNDS) as children:
        with pool.connection() as db:
            sources.synchronise(db, [entry(place) for place in street.places], START)
        async with watched() as report.cost:
            for number in range(1, rounds + 1):
                street.turn_to(number)
                walk = _Walk(pool, fetcher, children, START + (number - 1) * PAUSE, report)
                await walk.run()
            if rules:
                await walk.pages(rules)
        report.seen = [_seen(pool, place) for place in street.places]
    report.trespasses = street.trespassed
    report.took = time.monotonic() - began
    return report


@dataclass(slots=True)
class _Walk:
    """One round."""

    pool: Pool
    fetcher: Fetcher
    children: Children
    at: datetime
    report: Report
    began: float = field(default_factory=time.monotonic)

    def now(self) -> datetime:
        return self.at + timedelta(seconds=time.monotonic() - self.began)

    async def run(self) -> None:
        for _ in range(MOST_STEPS):
            polling = asyncio.create_task(self._step(poll_due))
            await asyncio.wait({polling}, timeout=self.fetcher.limits.total)
            read = await self._read()
            polled = await polling
            read += await self._read()
            followed = await self._step(get_follow_ups)
            if not polled and not followed and not read + await self._read():
                break
        self._note_waits()

    async def pages(self, rules: Rules) -> None:
        """Weigh what was read, and ask for the pages that stand behind it."""

        def weigh() -> None:
            with self.pool.connection() as db:
                while pass_gate(db, rules, 1000, self.now()).taken:
                    pass

        await asyncio.to_thread(weigh)
        await get_pages(self.pool, self.fetcher, 1000, self.now())
        await self._read()

    async def _step(self, fetch: Fetch) -> int:
        try:
            return (await fetch(self.pool, self.fetcher, 1000, self.now())).polled
        except ExceptionGroup as group:
            self._complain(group)
            return 1

    async def _read(self) -> int:
        try:
            result = await asyncio.to_thread(read_waiting, self.pool, self.children, 1000, self.now())
        except ExceptionGroup as group:
            self._complain(group)
            return 1
        return result.read

    def _complain(self, group: ExceptionGroup[Exception]) -> None:
        self.report.errors += [f"a step raised {type(error).__name__}: {error}" for error in group.exceptions]

    def _note_waits(self) -> None:
        """How long the good sources of this round had to wait, as far as they were read in it."""
        with self.pool.connection() as db:
            found = db.execute(
                "select extract(epoch from max(polled_at) - %(at)s), extract(epoch from max(read_at) - %(at)s)"
                " from source where id like 'good-%%' and read_at >= %(at)s",
                {"at": self.at},
            ).fetchone()
        fetched, read = found or (0, 0)
        self.report.fetched_after = max(self.report.fetched_after, float(fetched or 0))
        self.report.read_after = max(self.report.read_after, float(read or 0))


def _seen(pool: Pool, place: Place) -> Seen:
    name = entry(place).id
    with pool.connection() as db:
        state = next(row for row in sources.states(db) if row["id"] == name)
        rows = db.execute("select title from item where source_id = %s", (name,)).fetchall()
    stored = [str(title) for (title,) in rows]
    missing = tuple(title for title in place.exhibit.titles if title not in set(stored))
    return Seen(place.exhibit, state["state"], state["reason"] or "", len(stored), missing)


def run(
    dsn: str,
    exhibits: Callable[[], Sequence[Exhibit]],
    rounds: int = good.ROUNDS,
    rules: Rules | None = None,
    limits: Limits = LIMITS,
) -> Report:
    """One whole trial in an empty, migrated database."""

    async def inside(street: Street, trust: ssl.SSLContext) -> Report:
        async with Fetcher("dragoman/0", limits, tls=trust, resolver=Names(street.places)) as fetcher:
            return await trial(dsn, street, fetcher, rounds, rules)

    with tempfile.TemporaryDirectory(prefix="dragoman-zoo-") as folder:
        papers, trust = certificates.make(Path(folder))
        with open_street(exhibits, papers) as street:
            return asyncio.run(inside(street, trust))


def lines(report: Report) -> Iterator[str]:
    """A report, line by line."""
    hostile = [one for one in report.seen if not _is_good(one.exhibit)]
    calm = [one for one in report.seen if _is_good(one.exhibit)]
    for one in hostile:
        yield f"{'ok ' if one.fault is None else 'BAD'} {one}" + (f" - {one.fault}" if one.fault else "")
    full = [one for one in calm if one.fault is None]
    stored, wanted = (sum(one.items for one in calm), sum(one.exhibit.items or 0 for one in calm))
    cost = report.cost
    yield ""
    yield f"{len(hostile)} hostile sources beside {len(calm)} good ones, {report.took:.0f} s"
    yield f"good sources read in full: {len(full)} of {len(calm)}; items stored {stored}, published {wanted}"
    yield f"memory: parent {cost.parent:.0f} MiB at most, {cost.before:.0f} before; child {cost.child:.0f} MiB"
    yield f"longest stall of the event loop: {cost.stall:.3f} s; late by {cost.late:.3f} s in {cost.stalled_in}"
    yield f"longest wait of a good source: {report.fetched_after:.1f} s to be fetched, {report.read_after:.1f} s to be read"
    yield f"requests that reached the inner network: {report.trespasses}"
    yield from (f"FAULT: {fault}" for fault in [*report.faults(), *report.excesses()])


def rules_as_configured() -> Rules:
    """The project's own rules, compiled."""
    return compile_rules(configuration.load(ROOT / "config"))


def main() -> int:
    """Run the trial and print it; 1 if anything is not as it must be."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--short", action="store_true", help="the part that the suite runs")
    parser.add_argument("--only", metavar="PATTERN", help="exhibits whose names fit")
    asked = parser.parse_args()
    exhibits = short_catalogue if asked.short else partial(picked, asked.only) if asked.only else catalogue
    with mortal.running("dragoman-zoo-") as server:
        embedded.create_database(server, "zoo")
        with database.connect(server.dsn("zoo")) as db:
            migrate(db)
        rules = None if asked.short else rules_as_configured()
        limits = SHORT_LIMITS if asked.short else LIMITS
        report = run(server.dsn("zoo"), exhibits, rules=rules, limits=limits)
    sys.stdout.write("\n".join([*lines(report), ""]))
    return 1 if report.faults() or report.excesses() else 0


if __name__ == "__main__":
    sys.exit(main())
