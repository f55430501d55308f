"""Reports as rows of a store, without a text behind them, and the events that come of them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tasks.alert.raise_alerts import Desk, raise_alerts
from tasks.model import (
    SUPPOSED_MECHANISM,
    DateBasis,
    Evidence,
    Interval,
    Kind,
    Mention,
    Official,
    Precision,
    RoundBasis,
    Stage,
)
from tasks.resolve.resolver import Resolved, resolve
from tasks.settings.configuration import Configuration
from tasks.store import events, mentions
from tasks.store.database import Connection
from tasks.store.rows import StoredEvent

SHOIGU = Official("sergei_shoigu", "Sergei Shoigu", "RUS")
LAVROV = Official("sergey_lavrov", "Sergey Lavrov", "RUS")
WANG_YI = Official("wang_yi", "Wang Yi", "CHN")
START = date(2025, 3, 1)


def on(day: int, until: int | None = None) -> Interval:
    """The day that lies so many days after the start, or the days up to another."""
    first, last = START + timedelta(days=day), START + timedelta(days=day if until is None else until)
    return Interval(first, last, Precision.DAY if until is None else Precision.RANGE, DateBasis.STATED)


def mention(
    kind: Kind = Kind.AGREEMENT, stage: Stage = Stage.HELD, dyad: str = "CHN-RUS", **fields: Any
) -> Mention:
    """A mention, with a stated number if it has one."""
    if fields.get("round") is not None:
        fields.setdefault("round_basis", RoundBasis.STATED)
    if fields.pop("supposed", False):
        fields["evidence"] = {"mechanism": Evidence("", SUPPOSED_MECHANISM)}
    return Mention(kind=kind, stage=stage, dyad=dyad, **fields)


class Teller:
    """A store to which items are told; each item says one thing, and is resolved at its own time."""

    def __init__(self, db: Connection, settings: Configuration) -> None:
        self.db, self.settings = db, settings
        self.desk = Desk.of(settings)

    def put(self, item: int, said: Mention, day: int = 0, **origin: Any) -> None:
        """Store what an item says, `day` days after the start, without resolving it."""
        published = datetime.combine(START, datetime.min.time(), UTC) + timedelta(days=day, hours=12)
        values = {
            "source_id": f"source-{item}", "outlet": f"Outlet {item}", "family": f"family-{item}", "rank": 3,
            "language": "en", "url": None, "title": f"Title {item}", "published": published,
            "first_seen": published, "baseline": False, "text_hash": None,
        }  # fmt: skip
        assert mentions.add(self.db, item, 0, said, {**values, **origin}) is not None

    def tell(self, item: int, said: Mention, day: int = 0, **origin: Any) -> Resolved:
        """Let an item say something, and resolve and decide it."""
        now = datetime.combine(START, datetime.min.time(), UTC) + timedelta(days=day, hours=13)
        with self.db.transaction():
            self.put(item, said, day, **origin)
            found = resolve(self.db, [item], self.settings, now)
            raise_alerts(self.db, self.desk, now)
        return found

    def event_of(self, item: int) -> StoredEvent:
        """The event of what an item says."""
        (report,) = mentions.of_item(self.db, item)
        assert report.event_id is not None
        event = events.by_id(self.db, report.event_id)
        assert event is not None
        return event

    def alerts(self) -> list[tuple[int, str, int]]:
        """What was told: event, stage, and the item by which it was."""
        rows = self.db.execute("select event_id, stage, item_id from alert order by id").fetchall()
        return [(event, stage, item) for event, stage, item in rows]

    def together(self, items: Sequence[int]) -> bool:
        """Whether all these items tell of one event."""
        return len({self.event_of(item).id for item in items}) == 1
