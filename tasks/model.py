"""The nouns of the codebook, as types.

Every station speaks of these and of nothing else. Times are aware datetimes in UTC; dates are
local dates at the place of the event. Nothing here reads, writes or decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType


class Kind(StrEnum):
    """What an event is (codebook, "Kind")."""

    AGREEMENT = "agreement"
    CONSULTATION_ROUND = "consultation_round"
    EXERCISE = "exercise"
    PATROL = "patrol"
    TRANSFER = "transfer"
    MEETING = "meeting"
    STATEMENT = "statement"


class Stage(StrEnum):
    """How far an event has come (codebook, "Stage"). For an agreement, `held` is the signing."""

    ANNOUNCED = "announced"
    UNDER_WAY = "under_way"
    HELD = "held"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"
    DENIED = "denied"


class SegmentRole(StrEnum):
    """What part of a page a stretch of text is."""

    MAIN = "main"
    STACKED = "stacked"
    CAPTION = "caption"
    TEASER = "teaser"
    BOILERPLATE = "boilerplate"


class Precision(StrEnum):
    """How exactly a date is known."""

    DAY = "day"
    RANGE = "range"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


class DateBasis(StrEnum):
    """What a date of an event rests on."""

    STATED = "stated"
    RELATIVE = "relative"
    CARRIED = "carried"
    REGISTER = "register"
    PUBLISHED = "published"


class PublishedBasis(StrEnum):
    """What the time of publication of an item rests on; `unknown` goes with no time at all."""

    FEED = "feed"
    ADDRESS = "address"
    PAGE = "page"
    STATED = "stated"
    UNKNOWN = "unknown"


class RoundBasis(StrEnum):
    """Whether a text gave the number of a round or the register did."""

    STATED = "stated"
    REGISTER = "register"


# The rank of a source that publishes nothing of its own: what it finds are leads (`tasks.settings.outlets`).
AGGREGATOR = 4

SUPPOSED_MECHANISM = "mechanism.met"
"""The rule that knows a channel by nothing but its two chairs, who met. They may have met for
another one: a report that names it is right."""

# So many characters of a summary tell whether it is the beginning of the body.
_BEGINNING = 80


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of an item's text that tells one story: `text` is a slice of it from `start`."""

    role: SegmentRole
    start: int
    text: str

    @property
    def end(self) -> int:
        """The offset just behind the segment."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Item:
    """One publication of a source.

    `body` is the text of the feed or of the fetched page, None where there is none; `html` is a
    page that still has to be read. `published` is None when it is not known: it is never
    guessed from the clock. `first_seen` is when this store first saw the item.
    """

    id: str
    source: str
    title: str
    url: str | None = None
    summary: str = ""
    body: str | None = None
    html: str | None = None
    language: str | None = None
    published: datetime | None = None
    published_basis: PublishedBasis = PublishedBasis.UNKNOWN
    first_seen: datetime | None = None
    segments: tuple[Segment, ...] = ()


@dataclass(frozen=True, slots=True)
class Interval:
    """When something happened: first and last day, how exact that is, and what it rests on."""

    start: date
    end: date
    precision: Precision
    basis: DateBasis


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one field of a mention rests on: the words, where they stand, and the rule.

    `start` is the offset of `quote` in the item's text, which `item_text` gives; -1 when the rule
    quotes nothing.
    """

    quote: str
    rule: str
    start: int = -1
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Official:
    """Somebody who acted for a party, with the role held on that day."""

    id: str
    name: str
    state: str
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """What one item says about one event, field by field."""

    kind: Kind
    stage: Stage
    dyad: str
    background: bool = False
    mechanism: str | None = None
    round: int | None = None
    round_basis: RoundBasis | None = None
    date: Interval | None = None
    place: str | None = None
    officials: tuple[Official, ...] = ()
    instrument: str | None = None
    contexts: tuple[str, ...] = ()
    segment: SegmentRole = SegmentRole.MAIN
    evidence: Mapping[str, Evidence] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Coded:
    """What the coder says of one item: whether it is relevant, how sure, and its mentions."""

    relevant: bool
    score: float
    language: str
    mentions: tuple[Mention, ...]
    reasons: tuple[str, ...] = ()


def item_text(item: Item) -> str:
    """The text that offsets of segments and quotes count in: title, body, summary, parted by blank lines.

    The summary stands last, so that the offsets of a page's segments hold without it, and only if
    the body does not begin with the same words.
    """
    parts = [item.title, item.body or ""]
    if adds(item.summary, item.body):
        parts.append(item.summary)
    return "\n\n".join(part for part in parts if part)


def adds(summary: str, body: str | None) -> bool:
    """Whether a summary says something that the body does not: many are its beginning, cut short."""
    beginning = summary.strip().rstrip("….[]+ ")[:_BEGINNING]
    return bool(beginning) and (not body or beginning not in body)
