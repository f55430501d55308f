"""Items of the archive, coded again after a change of the rules: a batch at a time, and safe to be killed.

A batch is coded first and written in one transaction with its own end, so that what it says to
have changed is what did change, however often it had been begun. What is written is what the item
says now; the resolver then lets events follow, and nobody is told, because all of it is old.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import psycopg

from tasks.code.archive.changes import (
    ADDED,
    BECAME,
    CEASED,
    CHANGED,
    FAILED,
    REMOVED,
    Difference,
    Tally,
    difference,
    said,
    told,
)
from tasks.code.coder import Coding, code
from tasks.code.rules import Rules
from tasks.code.station import origin_of, store_mentions
from tasks.store import events, items, mentions, recodings
from tasks.store.database import Connection
from tasks.store.items import StoredItem
from tasks.store.recodings import Batch, Recoding

_MOST_ATTEMPTS = 3
_ENDED = "ended its worker time and again"
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Done:
    """An item, what it says by these rules, and what of that is new."""

    stored: StoredItem
    coding: Coding
    difference: Difference


def recode_batch(db: Connection, rules: Rules, recoding: Recoding, now: datetime) -> Tally | None:
    """Code one batch of a run again; what changed, or would change if the run does not apply it.

    None if nobody has left a batch to take. A batch that another worker has taken over meanwhile,
    because the lease had ended, leaves no trace.
    """
    batch = recodings.claim(db, recoding, now)
    if batch is None:
        return None
    tally = Tally()
    if batch.attempts > _MOST_ATTEMPTS:
        tally.note(FAILED, batch.first_item, "", f"items {batch.first_item} to {batch.last_item}", _ENDED)
        recodings.finish(db, batch, tally.to_json(), now)
        return tally
    found, tally.left = items.outdated(db, batch.first_item, batch.last_item, rules.version)
    tally.items = len(found)
    done = [one for stored in found if (one := _coded(db, stored, rules, tally)) is not None]
    return tally if _finished(db, batch, done, tally, recoding, rules, now) else Tally()


def _coded(db: Connection, stored: StoredItem, rules: Rules, tally: Tally) -> _Done | None:
    """Code an item and count what changes; None if it cannot be coded: then it stays as it is."""
    try:
        coding = code(stored.item, rules, ZoneInfo(stored.zone))
    except Exception as error:  # noqa: BLE001 - one item must not stop the others; it is told
        _LOG.exception("item %s could not be coded again", stored.number)
        reason = f"{type(error).__name__}: {error}"[:500]
        tally.note(FAILED, stored.number, stored.outlet, stored.item.title, reason)
        return None
    differs = difference(mentions.of_item(db, stored.number), coding.coded.mentions)
    done = _Done(stored, coding, differs)
    _count(done, tally)
    return done


def _count(done: _Done, tally: Tally) -> None:
    stored, coded = done.stored, done.coding.coded
    where = (stored.number, stored.outlet, stored.item.title)
    tally.differing += bool(done.difference)
    if coded.relevant != bool(stored.relevant):
        tally.note(BECAME if coded.relevant else CEASED, *where)
    for row in done.difference.added:
        tally.note(ADDED, *where, said(row))
    for row in done.difference.removed:
        tally.note(REMOVED, *where, said(row))
    for old, new, fields in done.difference.changed:
        tally.note(CHANGED, *where, told(old, new, fields))
        tally.fields.update(fields)


def _finished(
    db: Connection,
    batch: Batch,
    done: Sequence[_Done],
    tally: Tally,
    recoding: Recoding,
    rules: Rules,
    now: datetime,
) -> bool:
    """Write what came of a batch, all of it or nothing; whether the batch was still this worker's."""
    ours = False
    with db.transaction():
        if recoding.applies:
            # As the resolver does, and in its order: neither waits for the other in a circle.
            for dyad in sorted({dyad for one in done for dyad in one.difference.dyads}):
                events.lock(db, dyad)
            for one in done:
                _write(db, one, rules, now)
        ours = recodings.finish(db, batch, tally.to_json(), now)
        if not ours:
            raise psycopg.Rollback
    return ours


def _write(db: Connection, done: _Done, rules: Rules, now: datetime) -> None:
    coded, number = done.coding.coded, done.stored.number
    resolves = bool(done.difference) and bool(coded.mentions)
    kept = items.recoded(
        db, done.stored, "resolve" if resolves else None, now,
        score=coded.score, relevant=coded.relevant, reasons=coded.reasons, rules=rules.version,
    )  # fmt: skip
    if kept and done.difference:
        mentions.clear(db, number)
        store_mentions(db, number, done.coding, origin_of(done.stored, done.coding, rules.outlets))
        recodings.mark(db, number)
