"""Mentions: what the coder makes and the resolver weighs."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from psycopg.types.json import Jsonb

from tasks.model import Mention
from tasks.store.database import Connection, rows, run, scalar
from tasks.store.rows import Report

REGISTER = "register"


def add(
    db: Connection, item_id: int, position: int, mention: Mention, origin: Mapping[str, Any]
) -> int | None:
    """Store the mention at `position` of an item; its id, or None if it was stored before.

    `origin` gives what is kept of the item and its source: source_id, outlet, family, rank,
    language, url, title, published, first_seen, baseline, text_hash.
    """
    found = scalar(
        db, "mentions/add", item_id=item_id, position=position, **columns(mention), **origin
    )  # fmt: skip
    return int(found) if found is not None else None


def columns(mention: Mention) -> dict[str, Any]:
    """The fields of a mention as the columns of the store."""
    day = mention.date
    return {
        "dyad": mention.dyad,
        "kind": mention.kind.value,
        "stage": mention.stage.value,
        "background": mention.background,
        "mechanism": mention.mechanism,
        "round": mention.round,
        "round_basis": mention.round_basis.value if mention.round_basis else None,
        "date_start": day.start if day else None,
        "date_end": day.end if day else None,
        "date_precision": day.precision.value if day else None,
        "date_basis": day.basis.value if day else None,
        "place": mention.place,
        "officials": Jsonb([asdict(official) for official in mention.officials]),
        "instrument": mention.instrument,
        "contexts": list(mention.contexts),
        "segment": mention.segment.value,
        "evidence": Jsonb({name: asdict(evidence) for name, evidence in mention.evidence.items()}),
    }


def unresolved(db: Connection, items: Sequence[int]) -> list[Report]:
    """The mentions of some items that belong to no event yet, in the order of publication."""
    return rows(db, Report, "mentions/of_items", items=list(items))


def of_events(db: Connection, events: Sequence[int]) -> list[Report]:
    """All mentions of some events, in the order of publication."""
    return rows(db, Report, "mentions/of_events", events=list(events)) if events else []


def of_item(db: Connection, item_id: int) -> list[Report]:
    """All mentions of an item, in their order."""
    return rows(db, Report, "mentions/of_item", item_id=item_id)


def attach(db: Connection, mention_id: int, event_id: int, reason: str) -> None:
    """Let a mention be about an event, and keep why."""
    run(db, "mentions/attach", id=mention_id, event_id=event_id, reason=reason)


def clear(db: Connection, item_id: int) -> None:
    """Take back what an item said before it was coded again; its events will be fused anew."""
    run(db, "mentions/clear", item_id=item_id)
