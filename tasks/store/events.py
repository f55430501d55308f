"""Events: what the mentions are about, and the stages that they have reached."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from psycopg.types.json import Jsonb

from tasks.store.database import Connection, records, row, rows, run, scalar
from tasks.store.rows import StoredEvent


def lock(db: Connection, dyad: str) -> None:
    """Wait until no other transaction resolves this dyad; holds until the transaction ends."""
    scalar(db, "events/lock", dyad=dyad)


def near(db: Connection, dyad: str, mechanisms: Sequence[str], since: date, until: date) -> list[StoredEvent]:
    """The events of a dyad that lie between two days, have no day, or belong to some mechanisms."""
    return rows(
        db, StoredEvent, "events/near", dyad=dyad, mechanisms=list(mechanisms), since=since, until=until
    )


def create(
    db: Connection, dyad: str, kind: str, stage: str, now: datetime, *, status: str = "live",
    register_id: str | None = None,
) -> int | None:  # fmt: skip
    """A new event; its id, or None if the register's event of that id is there already."""
    found = scalar(
        db,
        "events/create",
        dyad=dyad,
        kind=kind,
        stage=stage,
        now=now,
        status=status,
        register_id=register_id,
    )
    return int(found) if found is not None else None


def save(db: Connection, event_id: int, fields: Mapping[str, Any], now: datetime) -> bool:
    """Write the fused fields of an event; whether any of them changed."""
    values = dict(fields)
    values["officials"] = Jsonb(values["officials"])
    values["conflicts"] = Jsonb(values["conflicts"])
    return run(db, "events/save", id=event_id, now=now, **values) > 0


def merge(db: Connection, event_id: int, into: int, now: datetime) -> None:
    """Make an event the alias of another; its stages and mentions go with it."""
    run(db, "mentions/move", event_id=event_id, into=into)
    run(db, "events/move_stages", event_id=event_id, into=into)
    run(db, "events/drop_open_stages", event_id=event_id)
    run(db, "events/merge", id=event_id, into=into, now=now)


def reach(
    db: Connection,
    event_id: int,
    stage: str,
    now: datetime,
    *,
    mention_id: int | None,
    item_id: int | None,
    decision: str | None = None,
    reason: str | None = None,
) -> bool:
    """Note that an event has reached a stage; whether this was the first to say so."""
    return (
        run(
            db, "events/reach", event_id=event_id, stage=stage, now=now, mention_id=mention_id,
            item_id=item_id, decision=decision, reason=reason,
        )
        > 0
    )  # fmt: skip


def by_id(db: Connection, event_id: int) -> StoredEvent | None:
    """One event, merged ones too."""
    return row(db, StoredEvent, "events/by_id", id=event_id)


def listed(
    db: Connection,
    *,
    dyad: str | None = None,
    kind: str | None = None,
    mechanism: str | None = None,
    history: bool = False,
    limit: int = 1000,
) -> list[StoredEvent]:
    """Events, the latest day first; without `history` only those of which an item has told."""
    return rows(
        db,
        StoredEvent,
        "events/list",
        dyad=dyad,
        event_kind=kind,
        mechanism=mechanism,
        history=history,
        limit=limit,
    )


def stages(db: Connection, events: Sequence[int]) -> list[dict[str, Any]]:
    """The stages of some events with what was decided on each, in the order in which they came."""
    return records(db, "events/stages", events=list(events)) if events else []


def stale(db: Connection, limit: int) -> list[StoredEvent]:
    """Events whose mentions have changed since they were fused."""
    return rows(db, StoredEvent, "events/stale", limit=limit)


def freshen(db: Connection, event_id: int, *, empty: bool) -> None:
    """Note that an event has been fused anew; an `empty` one has nobody left who tells of it."""
    run(db, "events/fresh", id=event_id, empty=empty)
