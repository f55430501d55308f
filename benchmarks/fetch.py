"""What it costs to fetch and read, beside raw httpx and beside the `reader` library, in one run.

    .venv/bin/pip install -e '.[benchmarks]'
    .venv/bin/python -m benchmarks.fetch

First 300 feeds of 30 items on loopback: cold, which is fetched, parsed and stored, and unchanged.
httpx only fetches; `reader` stores in SQLite, this project in PostgreSQL, whose processor time
stands in a column of its own. Then what a cycle's own steps cost in which nothing has changed, with
100, 1,000 and 10,000 sources, beside httpx with the same conditional requests; Prefect's share of a
cycle is what `benchmarks.cycle` shows. Each contender is a process of its own. Every source is a
rate group of its own without spacing: it is the work that is measured, not the politeness.
"""

import argparse
import asyncio
import json
import logging
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from math import ceil
from pathlib import Path

import httpx
import psutil

from benchmarks.feeds import Feeds, served
from tasks.fetch.client import Fetcher
from tasks.fetch.sources import poll_due
from tasks.read.child import Children
from tasks.read.responses import read_waiting
from tasks.settings.sources import Source
from tasks.store import database, responses, sources
from tasks.store import server as embedded
from tasks.store.database import Pool
from tasks.store.migrate import migrate

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
CONNECTIONS = 16
# The batches are those of flows/cycle.py, which is not imported: with it comes all of Prefect.
SOURCES, MOST_FETCHES, RESPONSES = 50, 12, 200
FEEDS = 300
SIZES = (100, 1_000, 10_000)
CYCLES = 3


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of wall clock, of this process and its children, of PostgreSQL; MiB at the peak."""

    wall: float
    processor: float
    database: float
    memory: float


class Meter:
    """Takes the cost of a piece of work in this process; `postmaster` is PostgreSQL's first process."""

    def __init__(self, postmaster: int | None = None) -> None:
        self._own = psutil.Process()
        self._database = psutil.Process(postmaster) if postmaster else None

    def of(self, work: Callable[[], object]) -> Cost:
        """The cost of `work`. Memory is the peak of this process so far, and of its living children."""
        wall, processor, stored = time.monotonic(), self._processor(), self._stored()
        work()
        memory = sum(_peak(one.pid) for one in (self._own, *self._own.children()))
        return Cost(time.monotonic() - wall, self._processor() - processor, self._stored() - stored, memory)

    def _processor(self) -> float:
        gone = resource.getrusage(resource.RUSAGE_CHILDREN)
        living = sum(sum(one.cpu_times()[:2]) for one in self._own.children())
        return time.process_time() + gone.ru_utime + gone.ru_stime + living

    def _stored(self) -> float:
        if self._database is None:
            return 0.0
        # Fields 2 and 3 are those of its connections that have gone.
        tree = (self._database, *self._database.children())
        return sum(sum(one.cpu_times()[:2]) for one in tree) + sum(self._database.cpu_times()[2:4])


def _peak(process: int) -> float:
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0


def by_httpx(feeds: Feeds, count: int) -> Iterator[tuple[str, Cost]]:
    """Httpx alone: the bytes, sixteen requests at a time, and nothing done with them."""
    meter, urls = Meter(), feeds.urls(count)

    async def get(conditional: bool) -> None:
        turn = asyncio.Semaphore(CONNECTIONS)
        limits = httpx.Limits(max_connections=CONNECTIONS)
        async with httpx.AsyncClient(limits=limits, trust_env=False) as client:

            async def one(number: int, url: str) -> None:
                headers = {"If-None-Match": feeds.etag(number)} if conditional else {}
                async with turn:
                    response = await client.get(url, headers=headers)
                assert response.status_code == (304 if conditional else 200)

            await asyncio.gather(*(one(number, url) for number, url in enumerate(urls)))

    yield "cold", meter.of(lambda: asyncio.run(get(conditional=False)))
    yield "unchanged", meter.of(lambda: asyncio.run(get(conditional=True)))


def by_reader(feeds: Feeds, count: int, workers: int) -> Iterator[tuple[str, Cost]]:
    """The `reader` library with its own store."""
    # An extra of its own, which nothing but this comparison needs.
    from reader import make_reader  # type: ignore[import-not-found]

    # It warns of each feed whose media type it does not know.
    logging.disable(logging.WARNING)
    meter = Meter()
    with tempfile.TemporaryDirectory(prefix="dragoman-reader-") as folder:
        library = make_reader(str(Path(folder) / "reader.sqlite"))
        for url in feeds.urls(count):
            library.add_feed(url)
        yield "cold", meter.of(lambda: library.update_feeds(workers=workers, scheduled=False))
        stored = library.get_entry_counts().total
        assert stored == count * 30, f"reader has stored {stored} entries"
        yield "unchanged", meter.of(lambda: library.update_feeds(workers=workers, scheduled=False))


def by_dragoman(feeds: Feeds, count: int, dsn: str, postmaster: int) -> Iterator[tuple[str, Cost]]:
    """The stations themselves, in the batches of a cycle."""
    meter = Meter(postmaster)
    entries = _entries(feeds, count)
    with database.pool(dsn, 24) as pool, Children() as children:
        yield "cold", meter.of(lambda: asyncio.run(_cycle(pool, children, entries, NOW)))
        with pool.connection() as db:
            found = db.execute("select count(*) from item").fetchone()
        assert found == (count * 30,), f"{found} items are stored"
        later = NOW + timedelta(hours=2)
        yield "unchanged", meter.of(lambda: asyncio.run(_cycle(pool, children, entries, later)))


def quiet(feeds: Feeds, count: int, dsn: str, postmaster: int) -> Iterator[tuple[str, Cost]]:
    """Cycles in which nothing has changed. That each source has been read once is written down, not done."""
    meter = Meter(postmaster)
    entries = _entries(feeds, count)
    with database.pool(dsn, 24) as pool, Children() as children:
        with pool.connection() as db:
            sources.synchronise(db, entries, NOW)
            db.execute(
                "update source set state = 'ok', content = 'ok', read_at = %(now)s, new_item_at = %(now)s,"
                " newest_at = %(now)s, probed_at = %(now)s,"
                " etag = '\"feed-' || (substr(id, 7)::int %% %(documents)s) || '\"'",
                {"now": NOW, "documents": feeds.documents},
            )
            db.execute("vacuum analyze")
        for number in range(CYCLES):
            at = NOW + timedelta(hours=2 * (number + 1))
            yield "unchanged", meter.of(lambda at=at: asyncio.run(_cycle(pool, children, entries, at)))  # type: ignore[misc]
        with pool.connection() as db:
            odd = db.execute("select count(*) from fetch_log where outcome <> 'unchanged'").fetchone()
        assert odd == (0,), f"{odd} polls did not come to 'unchanged'"


def _entries(feeds: Feeds, count: int) -> list[Source]:
    shared = {"language": "en", "country": "GBR", "rank": 3, "zone": "UTC", "pages": "never", "spacing": 0}
    rows = (
        {
            "id": f"outlet{number}",
            "outlet": "An outlet",
            "family": "outlet",
            "rate_group": f"group{number}",
            "url": url,
        }
        for number, url in enumerate(feeds.urls(count))
    )
    return [Source.model_validate({**shared, **row, "loopback": True}) for row in rows]


async def _cycle(pool: Pool, children: Children, entries: Sequence[Source], now: datetime) -> None:
    """A cycle as far as fetching and reading go, cut into batches as `flows.cycle` does."""

    def prepare() -> int:
        with pool.connection() as db:
            sources.synchronise(db, entries, now)
            return sources.due_count(db, now)

    due = await asyncio.to_thread(prepare)
    batches = min(MOST_FETCHES, ceil(due / SOURCES))
    async with Fetcher("dragoman/0 (+mailto:desk@example.org)") as fetcher:
        await asyncio.gather(*(poll_due(pool, fetcher, ceil(due / batches), now) for _ in range(batches)))
    while await asyncio.to_thread(_waiting, pool):
        await asyncio.to_thread(read_waiting, pool, children, RESPONSES, now)


def _waiting(pool: Pool) -> int:
    with pool.connection() as db:
        return responses.waiting(db)


def contend(name: str, feeds: Feeds, count: int, dsn: str, postmaster: int) -> None:
    """Be one contender: print the cost of each piece of work as a line of JSON."""
    ways: dict[str, Callable[[], Iterator[tuple[str, Cost]]]] = {
        "httpx": lambda: by_httpx(feeds, count),
        "reader, 1 worker": lambda: by_reader(feeds, count, 1),
        "reader, 8 workers": lambda: by_reader(feeds, count, 8),
        "dragoman": lambda: by_dragoman(feeds, count, dsn, postmaster),
        "quiet": lambda: quiet(feeds, count, dsn, postmaster),
    }
    for phase, cost in ways[name]():
        print(json.dumps([phase, asdict(cost)]), flush=True)


def measure(name: str, feeds: Feeds, count: int, server: embedded.Server) -> dict[str, Cost]:
    """Run a contender in a process of its own, in a database of its own; its costs, the best of each kind."""
    label = "".join(character for character in name if character.isalpha()) + str(count)
    embedded.create_database(server, label)
    dsn = server.dsn(label)
    with database.connect(dsn) as db:
        migrate(db)
    postmaster = int((server.socket.parent / "data" / "postmaster.pid").read_text().split()[0])
    asked = [sys.executable, "-m", "benchmarks.fetch", "--contender", name, "--root", feeds.root]
    asked += ["--documents", str(feeds.documents), "--count", str(count), "--dsn", dsn]
    done = subprocess.run(
        [*asked, "--postmaster", str(postmaster)], stdout=subprocess.PIPE, text=True, check=True
    )
    costs: dict[str, Cost] = {}
    for line in done.stdout.splitlines():
        phase, values = json.loads(line)
        cost = Cost(**values)
        if phase not in costs or cost.processor < costs[phase].processor:
            costs[phase] = cost
    return costs


def _row(name: str, phase: str, cost: Cost, base: Cost, count: int) -> str:
    seconds = (cost.wall, cost.processor, cost.database)
    whole = cost.processor + cost.database
    ratios = (cost.wall / base.wall, cost.processor / base.processor, whole / base.processor)
    figures = " ".join(f"{figure:8.2f}" for figure in (*seconds, *ratios))
    return f"{name:18} {phase:10} {count / cost.wall:8.0f} {cost.memory:8.0f} {figures}"


COLUMNS = ("feeds/s", "MiB", "wall s", "CPU s", "PG s", "wall x", "CPU x", "with PG")
HEAD = " ".join([f"{'':29}", *(f"{column:>8}" for column in COLUMNS)])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--feeds", type=int, default=FEEDS)
    parser.add_argument("--sizes", type=int, nargs="*", default=list(SIZES))
    parser.add_argument("--contender", help=argparse.SUPPRESS)
    for name, kind in (("root", str), ("documents", int), ("count", int), ("dsn", str), ("postmaster", int)):
        parser.add_argument(f"--{name}", type=kind, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.contender:
        feeds = Feeds(asked.root, asked.documents)
        contend(asked.contender, feeds, asked.count, asked.dsn, asked.postmaster)
        return
    with (
        served(asked.feeds) as feeds,
        tempfile.TemporaryDirectory(prefix="dragoman-fetch-", ignore_cleanup_errors=True) as home,
        embedded.running(Path(home)) as server,
    ):
        _against_others(feeds, asked.feeds, server)
        _quiet_cycles(feeds, asked.sizes, server)


def _against_others(feeds: Feeds, count: int, server: embedded.Server) -> None:
    names = ["httpx", "reader, 1 worker", "reader, 8 workers", "dragoman"]
    if find_spec("reader") is None or find_spec("sgmllib") is None:
        print("reader is not installed: pip install -e '.[benchmarks]'\n")
        names = ["httpx", "dragoman"]
    print(f"{count} feeds of 30 items; ratios are to httpx\n{HEAD}")
    costs = {name: measure(name, feeds, count, server) for name in names}
    for phase in ("cold", "unchanged"):
        for name in names:
            print(_row(name, phase, costs[name][phase], costs["httpx"][phase], count))


def _quiet_cycles(feeds: Feeds, sizes: Sequence[int], server: embedded.Server) -> None:
    print(f"\nA cycle in which nothing has changed, the best of {CYCLES}; ratios are to httpx\n{HEAD}")
    for count in sizes:
        base = measure("httpx", feeds, count, server)["unchanged"]
        cost = measure("quiet", feeds, count, server)["unchanged"]
        print(_row("httpx", f"{count}", base, base, count))
        print(_row("dragoman", f"{count}", cost, base, count))


if __name__ == "__main__":
    main()
