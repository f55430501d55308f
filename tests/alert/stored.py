"""Events with their mentions and stages in a real store, as resolve leaves them."""

from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from tasks.store import events, mentions
from tasks.store.database import Connection
from tasks.store.rows import Report
from tests.alert.makers import NOW, event, report

FUSED = (
    "status", "kind", "mechanism", "round", "round_basis", "stage", "date_start", "date_end",
    "date_precision", "date_basis", "place", "officials", "instrument", "contexts", "conflicts", "witnesses",
)  # fmt: skip


def store_event(db: Connection, **fields: Any) -> int:
    """The event of `makers.event(**fields)`; its id."""
    made = event(**fields)
    event_id = events.create(db, made.dyad, made.kind, made.stage, NOW)
    assert event_id is not None
    change_event(db, event_id, **fields)
    return event_id


def change_event(db: Connection, event_id: int, **fields: Any) -> None:
    """Let an event have the fields of `makers.event(**fields)`."""
    made = asdict(event(**fields))
    events.save(db, event_id, {name: made[name] for name in FUSED}, NOW)


def store_report(db: Connection, event_id: int, number: int = 1, **fields: Any) -> Report:
    """The mention of `makers.report(number, **fields)`, and the stage that the event has reached by it."""
    made = report(number, event_id=event_id, **fields)
    columns = asdict(made)
    del columns["id"]
    columns |= {"officials": Jsonb(made.officials), "evidence": Jsonb(made.evidence)}
    names = ", ".join(columns)
    values = ", ".join(f"%({name})s" for name in columns)
    found = db.execute(f"insert into mention ({names}) values ({values}) returning id", columns).fetchone()
    assert found is not None
    stored = replace(made, id=int(found[0]))
    reach(db, stored)
    return stored


def reach(db: Connection, told: Report, at: datetime = NOW) -> None:
    """Note that the event of a report has reached its stage."""
    assert told.event_id is not None
    of_register = told.family == mentions.REGISTER
    events.reach(
        db, told.event_id, told.stage, at,
        mention_id=None if of_register else told.id, item_id=None if of_register else told.item_id,
    )  # fmt: skip


def decisions(db: Connection) -> dict[tuple[int, str], str | None]:
    """What was decided of each stage, by event and stage."""
    found = db.execute("select event_id, stage, decision from event_stage").fetchall()
    return {(event_id, stage): decision for event_id, stage, decision in found}
