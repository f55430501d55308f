"""What the store gives back about mentions and events: one type for each kind of answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tasks.model import DateBasis, Interval, Precision


@dataclass(frozen=True, slots=True)
class Report:
    """A mention as the resolver weighs it: its fields, and where it comes from.

    `rank`, `family` and `text_hash` say how much it counts and with whom it counts once; for the
    register's own facts the family is `register`.
    """

    id: int
    item_id: int
    position: int
    event_id: int | None
    dyad: str
    kind: str
    stage: str
    background: bool
    mechanism: str | None
    round: int | None
    round_basis: str | None
    date_start: date | None
    date_end: date | None
    date_precision: str | None
    date_basis: str | None
    place: str | None
    officials: Sequence[Mapping[str, Any]]
    instrument: str | None
    contexts: Sequence[str]
    segment: str
    evidence: Mapping[str, Mapping[str, Any]]
    source_id: str
    outlet: str
    family: str
    rank: int
    language: str
    url: str | None
    title: str
    published: datetime | None
    first_seen: datetime
    baseline: bool
    text_hash: bytes | None
    reason: str | None

    @property
    def interval(self) -> Interval | None:
        """The date as the model has it."""
        if self.date_start is None or self.date_end is None:
            return None
        return Interval(
            self.date_start,
            self.date_end,
            Precision(self.date_precision or Precision.DAY),
            DateBasis(self.date_basis or DateBasis.STATED),
        )


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event as it stands, fused from its mentions."""

    id: int
    register_id: str | None
    status: str
    stale: bool
    merged_into: int | None
    dyad: str
    kind: str
    mechanism: str | None
    round: int | None
    round_basis: str | None
    stage: str
    date_start: date | None
    date_end: date | None
    date_precision: str | None
    date_basis: str | None
    place: str | None
    officials: Sequence[Mapping[str, Any]]
    instrument: str | None
    contexts: Sequence[str]
    conflicts: Sequence[Mapping[str, Any]]
    witnesses: int
    created_at: datetime
    changed_at: datetime
