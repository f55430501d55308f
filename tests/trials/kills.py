"""SIGKILL at random points of cycles over sources that change meanwhile; nothing may be lost.

    python -m tests.trials.kills --times 1000

A process fetches, follows, reads and weighs in a loop, with the real functions and a real
PostgreSQL, and is killed at a random moment or before a random statement, again and again. After
each kill no validator may be ahead of the items that it stands for. In the end every item that was
published is stored, once, in its last words, and nothing waits any more. The clock that the
stations are given moves on by minutes from cycle to cycle, so that what a dead worker held is free.
"""

import argparse
import multiprocessing
import random
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import psycopg

from tasks.settings.sources import Source
from tasks.store import database, items, responses, sources
from tasks.store import server as embedded
from tasks.store.migrate import migrate
from tests.support import site
from tests.trials import mortal
from tests.trials.changing import AHEAD, Newsroom
from tests.trials.worker import QUERIES, STEPS, Shared, work

QUIET_CYCLES = 40
"""Cycles without a kill after which everything must have come to rest: more than a day, as a part that
seemed to kill its readers is left alone for one.
"""
REST = 900
"""Seconds for all that has piled up while no worker lived long enough to read it."""
LONGEST_LIFE = 1.4
"""Seconds of a worker's work within which it is killed by the clock."""
MOST_STATEMENTS = 300
"""Statements of a worker within which it kills itself; a cycle sends about a hundred and fifty."""
SHOWN = 60
TOLD = 100
"""Kills after which the trial says how far it is."""
PRELOADED = ["tests.trials.preloaded"]


@dataclass(slots=True)
class Report:
    """How the trial went."""

    seed: int
    kills: int = 0
    cycles: int = 0
    published: int = 0
    stored: int = 0
    edits: int = 0
    served: int = 0
    unchanged: int = 0
    struck: Counter[str] = field(default_factory=Counter)
    # The kill after which each was first seen.
    ahead: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    unfinished: int = 0
    took: float = 0.0

    def faults(self) -> list[str]:
        """Everything that is not as it must be."""
        return [*(f"after kill {kill}: {fault}" for fault, kill in self.ahead.items()), *self.wrong]


def trial(dsn: str, times: int, seed: int) -> Report:
    """Kill so many times, in the empty store at `dsn`."""
    report = Report(seed)
    began = time.monotonic()
    shared = Shared()
    chance = random.Random(seed)
    with site.running() as local, database.connect(dsn) as db, database.connect(dsn) as notes:
        room = Newsroom(local, notes, shared.now, seed)
        entries = [_entry(*entry) for entry in room.entries()]
        sources.synchronise(db, entries, shared.now())
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(PRELOADED)
        for _ in range(times):
            _life(context, dsn, shared, chance, room, report)
            for fault in _ahead(db):
                report.ahead.setdefault(fault, report.kills)
            if report.kills % TOLD == 0:
                sys.stderr.write(f"{report.kills} kills, {len(report.faults())} faults\n")
        _rest(context, dsn, shared, db, report)
        report.wrong += list(_compare(db, room, shared.now(), report))
        report.served, report.unchanged = room.answers()
    report.took = time.monotonic() - began
    return report


def _entry(name: str, url: str, kind: str) -> Source:
    usual = {"outlet": name, "language": "en", "country": "GBR", "rank": 3, "zone": "UTC", "pages": "never"}
    own = {"id": name, "url": url, "kind": kind, "family": name, "rate_group": name, "minutes": 1}
    links = {"links": {"pattern": r"/20\d\d/"}} if kind == "list" else {}
    return Source.model_validate({**usual, **own, **links, "spacing": 0, "loopback": True})


def _life(
    context: Any, dsn: str, shared: Shared, chance: random.Random, room: Newsroom, report: Report
) -> None:
    """One worker, from its start to its kill, while the sources change."""
    shared.step.value, shared.statement.value, shared.cycles.value = 0, -1, 0
    shared.fuse.value = chance.randint(1, MOST_STATEMENTS) if chance.random() < 0.5 else 0
    worker = context.Process(target=work, args=(dsn, shared, 0), daemon=True)
    worker.start()
    over = threading.Event()
    changer = threading.Thread(target=_change, args=(room, over, chance.random()), daemon=True)
    changer.start()
    if chance.random() < 0.95:
        _until_begun(worker, shared)
    # A fuse that does not burn down, because nothing is left to do, must not hold the trial up.
    worker.join(chance.uniform(0, LONGEST_LIFE) if not shared.fuse.value else 2 * LONGEST_LIFE)
    worker.kill()
    worker.join()
    over.set()
    changer.join()
    if worker.exitcode != -signal.SIGKILL:
        report.wrong.append(f"the worker ended by itself with {worker.exitcode}")
    report.kills += 1
    report.cycles += shared.cycles.value
    statement = QUERIES[shared.statement.value] if shared.statement.value >= 0 else "nothing"
    report.struck[f"{STEPS[shared.step.value]}, at {statement}"] += 1


def _until_begun(worker: Any, shared: Shared) -> None:
    end = time.monotonic() + 30
    while shared.step.value == 0 and worker.is_alive() and time.monotonic() < end:
        time.sleep(0.002)


def _change(room: Newsroom, over: threading.Event, chance: float) -> None:
    pauses = random.Random(chance)
    while not over.wait(pauses.uniform(0.02, 0.4)):
        room.change()


def _ahead(db: "psycopg.Connection[Any]") -> Iterator[str]:
    for desk, url, version in db.execute(AHEAD.encode()).fetchall():
        yield f"the validators of {desk} are ahead of {url}, which came with version {version}"


def _rest(context: Any, dsn: str, shared: Shared, db: "psycopg.Connection[Any]", report: Report) -> None:
    """Let a worker that nobody kills bring everything to its end; the sources change no more."""
    shared.fuse.value = shared.cycles.value = 0
    worker = context.Process(target=work, args=(dsn, shared, QUIET_CYCLES), daemon=True)
    worker.start()
    worker.join(REST)
    if worker.exitcode != 0:
        report.wrong.append(f"the last worker ended with {worker.exitcode}")
        worker.kill()
    for fault in _ahead(db):
        report.ahead.setdefault(fault, report.kills)


def _compare(db: "psycopg.Connection[Any]", room: Newsroom, now: datetime, report: Report) -> Iterator[str]:
    """What was published against what is stored."""
    rows = db.execute("select source_id, url, summary, failure from item").fetchall()
    stored = Counter((source, url) for source, url, _, _ in rows)
    words = {(source, url): summary for source, url, summary, _ in rows}
    published = {
        (source, url): story for source, desk in room.published().items() for url, story in desk.items()
    }
    report.published, report.stored = len(published), len(rows)
    report.edits = sum(story.edits for story in published.values())
    for key in sorted(published.keys() - stored.keys()):
        yield f"lost: {key}"
    for key in sorted(stored.keys() - published.keys()):
        yield f"never published: {key}"
    for key, count in stored.items():
        if count > 1:
            yield f"stored {count} times: {key}"
    for key, story in published.items():
        if story.edits and key in words and words[key] != story.text:
            yield f"an edit was lost: {key} says {words[key]!r} and not {story.text!r}"
    for source, url, _, failure in rows:
        if failure:
            yield f"given up: {source} {url}: {failure}"
    if left := responses.waiting(db):
        yield f"{left} responses were left unread"
    if gate := items.waiting(db).get("gate"):
        yield f"{gate} items still await the gate"
    for name, count in db.execute(
        "select source_id, count(*) from follow_up where not done or failure is not null group by 1"
    ).fetchall():
        yield f"{count} parts of {name} are open or given up"
    for row in sources.states(db):
        if row["state"] != "ok":
            yield f"{row['id']} is {row['state']}: {row['reason']}"
    found = db.execute("select count(*) from fetch_log where reason like '%never came to an end%'").fetchone()
    report.unfinished = found[0] if found else 0


def lines(report: Report) -> Iterator[str]:
    """A report, line by line."""
    yield f"seed {report.seed}: {report.kills} kills in {report.cycles} whole cycles and parts of others, {report.took:.0f} s"
    yield "where they struck:"
    for place, count in sorted(report.struck.items()):
        yield f"  {count:5} {place}"
    yield f"documents served {report.served}, not modified {report.unchanged}"
    yield f"items published {report.published}, stored {report.stored}; edits {report.edits}"
    yield f"responses put aside, and fetched again, because their readers were killed: {report.unfinished}"
    faults = report.faults()
    yield f"faults: {len(faults)}"
    yield from (f"FAULT: {fault}" for fault in faults[:SHOWN])


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the trial and print it; 1 if anything was lost."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--times", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=None)
    asked = parser.parse_args(arguments)
    seed = asked.seed if asked.seed is not None else random.SystemRandom().randrange(10**6)
    with mortal.running("dragoman-kills-") as server:
        embedded.create_database(server, "kills")
        with database.connect(server.dsn("kills")) as db:
            migrate(db)
        report = trial(server.dsn("kills"), asked.times, seed)
    sys.stdout.write("\n".join([*lines(report), ""]))
    return 1 if report.faults() else 0


if __name__ == "__main__":
    sys.exit(main())
