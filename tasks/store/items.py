"""Items: found once, known again under any of their keys, and handed from station to station.

Each station claims items that await it, for the length of a lease, and hands them on with
`await_next`. An item that is edited while somebody works on it goes back to the gate, and what
that somebody hands on does not count: `version` tells.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from psycopg.types.json import Jsonb

from tasks.model import Item, PublishedBasis, Segment, SegmentRole, item_text
from tasks.settings.sources import Pages, Source
from tasks.store import clock, database
from tasks.store.clock import Dated
from tasks.store.database import Connection

# A page with a clock in it is edited at every poll; after so many versions it is left alone.
MOST_VERSIONS = 24
# The same title of the same source is the same item for a week, unless the dates speak against it.
TITLE_HOLDS = timedelta(days=7)
TITLE_APART = timedelta(hours=36)
# Titles that have less than this in common are of two stories. Versions of one share half of their runs
# of three letters and more, strangers a tenth.
ALIKE = 0.25
# After so long an absence, what has no date counts as history.
ABSENCE = timedelta(days=14)
# A site that moves its archive shows it as new: this many items at least, this share of them unknown,
# this share of their dates older than an absence.
ARCHIVE = 10
MOSTLY = 0.8
# Claims after which an item that still waits may be what ends its workers; as in items/claim.
SUSPECT = 2
# No item has a number beyond it.
_LAST_NUMBER = 2**63 - 1


@dataclass(frozen=True, slots=True)
class FoundItem:
    """An item as it was read. The first of `keys` is its own, the others are further names of it.

    `title_key` names it by its title alone, which holds for some days only. `outlet` is the host of
    who published what an aggregator found, None if that is the source itself. With `discovery` its
    address leads through the aggregator.
    """

    keys: tuple[str, ...]
    title: str
    title_key: str | None = None
    url: str | None = None
    summary: str = ""
    body: str | None = None
    language: str | None = None
    published: datetime | None = None
    published_basis: PublishedBasis = PublishedBasis.UNKNOWN
    segments: tuple[Segment, ...] = ()
    outlet: str | None = None
    discovery: bool = False

    @property
    def key_if_reused(self) -> str:
        """Its own name, should the first of its keys turn out to be that of another story."""
        return _reused(self.keys[0], self.title)

    @property
    def content_hash(self) -> bytes:
        """What changes when the item is edited: its words, and not the space between them."""
        words = "\0".join(" ".join(text.split()) for text in (self.title, self.summary, self.body or ""))
        return sha256(words.encode()).digest()


@dataclass(frozen=True, slots=True)
class Added:
    """How many of the items found were new, known and edited, known and the same.

    `redated` says that their dates move with the clock, and were not believed.
    """

    new: int
    edited: int
    same: int
    redated: bool = False

    @property
    def known(self) -> int:
        """How many had been seen before."""
        return self.edited + self.same


@dataclass(frozen=True, slots=True)
class StoredItem:
    """An item that this worker has claimed, with the facts of its source.

    `found_at` is the host of the outlet that an aggregator names for it, None for the source's own.
    With `discovery` its address leads through the aggregator, and no page can be fetched there.
    """

    number: int
    item: Item
    source: Source
    attempts: int
    baseline: bool
    version: int
    score: float | None = None
    relevant: bool | None = None
    reasons: tuple[str, ...] = ()
    failure: str | None = None
    awaits: str | None = None
    rules: str | None = None
    found_at: str | None = None
    discovery: bool = False
    lease_until: datetime | None = None

    @property
    def source_id(self) -> str:
        """The id of its source."""
        return self.source.id

    @property
    def outlet(self) -> str:
        """Who publishes it."""
        return self.source.outlet

    @property
    def family(self) -> str:
        """Whose words it gives: reports of one family are one witness."""
        return self.source.family

    @property
    def rank(self) -> int:
        """How near its source is to the event, 1 to 4."""
        return self.source.rank

    @property
    def zone(self) -> str:
        """The time zone in which its source writes."""
        return self.source.zone

    @property
    def language(self) -> str:
        """The language of the item, or of its source."""
        return self.item.language or self.source.language

    @property
    def pages(self) -> str:
        """Whether its page may be fetched."""
        return Pages.NEVER if self.discovery else self.source.pages


@dataclass(slots=True)
class _Known:
    id: int
    first_seen: datetime
    published: datetime | None
    content_hash: bytes | None
    version: int
    title: str
    kept_back: bool = False


@dataclass(slots=True)
class _Batch:
    """The keys of one reading, as they are known so far."""

    known: dict[str, _Known] = field(default_factory=dict)

    def find(self, found: FoundItem, now: datetime) -> _Known | None:
        for key in (*found.keys, found.key_if_reused):
            known = self.known.get(key)
            if known and not _another_story(known, found):
                return known
        known = self.known.get(found.title_key) if found.title_key else None
        return known if known and _same_title(known, found, now) else None

    def learn(self, found: FoundItem, known: _Known) -> list[str]:
        """Remember all names of an item; those that were not its own before."""
        names = [*found.keys, *([found.title_key] if found.title_key else [])]
        fresh = [name for name in names if self.known.get(name) is not known]
        self.known.update(dict.fromkeys(fresh, known))
        return fresh


def add(
    db: Connection,
    source_id: str,
    found: Sequence[FoundItem],
    now: datetime,
    *,
    baseline: bool,
    absent_since: datetime | None = None,
    keep_back: bool = False,
    redated: bool = False,
) -> Added:
    """Store the items of one reading; call it inside of the transaction that ends the reading.

    New items await the gate. Known ones whose words have changed do so again, as a new version.
    With `baseline` all new ones are history. So are those without a date when the source has been
    away for two weeks: `absent_since` is when it was last read. So are all when most of what is
    found is unknown and old, by its dates or, without any, by its titles: then the archive of the
    source has moved.

    With `keep_back` nobody vouches for the source: new items are stored where no station takes
    them, and known ones stay as they are. Without it, what was kept back and is found again goes to
    the gate. `redated` says that the dates of the source moved with the clock before.
    """
    batch = _Batch(_lookup(db, source_id, found))
    redated = clock.moves(_dated(batch, found, now), now, already=redated)
    if redated:
        found = [_undated(item) for item in found]
    baseline = baseline or _archive(batch, found, now)
    away = absent_since is not None and absent_since < now - ABSENCE
    new = edited = same = 0
    aliases: list[dict[str, object]] = []
    vouched: list[int] = []
    for item in found:
        known = batch.find(item, now)
        if known is not None and known.kept_back:
            vouched.append(known.id)
        if known is None:
            history = baseline or (away and item.published is None)
            key = item.keys[0]
            if older := batch.known.get(key):
                # The name goes over to the newer story; the older one is known by its title as well.
                aliases.append(
                    {"source_id": source_id, "key": _reused(key, older.title), "item_id": older.id}
                )
                key = item.key_if_reused
            known = _insert(db, source_id, key, item, now, baseline=history, keep_back=keep_back)
            new += 1
        elif _edited(known, item) and not keep_back:
            _edit(db, known, item, now)
            edited += 1
        else:
            same += 1
        aliases += [
            {"source_id": source_id, "key": name, "item_id": known.id} for name in batch.learn(item, known)
        ]
    if aliases:
        with db.cursor() as cursor:
            cursor.executemany(database.sql("items/put_alias"), aliases)
    if not keep_back:
        let_in(db, vouched, now)
    return Added(new, edited, same, redated)


def any_known(db: Connection, source_id: str, found: Sequence[FoundItem]) -> bool:
    """Whether at least one of the items has been seen before under one of its own keys."""
    known = _lookup(db, source_id, found)
    return any(key in known for item in found for key in item.keys)


def kept_back(db: Connection, source_id: str) -> Mapping[int, str | None]:
    """The items of a source that nobody takes until somebody vouches for it, with their addresses."""
    return {row["id"]: row["url"] for row in database.records(db, "items/kept_back", source_id=source_id)}


def let_in(db: Connection, numbers: Iterable[int], now: datetime) -> int:
    """Send items that were kept back to the gate; how many there were."""
    wanted = sorted(set(numbers))
    return database.run(db, "items/let_in", ids=wanted, now=now) if wanted else 0


def claim(db: Connection, awaits: str, limit: int, now: datetime, lease: timedelta) -> list[StoredItem]:
    """At most `limit` items that await a station, longest waiting first, until the lease ends.

    The first claims count as attempts; after that `begin` does, so that an item which kills its
    worker is noticed, and one that was only claimed beside it is not taken for it.
    """
    found = database.records(db, "items/claim", awaits=awaits, limit=limit, now=now, lease=lease)
    return sorted((_stored(record) for record in found), key=lambda stored: stored.number)


def begin(db: Connection, stored: StoredItem) -> StoredItem:
    """Note that work on a claimed item begins, if an earlier claim of it came to no end.

    Call it outside of the transaction of the work, which may never end.
    """
    if stored.attempts < SUSPECT:
        return stored
    return replace(stored, attempts=int(database.scalar(db, "items/begin", id=stored.number)))


def get(db: Connection, number: int) -> StoredItem | None:
    """One item, claimed or not."""
    found = database.records(db, "items/get", id=number)
    return _stored(found[0]) if found else None


def number_of(db: Connection, source_id: str, key: str) -> int:
    """The number of the item that a source has published under a key.

    Raises:
        LookupError: there is none.
    """
    found = database.scalar(db, "items/number", source_id=source_id, key=key)
    if found is None:
        raise LookupError(f"{source_id} has no item {key}")
    return int(found)


def by_address(db: Connection, url: str) -> int | None:
    """The number of the item at an address, the latest if several sources have it, or None."""
    found = database.scalar(db, "items/by_address", url=url)
    return int(found) if found is not None else None


def outdated(db: Connection, first: int, last: int, rules: str) -> tuple[list[StoredItem], int]:
    """The items between two numbers that are done with and were not coded by these rules.

    Beside them how many more there are that wait for a station, or for the decision on a stage.
    """
    found = database.records(db, "items/outdated", first=first, last=last, rules=rules)
    counted = database.scalar(db, "items/outdated_count", first=first, last=last, rules=rules)
    return [_stored(record) for record in found], int(counted) - len(found)


def recoded(
    db: Connection,
    stored: StoredItem,
    awaits: str | None,
    now: datetime,
    *,
    score: float,
    relevant: bool,
    reasons: Sequence[str],
    rules: str,
) -> bool:
    """Keep what a recode made of an item; False if it has been edited or taken up since."""
    kept = database.run(
        db, "items/recoded", id=stored.number, version=stored.version, awaits=awaits, now=now,
        score=score, relevant=relevant, reasons=list(reasons), rules=rules,
    )  # fmt: skip
    return kept > 0


def recent(
    db: Connection,
    limit: int,
    *,
    source: str | None = None,
    relevant: bool | None = None,
    awaits: str | None = None,
    since: datetime | None = None,
    least: float | None = None,
    words: str | None = None,
) -> list[dict[str, Any]]:
    """Items with their numbers, the latest first: of a source, relevant or not, with words in the title."""
    return database.records(
        db, "items/recent", source=source, relevant=relevant, awaits=awaits, since=since, least=least,
        words=words, limit=limit,
    )  # fmt: skip


def told(db: Connection, since: datetime | None, most: int) -> Iterator[Item]:
    """The words of at most `most` items that weigh something at the gate, the latest first."""
    before, page = _LAST_NUMBER, 500
    while most > 0:
        found = database.records(db, "items/told", before=before, since=since, limit=min(page, most))
        for record in found:
            yield Item(
                id=str(record["id"]), source="", title=record["title"], summary=record["summary"],
                body=record["body"], language=record["language"],
            )  # fmt: skip
        if len(found) < page:
            return
        before, most = found[-1]["id"], most - len(found)


def release(db: Connection, number: int, due_at: datetime, failure: str | None = None) -> None:
    """Give a claimed item back, to be tried again at `due_at`."""
    database.run(db, "items/release", id=number, due_at=due_at, failure=failure)


def hand_back(db: Connection, claimed: Iterable[StoredItem], due_at: datetime) -> None:
    """Give claimed items back untried: the attempt does not count."""
    leases = {stored.number: stored.lease_until for stored in claimed}
    database.run(db, "items/hand_back", ids=list(leases), leases=list(leases.values()), due_at=due_at)


def defer(db: Connection, stored: StoredItem, due_at: datetime) -> bool:
    """Keep a claimed item where it is until `due_at`: somebody else will hand it on. False if it is
    another worker's by now, or has been edited and is back at the gate.
    """
    return (
        database.run(db, "items/defer", id=stored.number, due_at=due_at, lease_until=stored.lease_until) > 0
    )


def await_next(
    db: Connection,
    number: int,
    awaits: str | None,
    now: datetime,
    *,
    version: int | None = None,
    score: float | None = None,
    relevant: bool | None = None,
    reasons: Sequence[str] | None = None,
    rules: str | None = None,
    failure: str | None = None,
) -> bool:
    """Hand an item on to the station `awaits`, or to none; values that are None stay as they are.

    With `version` it only happens if the item is still that version; whether it happened.
    """
    return (
        database.run(
            db,
            "items/await_next",
            id=number,
            awaits=awaits,
            now=now,
            version=version,
            score=score,
            relevant=relevant,
            reasons=list(reasons) if reasons is not None else None,
            rules=rules,
            failure=failure,
        )
        > 0
    )


def put_text(db: Connection, number: int, body: str | None, segments: Sequence[Segment]) -> None:
    """Keep the body of an item and how it falls into segments."""
    database.run(db, "items/put_text", item_id=number, body=body, segments=Jsonb(_segments_out(segments)))


def put_date(db: Connection, number: int, published: datetime, basis: PublishedBasis) -> None:
    """Keep the time of publication that a page gave, if none is known yet."""
    database.run(db, "items/dated", id=number, published=published, published_basis=basis)


def waiting(db: Connection) -> Mapping[str, int]:
    """How many items await each station."""
    return {record["awaits"]: record["items"] for record in database.records(db, "items/waiting")}


def _lookup(db: Connection, source_id: str, found: Sequence[FoundItem]) -> dict[str, _Known]:
    names = {name for item in found for name in (*item.keys, item.key_if_reused, item.title_key) if name}
    by_id: dict[int, _Known] = {}
    known: dict[str, _Known] = {}
    for record in database.records(db, "items/find", source_id=source_id, keys=sorted(names)):
        key = record.pop("key")
        known[key] = by_id.setdefault(record["id"], _Known(**record))
    return known


def _archive(batch: _Batch, found: Sequence[FoundItem], now: datetime) -> bool:
    unknown = [item for item in found if batch.find(item, now) is None]
    dates = [item.published for item in unknown if item.published]
    if len(unknown) < max(ARCHIVE, MOSTLY * len(found)):
        return False
    if not dates:
        return sum(item.title_key in batch.known for item in unknown) >= MOSTLY * len(unknown)
    return sum(date < now - ABSENCE for date in dates) >= MOSTLY * len(dates)


def _dated(batch: _Batch, found: Sequence[FoundItem], now: datetime) -> list[Dated]:
    stated = [item for item in found if item.published_basis is PublishedBasis.FEED]
    pairs = ((item, batch.find(item, now)) for item in stated)
    return [
        Dated(item.published, known.first_seen if known else None, known is None or not _edited(known, item))
        for item, known in pairs
        if item.published is not None
    ]


def _undated(found: FoundItem) -> FoundItem:
    if found.published_basis is not PublishedBasis.FEED:
        return found
    return replace(found, published=None, published_basis=PublishedBasis.UNKNOWN)


def _reused(key: str, title: str) -> str:
    return f"{key}|{sha256(title.encode()).hexdigest()[:16]}"


def _another_story(known: _Known, found: FoundItem) -> bool:
    """Whether a publisher gave the name of a story to another one: no word and no day is the same."""
    if known.published is None or found.published is None:
        return False
    apart = abs(known.published - found.published) > TITLE_APART
    return apart and _alike(known.title, found.title) < ALIKE


def _alike(some: str, others: str) -> float:
    """The share of the shorter title's runs of letters that the other has too."""
    first, second = sorted((_runs(some), _runs(others)), key=len)
    return len(first & second) / len(first) if first else 0.0


def _runs(title: str) -> set[str]:
    letters = "".join(character for character in title.casefold() if character.isalnum())
    # Chinese says in one letter what others say in several.
    length = 3 if title.isascii() or not re.search("[\u3040-\u9fff\uac00-\ud7af]", title) else 2
    return {letters[at : at + length] for at in range(max(len(letters) - length + 1, 0))}


def _same_title(known: _Known, found: FoundItem, now: datetime) -> bool:
    if known.first_seen < now - TITLE_HOLDS:
        return False
    if known.published is None or found.published is None:
        return True
    return abs(known.published - found.published) <= TITLE_APART


def _edited(known: _Known, found: FoundItem) -> bool:
    return known.content_hash != found.content_hash and known.version < MOST_VERSIONS


def _insert(
    db: Connection,
    source_id: str,
    key: str,
    found: FoundItem,
    now: datetime,
    *,
    baseline: bool,
    keep_back: bool,
) -> _Known:
    number = database.scalar(
        db,
        "items/insert",
        source_id=source_id,
        key=key,
        url=found.url,
        title=found.title,
        summary=found.summary,
        language=found.language,
        published=found.published,
        published_basis=found.published_basis,
        first_seen=now,
        baseline=baseline,
        awaits="quarantine" if keep_back else "gate",
        content_hash=found.content_hash,
        outlet=found.outlet,
        discovery=found.discovery,
    )
    if found.body is not None:
        put_text(db, number, found.body, found.segments)
    return _Known(number, now, found.published, found.content_hash, 1, found.title)


def _edit(db: Connection, known: _Known, found: FoundItem, now: datetime) -> None:
    database.run(
        db,
        "items/edit",
        id=known.id,
        title=found.title,
        summary=found.summary,
        url=found.url,
        published=found.published,
        published_basis=found.published_basis,
        content_hash=found.content_hash,
        now=now,
    )
    # The page behind an edited item has changed as well: a flash becomes a report.
    if found.body is None:
        database.run(db, "items/drop_text", item_id=known.id)
    else:
        put_text(db, known.id, found.body, found.segments)
    known.content_hash = found.content_hash
    known.title = found.title
    known.version += 1


def _stored(record: dict[str, Any]) -> StoredItem:
    source = Source.model_validate(record["config"])
    bare = Item(
        id=str(record["id"]),
        source=record["source_id"],
        title=record["title"],
        url=record["url"],
        summary=record["summary"],
        body=record["body"],
        language=record["language"],
        published=record["published"],
        published_basis=PublishedBasis(record["published_basis"]),
        first_seen=record["first_seen"],
    )
    return StoredItem(
        number=record["id"],
        item=with_segments(bare, record["segments"]),
        source=source,
        attempts=record["attempts"],
        baseline=record["baseline"],
        version=record["version"],
        score=record["score"],
        relevant=record["relevant"],
        reasons=tuple(record["reasons"]),
        failure=record["failure"],
        awaits=record["awaits"],
        rules=record["rules"],
        found_at=record["outlet"],
        discovery=record["discovery"],
        lease_until=record.get("lease_until"),
    )


def _segments_out(segments: Sequence[Segment]) -> list[dict[str, object]]:
    return [
        {"role": segment.role, "start": segment.start, "text_length": len(segment.text)}
        for segment in segments
    ]


def with_segments(item: Item, stored: Sequence[Mapping[str, Any]]) -> Item:
    """The item with the segments that were stored as their places in its text."""
    text = item_text(item)
    segments = tuple(
        Segment(SegmentRole(place["role"]), place["start"], text[place["start"] :][: place["text_length"]])
        for place in stored
    )
    return replace(item, segments=segments)
