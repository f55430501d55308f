"""What was read from a response, in a form that a child process can hand over as JSON."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from tasks.model import PublishedBasis, Segment, SegmentRole

# Of a document with more entries the newest are kept.
MOST_ENTRIES = 500
# As many further parts of a source are followed from one document.
MOST_FOLLOWED = 50


class Fault(StrEnum):
    """What it means that a document holds nothing to read."""

    EMPTY = "empty"  # it is what it should be, and has nothing in it
    REDESIGNED = "redesigned"  # what is looked for is no longer where it was
    FOREIGN = "foreign"  # it is something else than the source should give


@dataclass(frozen=True, slots=True)
class Follow:
    """An address that a document names as a further part of its source.

    `kind` is what it is read as, a row of `tasks.settings.kinds`. `size` in bytes and `md5` in
    hexadecimal are checked where they are known. `stamp` is the state in which it was named, such
    as the time of its last change: it is fetched once for each, and at every poll where there is
    none; with `daily` also once a day, because what is said of a change may be wrong for years. With
    `catch_up` it is worth a request only if all entries of this document are new.
    """

    url: str
    kind: str
    size: int | None = None
    md5: str | None = None
    stamp: str | None = None
    catch_up: bool = False
    daily: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed or one link of a list: plain text, its address absolute.

    `outlet` is the host of who published it and `language` what it is written in, where that is not
    as the source has it. With `discovery` its address leads through an aggregator to what somebody
    else has published, nobody knows where: it can be followed by a reader and by nobody else.
    """

    title: str
    url: str | None = None
    guid: str | None = None
    summary: str = ""
    body: str | None = None
    published: datetime | None = None
    basis: PublishedBasis = PublishedBasis.UNKNOWN
    segments: tuple[Segment, ...] = ()
    outlet: str | None = None
    language: str | None = None
    discovery: bool = False

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
            "outlet": self.outlet,
            "language": self.language,
            "discovery": self.discovery,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Entry":
        """The entry that `to_json` gave.

        Raises:
            KeyError, TypeError, ValueError: it is no such thing.
        """
        published = datetime.fromisoformat(value["published"]) if value["published"] else None
        segments = tuple(Segment(SegmentRole(role), start, text) for role, start, text in value["segments"])
        names = ("title", "url", "guid", "summary", "body", "outlet", "language", "discovery")
        plain = {name: value[name] for name in names}
        return cls(**plain, published=published, basis=PublishedBasis(value["basis"]), segments=segments)


@dataclass(frozen=True, slots=True)
class Channel:
    """What a document says of its source as a whole: its name, its site, and when it last changed."""

    title: str = ""
    home: str | None = None
    clock: datetime | None = None

    def to_json(self) -> dict[str, Any]:
        """The channel as JSON; `from_json` makes it again."""
        return {**asdict(self), "clock": self.clock.isoformat() if self.clock else None}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Channel":
        """The channel that `to_json` gave."""
        clock = datetime.fromisoformat(value["clock"]) if value["clock"] else None
        return cls(value["title"], value["home"], clock)


@dataclass(frozen=True, slots=True)
class Document:
    """A response as it was read.

    `kind` is the format, empty where there is none. `dropped` counts entries beyond the limit,
    `errors` tells of entries that could not be read. `minutes`, `skip_hours` and `skip_days` are
    what the document says of its own rhythm, in UTC, Monday being day 0. `follow` are further parts
    of the source, and `newest_at` the last change of any that it names. `problem` says why there is
    nothing to read, and `fault` what that means.
    """

    kind: str
    entries: tuple[Entry, ...] = ()
    dropped: int = 0
    errors: tuple[str, ...] = ()
    truncated: bool = False
    minutes: float | None = None
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()
    follow: tuple[Follow, ...] = ()
    newest_at: datetime | None = None
    problem: str | None = None
    fault: Fault | None = None
    channel: Channel = Channel()

    @property
    def restless(self) -> bool:
        """Whether it names a part that may change without it: then it is to be read at every poll."""
        return any(part.stamp is None and part.md5 is None and not part.catch_up for part in self.follow)

    @property
    def names_parts(self) -> bool:
        """Whether it is there to name further parts, though it may not name one now."""
        return self.newest_at is not None or bool(self.follow)

    def to_json(self) -> dict[str, Any]:
        """The document as JSON; `from_json` makes it again."""
        names = ("kind", "dropped", "truncated", "minutes", "problem", "fault")
        lists = {name: list(getattr(self, name)) for name in ("errors", "skip_hours", "skip_days")}
        entries = [entry.to_json() for entry in self.entries]
        follow = [asdict(part) for part in self.follow]
        return {
            **{name: getattr(self, name) for name in names},
            **lists,
            "entries": entries,
            "follow": follow,
            "newest_at": self.newest_at.isoformat() if self.newest_at else None,
            "channel": self.channel.to_json(),
        }

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
            follow=tuple(Follow(**part) for part in value["follow"]),
            newest_at=datetime.fromisoformat(value["newest_at"]) if value["newest_at"] else None,
            problem=value["problem"],
            fault=Fault(value["fault"]) if value["fault"] else None,
            channel=Channel.from_json(value["channel"]),
        )


@dataclass(frozen=True, slots=True)
class Terms:
    """How the documents of one source are to be read; all of it plain, so that it goes as JSON.

    `api` and `gdelt` are the sections of those names of the source's entry. `discovery` says that it
    is an aggregator. `depth` counts the steps from the source's own document to this one. The source
    was read before at the time `since`, None if it never was. `pages` says whether single pages may
    be fetched.
    """

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
    api: Mapping[str, Any] | None = None
    gdelt: Mapping[str, Any] | None = None
    discovery: bool = False
    depth: int = 0
    since: datetime | None = None
    pages: bool = True

    def to_json(self) -> dict[str, Any]:
        """The terms as JSON; `from_json` makes them again."""
        since = self.since.isoformat() if self.since else None
        return {**asdict(self), "now": self.now.isoformat(), "since": since}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Terms":
        """The terms that `to_json` gave."""
        since = datetime.fromisoformat(value["since"]) if value["since"] else None
        return cls(**{**value, "now": datetime.fromisoformat(value["now"]), "since": since})


def newest(found: Document) -> Document:
    """The newest entries up to the limit; those without a date count by their place."""
    beyond = len(found.entries) - MOST_ENTRIES
    if beyond <= 0:
        return found
    dated = any(entry.published for entry in found.entries)

    def age(place: tuple[int, Entry]) -> tuple[bool, float, int]:
        position, entry = place
        moment = entry.published.timestamp() if entry.published else 0.0
        return entry.published is None and dated, -moment, position

    kept = sorted(sorted(enumerate(found.entries), key=age)[:MOST_ENTRIES])
    return replace(found, entries=tuple(entry for _, entry in kept), dropped=found.dropped + beyond)
