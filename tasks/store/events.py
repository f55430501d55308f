"""Events: what the mentions are about, and the stages that they have reached."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from psycopg.types.json import Jsonb

from tasks.model import DateBasis, Interval, Precision
from tasks.store.database import Connection, records, row, rows, run, scalar
from tasks.store.rows import StoredEvent


def lock(db: Connection, dyad: str) -> None:
    """Wait until no other transaction resolves this dyad; holds until the transaction ends."""
    scalar(db, "events/lock", dyad=dyad)


def create(
    db: Connection, dyad: str, kind: str, stage: str, now: datetime, *, status: str = "live",
    register_id: str | None = None, split_from: int | None = None,
) -> int | None:  # fmt: skip
    """A new event; its id, or None if the register's event of that id is there already.

    `split_from` names the event of which its mentions were a part by mistake.
    """
    found = scalar(
        db,
        "events/create",
        dyad=dyad,
        kind=kind,
        stage=stage,
        now=now,
        status=status,
        register_id=register_id,
        split_from=split_from,
    )
    return int(found) if found is not None else None


def save(db: Connection, event_id: int, fields: Mapping[str, Any], now: datetime) -> bool:
    """Write the fused fields of an event; whether any of them changed."""
    values = {"confirmed": False, **fields}
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


@dataclass(frozen=True, slots=True)
class Told:
    """An alert as the resolver sees it: what was told of which event, by whose mention."""

    id: int
    event_id: int
    stage: str
    mention_id: int
    item_id: int


@dataclass(frozen=True, slots=True)
class Claim:
    """A day on which a round is said to have been held, by how many owners of outlets of which best rank."""

    round: int
    date_start: date
    date_end: date
    date_precision: str
    date_basis: str
    rank: int
    families: int
    registered: bool

    @property
    def interval(self) -> Interval:
        """The day as the model has it."""
        return Interval(
            self.date_start, self.date_end, Precision(self.date_precision), DateBasis(self.date_basis)
        )


@dataclass(frozen=True, slots=True)
class Doubt:
    """Two events that may be one, with the evidence."""

    event_id: int
    other_id: int
    points: int
    reasons: Sequence[str]
    noted_at: datetime


def family(db: Connection, events: Sequence[int]) -> list[StoredEvent]:
    """Some events with all their aliases, locked until the transaction ends, the oldest first."""
    return rows(db, StoredEvent, "events/family", events=list(events)) if events else []


def forsaken(db: Connection, dyad: str) -> list[StoredEvent]:
    """The events of a dyad of which nobody tells any more, the oldest first."""
    return rows(db, StoredEvent, "events/forsaken", dyad=dyad)


def of_mechanism(db: Connection, mechanism: str) -> list[StoredEvent]:
    """The events of a mechanism."""
    return rows(db, StoredEvent, "events/of_mechanism", mechanism=mechanism)


def add_alias(db: Connection, into: int, origin: int, now: datetime) -> int:
    """A second name of `into`, for what was told of it as `origin`; its id."""
    return int(scalar(db, "events/alias", into=into, origin=origin, now=now))


def revive(db: Connection, event_id: int, now: datetime) -> None:
    """Let an alias be an event of its own again."""
    run(db, "events/revive", id=event_id, now=now)


def told(db: Connection, events: Sequence[int]) -> list[Told]:
    """What was told of some events, in the order in which it was."""
    return rows(db, Told, "events/alerts", events=list(events)) if events else []


def move_told(db: Connection, event_id: int, stage: str, into: int) -> None:
    """Let what was told of a stage count for another event, and its decision with it."""
    drop_stage(db, into, stage)
    run(db, "events/move_stage", event_id=event_id, stage=stage, into=into)
    run(db, "events/move_alert", event_id=event_id, stage=stage, into=into)


def drop_stage(db: Connection, event_id: int, stage: str) -> None:
    """An event has not reached a stage after all."""
    run(db, "events/drop_stage", event_id=event_id, stage=stage)


def known_rounds(db: Connection, mechanism: str) -> dict[int, Interval]:
    """The rounds of a mechanism that are known to have been held, with their days."""
    return {
        one["round"]: Interval(
            one["date_start"],
            one["date_end"],
            Precision(one["date_precision"]),
            DateBasis(one["date_basis"]),
        )
        for one in records(db, "events/rounds", mechanism=mechanism)
    }


def know_rounds(db: Connection, mechanism: str, known: Mapping[int, Interval]) -> None:
    """Keep the rounds of a mechanism that are known to have been held."""
    run(db, "events/forget_rounds", mechanism=mechanism)
    for number, day in known.items():
        run(
            db, "events/know_round", mechanism=mechanism, round=number, date_start=day.start,
            date_end=day.end, date_precision=day.precision.value, date_basis=day.basis.value,
        )  # fmt: skip


def claims(db: Connection, mechanism: str) -> list[Claim]:
    """On which days the rounds of a mechanism are said to have been held."""
    return rows(db, Claim, "mentions/claims", mechanism=mechanism)


def settle_doubts(db: Connection, events: Sequence[int]) -> set[tuple[int, int]]:
    """Forget with which others some events may be one; the pairs that were open."""
    found = records(db, "events/settle_doubts", events=list(events))
    return {(one["event_id"], one["other_id"]) for one in found}


def doubt(db: Connection, one: int, two: int, points: int, reasons: Sequence[str], now: datetime) -> None:
    """Note that two events may be one."""
    run(db, "events/doubt", one=one, two=two, points=points, reasons=list(reasons), now=now)


def doubts(db: Connection, event_id: int | None = None, limit: int = 100) -> list[Doubt]:
    """Pairs of events that may be one, of all or of one event, the likeliest first."""
    return rows(db, Doubt, "events/doubts", event_id=event_id, limit=limit)


def weigh_again(db: Connection, events: Sequence[int]) -> None:
    """Let the stages of some events that were kept quiet be decided again."""
    run(db, "events/reopen", events=list(events))
