"""The resolve station: coded items that await it, a few in one transaction."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import psycopg

from tasks.resolve.resolver import Resolved, refresh, resolve
from tasks.settings.mechanisms import Mechanism
from tasks.store import items
from tasks.store.database import Connection

LEASE = timedelta(minutes=5)
_AGAIN = timedelta(minutes=1)
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Counted:
    """What a batch came to: items taken, events opened and merged, stages reached, failures."""

    taken: int = 0
    opened: int = 0
    merged: int = 0
    stages: int = 0
    failed: int = 0


def resolve_items(db: Connection, mechanisms: Mapping[str, Mechanism], limit: int, now: datetime) -> Counted:
    """Resolve the mentions of at most `limit` items that await it.

    They are taken in the order of publication, each in a transaction of its own: what one opened
    the next one finds.
    """
    with db.transaction():
        refresh(db, mechanisms, now)
    claimed = items.claim(db, "resolve", limit, now, LEASE)
    claimed.sort(key=lambda one: (one.item.published or one.item.first_seen or now, one.number))
    opened = merged = stages = failed = 0
    for stored in claimed:
        outcome = _resolved(db, stored.number, stored.version, mechanisms, now)
        if outcome is None:
            failed += 1
            continue
        opened += len(outcome.opened)
        merged += len(outcome.merged)
        stages += len(outcome.stages)
    return Counted(len(claimed), opened, merged, stages, failed)


def _resolved(
    db: Connection, number: int, version: int, mechanisms: Mapping[str, Mechanism], now: datetime
) -> Resolved | None:
    try:
        with db.transaction():
            outcome = resolve(db, [number], mechanisms, now)
            items.await_next(db, number, None, now, version=version)
            return outcome
    except psycopg.OperationalError:
        raise
    except Exception as error:  # noqa: BLE001 - one item must not stop the others; it is kept and told
        _LOG.exception("item %s could not be resolved", number)
        items.release(db, number, now + _AGAIN, failure=f"{type(error).__name__}: {error}"[:500])
        return None
