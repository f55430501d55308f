"""What the store gives back about mentions and events: one type for each kind of answer."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tasks.model import AGGREGATOR, DateBasis, Interval, Precision

# A shorter title is shared by chance, and one that goes on differently is another (letters).
_TELLING_TITLE = 15


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
    country: str | None = None

    @property
    def interval(self) -> Interval | None:
        """The date as the model has it."""
        return _interval(self.date_start, self.date_end, self.date_precision, self.date_basis)

    @property
    def lead(self) -> bool:
        """Whether an aggregator found it, and no source of ours brought it."""
        return self.rank == AGGREGATOR

    def told_by(self, other: "Report") -> bool:
        """Whether both come from one owner, or are one publication: one address, one text, one title.

        A page's own title often goes on behind the article's, with the name of the site.
        """
        if self.family == other.family:
            return True
        if self.url and other.url and _address(self.url) == _address(other.url):
            return True
        if self.text_hash is not None and self.text_hash == other.text_hash:
            return True
        short, long = sorted((_letters(self.title), _letters(other.title)), key=len)
        return bool(short) and (short == long or (len(short) >= _TELLING_TITLE and long.startswith(short)))


@dataclass(frozen=True, slots=True)
class Sighting:
    """A mention as the resolver compares it with others: less than a report, for many are read.

    `entry` is the register's id if the register tells it, `anchor_from` to `anchor_to` the days by
    which it is looked up.
    """

    id: int
    item_id: int
    event_id: int | None
    dyad: str
    kind: str
    stage: str
    background: bool
    mechanism: str | None
    mechanism_rule: str | None
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
    position: int
    title: str
    family: str
    rank: int
    published: datetime | None
    first_seen: datetime
    baseline: bool
    entry: str | None
    anchor_from: date
    anchor_to: date

    @property
    def interval(self) -> Interval | None:
        """The date as the model has it."""
        return _interval(self.date_start, self.date_end, self.date_precision, self.date_basis)


def _interval(
    start: date | None, end: date | None, precision: str | None, basis: str | None
) -> Interval | None:
    if start is None or end is None:
        return None
    return Interval(start, end, Precision(precision or Precision.DAY), DateBasis(basis or DateBasis.STATED))


def _address(url: str) -> str:
    return url.partition("://")[2].removeprefix("www.").rstrip("/")


def _letters(title: str) -> str:
    return "".join(re.findall(r"\w", unicodedata.normalize("NFKC", title).casefold()))


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
    split_from: int | None = None
    confirmed: bool = False

    @property
    def interval(self) -> Interval | None:
        """The date as the model has it."""
        return _interval(self.date_start, self.date_end, self.date_precision, self.date_basis)
