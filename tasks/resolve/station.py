"""The resolve station: coded items that await it, a few in one transaction."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

import psycopg

from tasks.resolve.resolver import Resolved, refresh, resolve
from tasks.settings.configuration import Configuration
from tasks.store import events, items
from tasks.store.database import Connection
from tasks.store.items import StoredItem
from tasks.store.rows import StoredEvent

LEASE = timedelta(minutes=5)
# An item that fails so often, or ends its worker, is given up with its reason.
MOST_ATTEMPTS = 5
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


def resolve_items(db: Connection, configuration: Configuration, limit: int, now: datetime) -> Counted:
    """Resolve the mentions of at most `limit` items that await it.

    They are taken in the order of publication, each in a transaction of its own: what one opened
    the next one finds.
    """
    claimed = items.claim(db, "resolve", limit, now, LEASE)
    claimed.sort(key=lambda one: (one.item.published or one.item.first_seen or now, one.number))
    opened = merged = stages = failed = 0
    for stored in claimed:
        outcome = _resolved(db, stored, configuration, now)
        if outcome is None:
            failed += 1
            continue
        opened += len(outcome.opened) + len(outcome.split)
        merged += len(outcome.merged)
        stages += len(outcome.stages)
    # Behind the items: an edited one tells of its event again, which then has not lost its last witness.
    failed += sum(not _refreshed(db, event, configuration, now) for event in events.stale(db, limit))
    return Counted(len(claimed), opened, merged, stages, failed)


def _refreshed(db: Connection, event: StoredEvent, configuration: Configuration, now: datetime) -> bool:
    try:
        with db.transaction():
            refresh(db, event, configuration, now)
    except psycopg.OperationalError:
        raise
    except Exception:  # noqa: BLE001 - one event must not stop the others; it stays stale and is told
        _LOG.exception("event %s could not be fused anew", event.id)
        return False
    return True


def _resolved(
    db: Connection, stored: StoredItem, configuration: Configuration, now: datetime
) -> Resolved | None:
    number = stored.number
    if stored.attempts > MOST_ATTEMPTS:
        items.await_next(db, number, None, now, failure=stored.failure or "ended its worker time and again")
        return None
    stored = items.begin(db, stored)
    try:
        with db.transaction():
            outcome = resolve(db, [number], configuration, now)
            items.await_next(db, number, None, now, version=stored.version)
            return outcome
    except psycopg.OperationalError:
        raise
    except Exception as error:  # noqa: BLE001 - one item must not stop the others
        _LOG.exception("item %s could not be resolved", number)
        items.release(db, number, now + _AGAIN, failure=f"{type(error).__name__}: {error}"[:500])
        return None
