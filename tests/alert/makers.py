"""Events, stages and reports for the tests of this station, with what does not matter filled in."""

from datetime import UTC, date, datetime
from typing import Any

from tasks.alert.headline import Names
from tasks.store.outbox import Case, Reached
from tasks.store.rows import Report, StoredEvent

NOW = datetime(2023, 9, 20, 8, 0, tzinfo=UTC)
NAMES = Names(
    states={"CHN": "China", "RUS": "Russia", "EUR": "European Union", "HUN": "Hungary"},
    mechanisms={
        "cn-ru-ssc": "strategic security consultation",
        "cn-ru-airpatrol": "joint strategic air patrol",
    },
    languages={"zh": "Chinese"},
)


def event(**fields: Any) -> StoredEvent:
    """Round 18 of the strategic security consultation, held in Moscow on 19 September 2023."""
    values: dict[str, Any] = {
        "id": 12,
        "register_id": None,
        "status": "live",
        "stale": False,
        "merged_into": None,
        "dyad": "CHN-RUS",
        "kind": "consultation_round",
        "mechanism": "cn-ru-ssc",
        "round": 18,
        "round_basis": "stated",
        "stage": "held",
        "date_start": date(2023, 9, 19),
        "date_end": date(2023, 9, 19),
        "date_precision": "day",
        "date_basis": "stated",
        "place": "Moscow",
        "officials": [],
        "instrument": None,
        "contexts": [],
        "conflicts": [],
        "witnesses": 1,
        "created_at": NOW,
        "changed_at": NOW,
    }
    return StoredEvent(**(values | fields))


def report(number: int = 1, **fields: Any) -> Report:
    """What item `number` says: that the event of `event()` was held, published just now."""
    values: dict[str, Any] = {
        "id": number,
        "item_id": 100 + number,
        "position": 0,
        "event_id": 12,
        "dyad": "CHN-RUS",
        "kind": "consultation_round",
        "stage": "held",
        "background": False,
        "mechanism": None,
        "round": None,
        "round_basis": None,
        "date_start": None,
        "date_end": None,
        "date_precision": None,
        "date_basis": None,
        "place": None,
        "officials": [],
        "instrument": None,
        "contexts": [],
        "segment": "main",
        "evidence": {},
        "source_id": f"source-{number}",
        "outlet": f"Outlet {number}",
        "family": f"family-{number}",
        "rank": 3,
        "language": "en",
        "url": f"https://news.example/{number}",
        "title": f"Title {number}",
        "published": NOW,
        "first_seen": NOW,
        "baseline": False,
        "text_hash": None,
        "reason": None,
    }
    return Report(**(values | fields))


def reached(stage: str = "held", **fields: Any) -> Reached:
    """That the event of `event()` has reached a stage, by the report of item 1."""
    values: dict[str, Any] = {
        "root": 12,
        "event_id": 12,
        "stage": stage,
        "mention_id": 1,
        "reached_at": NOW,
        "decision": None,
        "weighed": None,
    }
    return Reached(**(values | fields))


def case(reports: list[Report] | None = None, stages: list[Reached] | None = None, **fields: Any) -> Case:
    """The event of `event(**fields)` with its reports and stages."""
    return Case(
        event(**fields),
        tuple(stages if stages is not None else [reached()]),
        tuple(reports if reports is not None else [report()]),
    )
