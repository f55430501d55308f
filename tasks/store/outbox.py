"""The outbox: stages that are to be decided, alerts that were raised, deliveries on their way.

A stage becomes an alert, and an alert its deliveries, in one transaction. A delivery is claimed by
a lease in a transaction of its own, sent outside of any, and marked in another.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from tasks.store import mentions
from tasks.store.database import Connection, records, row, rows, run, scalar
from tasks.store.rows import Report, StoredEvent


@dataclass(frozen=True, slots=True)
class Reached:
    """A stage that an event has reached. `mention_id` is None where the register says so.

    `weighed` is how many mentions the event had when that was decided. `root` is the event that it
    counts for; it differs from `event_id` if that one was merged into it.
    """

    root: int
    event_id: int
    stage: str
    mention_id: int | None
    reached_at: datetime
    decision: str | None
    weighed: int | None


@dataclass(frozen=True, slots=True)
class Doubted:
    """A stage that was told of `other_id`, which may be the same event as `event_id`."""

    event_id: int
    other_id: int
    stage: str


@dataclass(frozen=True, slots=True)
class Case:
    """An event with everything that bears on whether its stages are told.

    `stages` are in the order in which they were reached, `reports` in that in which they were coded.
    `recoded` are the ids of those that only a recode of the archive has found. `doubts` are what was
    told of events that may be this one.
    """

    event: StoredEvent
    stages: tuple[Reached, ...]
    reports: tuple[Report, ...]
    recoded: frozenset[int] = frozenset()
    doubts: tuple[Doubted, ...] = ()


@dataclass(frozen=True, slots=True)
class Delivery:
    """One alert on its way to one channel, claimed by its `attempts`-th try."""

    id: int
    alert_id: int
    channel: str
    attempts: int
    uncertain: bool
    event_id: int
    created_at: datetime
    message: Any


def claim_cases(db: Connection, since: datetime, skip: Iterable[int], limit: int) -> list[Case]:
    """At most `limit` events with stages to decide, locked for the transaction that is open.

    A quiet decision is open again if its event has been mentioned since, and had reached the stage
    after `since`: a first, vague report must not silence a clear one. Events in `skip` are left out.
    """
    events = rows(db, StoredEvent, "outbox/claim_events", since=since, skip=list(skip), limit=limit)
    # Read after the locks were taken, so that what their last holder decided is seen.
    ids = [event.id for event in events]
    stages = rows(db, Reached, "outbox/stages", events=ids)
    reports = sorted(mentions.of_events(db, ids), key=lambda report: report.id)
    recoded = frozenset(record["id"] for record in records(db, "outbox/recoded", events=ids))
    doubts = rows(db, Doubted, "outbox/doubts", events=ids)
    return [
        Case(
            event,
            tuple(stage for stage in stages if stage.root == event.id),
            tuple(report for report in reports if report.event_id == event.id),
            recoded,
            tuple(doubt for doubt in doubts if doubt.event_id == event.id),
        )
        for event in events
    ]


def decide(db: Connection, event_id: int, stage: str, decision: str, reason: str, weighed: int) -> None:
    """Keep what was decided of a stage (`alert`, `late`, `quiet`), why, and on how many mentions."""
    run(
        db, "outbox/decide",
        event=event_id, stage=stage, decision=decision, reason=reason, weighed=weighed,
    )  # fmt: skip


def add_alert(
    db: Connection,
    report: Report,
    message: Mapping[str, Any],
    channels: Iterable[str],
    *,
    late: bool,
    now: datetime,
) -> int | None:
    """Raise the alert of the stage of `report`, with a delivery to each channel; its id.

    None, and nothing is stored, if there is one already.
    """
    alert_id = scalar(
        db, "alerts/add",
        event=report.event_id, stage=report.stage, late=late, mention=report.id, item=report.item_id,
        now=now, message=Jsonb(message),
    )  # fmt: skip
    if alert_id is None:
        return None
    run(db, "alerts/add_deliveries", alert=alert_id, channels=list(channels), now=now)
    return int(alert_id)


def claim_delivery(
    db: Connection, now: datetime, lease_until: datetime, busy: Iterable[str] = ()
) -> Delivery | None:
    """The delivery that has been due longest, ours until `lease_until`; none to a `busy` channel."""
    return row(db, Delivery, "outbox/claim_delivery", now=now, lease=lease_until, busy=list(busy))


def mark_sent(db: Connection, delivery: Delivery, now: datetime, remark: str | None = None) -> None:
    """The delivery arrived; `remark` is what is to be said of it nevertheless."""
    run(db, "outbox/mark_sent", id=delivery.id, now=now, remark=remark)


def mark_failed(
    db: Connection, delivery: Delivery, due: datetime, error: str, *, uncertain: bool, give_up: bool
) -> None:
    """The try failed with `error`: again at `due`, or never again; `uncertain` if it may have arrived."""
    run(
        db, "outbox/mark_failed",
        id=delivery.id, attempts=delivery.attempts, state="given_up" if give_up else "waiting", due=due,
        uncertain=uncertain, error=error,
    )  # fmt: skip


def hold_channel(db: Connection, channel: str, until: datetime) -> None:
    """Send nothing to a channel before `until`, because it asked for that."""
    run(db, "outbox/hold_channel", channel=channel, until=until)


def alerts(db: Connection, limit: int) -> list[dict[str, Any]]:
    """The latest alerts, newest first, each with its headline, reason and deliveries."""
    return records(db, "alerts/latest", limit=limit)


def alerts_of_item(db: Connection, item_id: int) -> list[tuple[int, str]]:
    """The alerts that rest on the report of an item: event and stage of each."""
    return [(one["event_id"], one["stage"]) for one in records(db, "alerts/of_item", item=item_id)]


def message_of(db: Connection, alert_id: int) -> dict[str, Any] | None:
    """The message of an alert as it was stored, or None if there is no such alert."""
    found: dict[str, Any] | None = scalar(db, "alerts/message", alert=alert_id)
    return found
