"""The same mentions in any order and any batches, by one worker or four: the same events with the same fields.

    python -m tests.trials.shuffles --times 200

The gold stream is coded once. Then its items are resolved again and again in an order of chance,
dealt into batches of chance, and each time all events are compared with those of the first time:
which mentions they hold, and every field. Identifiers, and the times at which a row was written,
are apart. Every tenth time four workers do it at once.
"""

import argparse
import random
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from dragoman import gold, scratch
from dragoman.replay import Replay
from tasks.resolve.history import load_history
from tasks.resolve.resolver import resolve
from tasks.settings import configuration, register
from tasks.settings.configuration import Configuration
from tasks.settings.environment import ROOT
from tasks.settings.register import Register
from tasks.store import database as store
from tasks.store.database import Connection

NOW = datetime(2026, 1, 1, tzinfo=UTC)
WORKERS = 4
MOST_IN_BATCH = 6
_EMPTY = "truncate review, round_known, delivery, alert, event_stage, mention, event restart identity cascade"
# Names of this run and its times; everything else of an event follows from what is told.
_APART = {"id", "register_id", "merged_into", "split_from", "created_at", "changed_at", "stale", "status"}

Batch = Sequence[int]
State = Mapping[frozenset[tuple[str, int]], Mapping[str, Any]]


def keep(db: Connection) -> list[int]:
    """Keep what was told in the store as a stream to draw from; its items."""
    db.execute("create table kept as select * from report where family <> 'register'")
    return [int(item) for (item,) in db.execute("select distinct item_id from kept order by item_id")]


def empty(db: Connection, settings: Configuration, known: Register) -> None:
    """Begin anew, with the history that the gold starts from."""
    db.execute(_EMPTY)
    load_history(db, known, settings, datetime(2000, 1, 1, tzinfo=UTC), gold.HISTORY_BEFORE)


def tell(db: Connection, batch: Batch, settings: Configuration) -> None:
    """Store what the items of a batch say, and resolve it in one transaction."""
    columns = [
        str(name)
        for (name,) in db.execute(
            "select column_name from information_schema.columns where table_name = 'kept' "
            "and table_schema = 'public' and column_name not in ('id', 'event_id', 'reason')"
        )
    ]
    names = ", ".join(columns)
    with db.transaction():
        for item in batch:
            query = (
                f"insert into mention ({names}) select {names} from kept where item_id = %s order by position"
            )
            db.execute(query, (item,))
        resolve(db, batch, settings, NOW)


def state(db: Connection) -> State:
    """The events by the mentions that they hold, each mention by its item and its place in it."""
    held: dict[int, set[tuple[str, int]]] = {}
    query = (
        "select event_id, case when family = 'register' then title || evidence::text else item_id::text end, "
        "position from mention"
    )
    for event, item, position in db.execute(query):
        held.setdefault(event, set()).add((item, position))
    found: dict[frozenset[tuple[str, int]], Mapping[str, Any]] = {}
    cursor = db.execute("select * from event where id = any(%s)", (list(held),))
    names = [column.name for column in cursor.description or ()]
    for values in cursor:
        event = dict(zip(names, values, strict=True))
        fields = {name: value for name, value in event.items() if name not in _APART}
        # `historical` and `live` follow from the reports; merged or withdrawn must not hold any.
        found[frozenset(held[event["id"]])] = {**fields, "status": event["status"]}
    return found


def differences(one: State, two: State) -> list[str]:
    """What is not the same in two states, in words."""
    told = []
    for members in one.keys() | two.keys():
        if members not in one or members not in two:
            told.append(f"only {'before' if members in one else 'now'}: {sorted(members)}")
            continue
        for name, value in one[members].items():
            if two[members][name] != value:
                told.append(f"{name}: {value!r} is {two[members][name]!r} in {sorted(members)}")
    return sorted(told)


def dealt(items: Sequence[int], chance: random.Random) -> list[Batch]:
    """The items in an order of chance, in batches of chance."""
    order = chance.sample(list(items), len(items))
    batches: list[Batch] = []
    while order:
        size = chance.randint(1, MOST_IN_BATCH)
        batches.append(order[:size])
        order = order[size:]
    return batches


def by_workers(dsn: str, batches: Sequence[Batch], settings: Configuration) -> None:
    """Let four workers share the batches.

    Raises:
        ExceptionGroup: what went wrong in any of them.
    """
    waiting = list(reversed(batches))
    lock = threading.Lock()
    errors: list[Exception] = []

    def work() -> None:
        try:
            with store.connect(dsn) as own:
                while True:
                    with lock:
                        if not waiting:
                            return
                        batch = waiting.pop()
                    tell(own, batch, settings)
        except Exception as error:  # noqa: BLE001 - told by the caller
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise ExceptionGroup("workers failed", errors)


def shuffled(
    dsn: str, db: Connection, settings: Configuration, known: Register, times: int, seed: int
) -> Iterator[list[str]]:
    """Shuffle the gold of `dev` so many times; each time what was different from the first."""
    with Replay(db, settings, known, before=gold.HISTORY_BEFORE) as replay:
        for item in gold.read(ROOT / "tests" / "gold", "dev"):
            replay.feed(item.usable.line)
    items = keep(db)
    first: State | None = None
    for time in range(times + 1):
        chance = random.Random(seed + time)
        batches = [[item] for item in items] if first is None else dealt(items, chance)
        empty(db, settings, known)
        if time % 10 == 1:
            by_workers(dsn, batches, settings)
        else:
            for batch in batches:
                tell(db, batch, settings)
        found = state(db)
        if first is not None:
            yield differences(first, found)
        first = first or found


def main() -> int:
    """Run the trial; the exit status is 1 if any order ended in other events."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    settings = configuration.load(ROOT / "config")
    known = register.read(ROOT / "seeds" / "register.yaml")
    wrong = 0
    with scratch.database() as dsn, store.connect(dsn) as db:
        for time, found in enumerate(shuffled(dsn, db, settings, known, given.times, given.seed), start=1):
            wrong += bool(found)
            for line in found[:10]:
                sys.stdout.write(f"{time}: {line}\n")
            if time % 10 == 0:
                sys.stdout.write(f"{time} shuffles, {wrong} with other events\n")
                sys.stdout.flush()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
