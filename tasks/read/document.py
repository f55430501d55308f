"""What was read from a response, in a form that a child process can hand over as JSON."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from tasks.model import PublishedBasis, Segment, SegmentRole

# Of a document with more entries the newest are kept.
MOST_ENTRIES = 500


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed or one link of a list: plain text, its address absolute."""

    title: str
    url: str | None = None
    guid: str | None = None
    summary: str = ""
    body: str | None = None
    published: datetime | None = None
    basis: PublishedBasis = PublishedBasis.UNKNOWN
    segments: tuple[Segment, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The entry as JSON; `from_json` makes it again."""
        return {
            "title": self.title,
            "url": self.url,
            "guid": self.guid,
            "summary": self.summary,
            "body": self.body,
            "published": self.published.isoformat() if self.published else None,
            "basis": self.basis.value,
            "segments": [[part.role.value, part.start, part.text] for part in self.segments],
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Entry":
        """The entry that `to_json` gave.

        Raises:
            KeyError, TypeError, ValueError: it is no such thing.
        """
        published = datetime.fromisoformat(value["published"]) if value["published"] else None
        segments = tuple(Segment(SegmentRole(role), start, text) for role, start, text in value["segments"])
        plain = {name: value[name] for name in ("title", "url", "guid", "summary", "body")}
        return cls(**plain, published=published, basis=PublishedBasis(value["basis"]), segments=segments)


@dataclass(frozen=True, slots=True)
class Document:
    """A response as it was read.

    `kind` is the format, empty where there is none. `dropped` counts entries beyond the limit,
    `errors` tells of entries that could not be read. `minutes`, `skip_hours` and `skip_days` are
    what the document says of its own rhythm, in UTC, Monday being day 0.
    """

    kind: str
    entries: tuple[Entry, ...] = ()
    dropped: int = 0
    errors: tuple[str, ...] = ()
    truncated: bool = False
    minutes: float | None = None
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()
    problem: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The document as JSON; `from_json` makes it again."""
        names = ("kind", "dropped", "truncated", "minutes", "problem")
        lists = {name: list(getattr(self, name)) for name in ("errors", "skip_hours", "skip_days")}
        entries = [entry.to_json() for entry in self.entries]
        return {**{name: getattr(self, name) for name in names}, **lists, "entries": entries}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Document":
        """The document that `to_json` gave.

        Raises:
            KeyError, TypeError, ValueError: it is no such thing.
        """
        return cls(
            kind=value["kind"],
            entries=tuple(Entry.from_json(entry) for entry in value["entries"]),
            dropped=value["dropped"],
            errors=tuple(value["errors"]),
            truncated=value["truncated"],
            minutes=value["minutes"],
            skip_hours=tuple(value["skip_hours"]),
            skip_days=tuple(value["skip_days"]),
            problem=value["problem"],
        )


@dataclass(frozen=True, slots=True)
class Terms:
    """How the documents of one source are to be read; all of it plain, so that it goes as JSON."""

    url: str
    zone: str
    language: str
    now: datetime
    content_type: str | None = None
    charset: str | None = None
    date_format: str | None = None
    date_pattern: str | None = None
    selector: str | None = None
    pattern: str | None = None
    article: str | None = None
    title: str = ""
    truncated: bool = False

    def to_json(self) -> dict[str, Any]:
        """The terms as JSON; `from_json` makes them again."""
        return {**asdict(self), "now": self.now.isoformat()}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Terms":
        """The terms that `to_json` gave."""
        return cls(**{**value, "now": datetime.fromisoformat(value["now"])})
