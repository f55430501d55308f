"""Mentions: what the coder makes and the resolver weighs."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from psycopg.types.json import Jsonb

from tasks.model import Mention
from tasks.store.database import Connection, rows, run, scalar
from tasks.store.rows import Report, Sighting

REGISTER = "register"


def add(
    db: Connection, item_id: int, position: int, mention: Mention, origin: Mapping[str, Any]
) -> int | None:
    """Store the mention at `position` of an item; its id, or None if it was stored before.

    `origin` gives what is kept of the item and its source: source_id, outlet, family, rank,
    language, url, title, published, first_seen, baseline, text_hash, and country if it is known.
    """
    values = {"country": None, **origin, **columns(mention)}
    found = scalar(db, "mentions/add", item_id=item_id, position=position, **values)
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


def sightings(db: Connection, ids: Sequence[int] = (), events: Sequence[int] = ()) -> list[Sighting]:
    """Some mentions, and all of some events, as they are compared."""
    return rows(db, Sighting, "mentions/sightings", ids=list(ids), events=list(events))


def around(
    db: Connection,
    dyad: str,
    kinds: Sequence[str],
    spans: Sequence[tuple[date, date]],
    *,
    plans: bool = False,
) -> list[Sighting]:
    """The resolved mentions of a dyad that lie within `spans`; with `plans` only what is to come or off."""
    if not spans:
        return []
    since, until = zip(*spans, strict=True)
    name = "mentions/plans" if plans else "mentions/around"
    return rows(db, Sighting, name, dyad=dyad, kinds=list(kinds), since=list(since), until=list(until))


def of_rounds(db: Connection, dyad: str, numbered: Sequence[tuple[str, int]]) -> list[Sighting]:
    """The resolved mentions of some rounds, each given by mechanism and number."""
    if not numbered:
        return []
    mechanisms, rounds = zip(*numbered, strict=True)
    return rows(
        db, Sighting, "mentions/of_rounds", dyad=dyad, mechanisms=list(mechanisms), rounds=list(rounds)
    )


def of_mechanism(db: Connection, dyad: str, mechanism: str) -> list[Sighting]:
    """The resolved mentions of a mechanism."""
    return rows(db, Sighting, "mentions/of_mechanism", dyad=dyad, mechanism=mechanism)
