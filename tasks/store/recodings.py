"""Runs over the archive: batches of stored items that are coded again, leased to any number of workers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from psycopg.types.json import Jsonb

from tasks.store.database import Connection, records, row, run, scalar

SIZE = 500
"""Numbers of one batch: some seconds of coding, and a lease is kept only for so long."""

LEASE = timedelta(minutes=10)
KEPT = timedelta(days=30)
"""For how long what came of a run can be looked at."""


@dataclass(frozen=True, slots=True)
class Recoding:
    """A run: the version of the rules that codes, and whether what it finds is applied.

    `days` says of how many days before `began_at` the items are; None is all of them.
    """

    id: int
    rules: str
    applies: bool
    days: int | None
    began_at: datetime


@dataclass(frozen=True, slots=True)
class Batch:
    """Items by their numbers, first and last included, claimed for the `attempts`-th time."""

    recoding_id: int
    number: int
    first_item: int
    last_item: int
    attempts: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How many batches a run has, and how many of them are done."""

    batches: int
    done: int

    @property
    def ended(self) -> bool:
        """Whether nothing is left to do."""
        return self.done == self.batches


def begin(
    db: Connection, rules: str, now: datetime, *, applies: bool, days: int | None = None, size: int = SIZE
) -> Recoding:
    """The open run of this kind, or a new one over the items that are stored now."""
    with db.transaction():
        run(db, "recodings/forget", before=now - KEPT)
        found = scalar(db, "recodings/begin", rules=rules, applies=applies, days=days, now=now)
        if found is not None:
            since = now - timedelta(days=days) if days is not None else None
            run(db, "recodings/cut", id=found, since=since, size=size)
    opened = row(db, Recoding, "recodings/open", rules=rules, applies=applies, days=days)
    # The one that was open has been ended between the two questions: there is nothing left to join.
    return opened or begin(db, rules, now, applies=applies, days=days, size=size)


def get(db: Connection, number: int) -> Recoding | None:
    """A run by its number, ended or not; None if it has been forgotten."""
    return row(db, Recoding, "recodings/get", id=number)


def claim(db: Connection, recoding: Recoding, now: datetime, lease: timedelta = LEASE) -> Batch | None:
    """The next batch that nobody works on, until the lease ends; None if there is none."""
    return row(db, Batch, "recodings/claim", id=recoding.id, now=now, lease=lease)


def finish(db: Connection, batch: Batch, changes: Mapping[str, Any], now: datetime) -> bool:
    """Say what came of a batch; False if it has been claimed by another one since."""
    done = run(
        db, "recodings/finish", id=batch.recoding_id, number=batch.number, attempts=batch.attempts,
        changes=Jsonb(changes), now=now,
    )  # fmt: skip
    return done > 0


def mark(db: Connection, item: int) -> None:
    """Note that what an item says was found by a recode: it is stored, and nobody is told of it."""
    run(db, "recodings/mark", item_id=item)


def progress(db: Connection, recoding: Recoding) -> Progress:
    """How far a run has come."""
    return Progress(**records(db, "recodings/progress", id=recoding.id)[0])


def changes(db: Connection, recoding: Recoding) -> Iterator[Mapping[str, Any]]:
    """What came of each batch that is done."""
    return (record["changes"] for record in records(db, "recodings/changes", id=recoding.id))


def close(db: Connection, recoding: Recoding, now: datetime) -> None:
    """End a run of which nothing is left to do; otherwise nothing happens."""
    run(db, "recodings/close", id=recoding.id, now=now)
