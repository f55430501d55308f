"""Further parts of a source that one of its documents names, from their naming to their end.

A part is named in the transaction that reads the document, claimed and fetched like a page, and
done in the transaction that stores what it holds. A part whose body is lost on the way is fetched
again; one that cannot be had is tried again, then given up, and its source says so.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tasks.settings.sources import Source
from tasks.store import database, sources
from tasks.store.database import Connection
from tasks.store.sources import Arrived, Attempt, SourceState

# A part that was fetched but vanished unread is fetched again after so long.
UNREAD = timedelta(minutes=30)
# One that was given up and is named all the same gets its next chance after so long.
AGAIN = timedelta(hours=6)
# The state of a part may lie: it is believed for so long.
REST = timedelta(days=1)
# What is done and has not been named for so long is forgotten.
FORGOTTEN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Named:
    """A part as a document names it. It is fetched once for each `stamp`, and each time that it is
    named where there is none; with `daily` also once a day, as long as it is named.
    """

    url: str
    kind: str
    stamp: str | None = None
    size: int | None = None
    md5: str | None = None
    daily: bool = False


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A part that this worker has claimed, with the settings of its source."""

    id: int
    settings: Source
    url: str
    kind: str
    depth: int
    attempts: int
    stamp: str | None = None
    size: int | None = None
    md5: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    body_hash: bytes | None = None
    lease_until: datetime | None = None

    @property
    def source_id(self) -> str:
        """The id of its source."""
        return self.settings.id


@dataclass(frozen=True, slots=True)
class Part:
    """What is known of a part when its body is read; its row is locked.

    `baseline` and `absent_since` are those of its source when the part was named.
    """

    id: int
    kind: str
    depth: int
    url: str
    baseline: bool
    absent_since: datetime | None


@dataclass(frozen=True, slots=True)
class Trouble:
    """Parts of a source that were given up: how many of how many, and the last of them with the reason."""

    failed: int
    parts: int
    url: str | None
    failure: str | None

    @property
    def reason(self) -> str | None:
        """It in words; None where there is none."""
        if not self.failed:
            return None
        return f"{self.failed} of its {self.parts} parts cannot be had: {self.url}: {self.failure}"

    @property
    def total(self) -> bool:
        """Whether no part at all can be had."""
        return self.failed > 0 and self.failed == self.parts


def name(
    db: Connection,
    source_id: str,
    parts: Sequence[Named],
    now: datetime,
    *,
    parent: Part | None,
    baseline: bool,
    absent_since: datetime | None,
) -> None:
    """Remember the parts that a document names; to be called in the transaction that reads it.

    `parent` is the part whose document it is, None where it is the source's own.
    """
    parent_id, depth = (parent.id, parent.depth + 1) if parent else (None, 1)
    source = sources.reading(db, source_id) if parts else None
    for part in parts if source else ():
        database.run(
            db,
            "follow_ups/name",
            source_id=source_id,
            parent_id=parent_id,
            url=part.url,
            kind=part.kind,
            depth=depth,
            stamp=part.stamp or part.md5,
            size=part.size,
            md5=part.md5,
            daily=part.daily,
            baseline=baseline,
            absent_since=absent_since,
            now=now,
            again=now - AGAIN,
            rate_group=source.settings.group_at(part.url) if source else "",
        )
    urls = [part.url for part in parts]
    database.run(
        db,
        "follow_ups/forget",
        source_id=source_id,
        parent_id=parent_id,
        urls=urls,
        before=now - FORGOTTEN,
    )


def claim(db: Connection, now: datetime, limit: int, lease: timedelta) -> list[FollowUp]:
    """At most `limit` parts that are due, the rate groups in turns, for this worker alone until the
    lease ends.
    """
    found = database.records(db, "follow_ups/claim", now=now, limit=limit, lease=lease)
    names = (
        "id",
        "url",
        "kind",
        "depth",
        "attempts",
        "stamp",
        "size",
        "md5",
        "etag",
        "last_modified",
        "body_hash",
        "lease_until",
    )
    claimed = [
        FollowUp(settings=Source.model_validate(row["config"]), **{name: row[name] for name in names})
        for row in found
    ]
    return sorted(claimed, key=lambda part: part.id)


def due_count(db: Connection, now: datetime) -> int:
    """How many parts are due and free to be claimed."""
    return int(database.scalar(db, "follow_ups/due_count", now=now))


def release(db: Connection, claimed: Iterable[FollowUp], due_at: datetime) -> None:
    """Give claimed parts back without having asked for them; they wait until then."""
    leases = {part.id: part.lease_until for part in claimed}
    database.run(db, "follow_ups/release", ids=list(leases), leases=list(leases.values()), due_at=due_at)


def still_held(db: Connection, part: FollowUp) -> bool:
    """Whether a part is still this worker's; if not, another one has claimed it, or it is done."""
    held = database.scalar(db, "follow_ups/held", id=part.id, lease_until=part.lease_until)
    return int(held) > 0


def keep(db: Connection, part: FollowUp, arrived: Arrived, attempt: Attempt, at: datetime) -> None:
    """Keep the body of a part until it is read; only its attempt, if another worker holds the part."""
    with db.transaction():
        log_id = sources.log(db, part.source_id, attempt, at)
        if _asked(db, part, at, at + UNREAD):
            sources.put_response(db, part.source_id, arrived, at, log_id, follow_up_id=part.id)


def same(db: Connection, part: FollowUp, attempt: Attempt, at: datetime) -> None:
    """A part is as it was when it was last read."""
    with db.transaction():
        sources.log(db, part.source_id, attempt, at)
        if _asked(db, part, at, at):
            finish(db, part.id, at, keep_validators=True)


def retry(db: Connection, part: FollowUp, attempt: Attempt, at: datetime, due_at: datetime) -> None:
    """A part could not be had, and is tried again then."""
    with db.transaction():
        sources.log(db, part.source_id, attempt, at)
        database.run(db, "follow_ups/retry", id=part.id, at=at, due_at=due_at, lease_until=part.lease_until)


def give_up(db: Connection, source_id: str, number: int, reason: str, at: datetime) -> None:
    """A part cannot be had, or not be read; it is left alone until it is named in another state, or
    for a day, and its source says so.
    """
    with db.transaction():
        # Always the source before its parts, so that no two workers wait for each other.
        if sources.reading(db, source_id) is None:
            return
        database.run(db, "follow_ups/give_up", id=number, reason=reason, at=at, rest=REST)
        told = trouble(db, source_id)
        database.run(
            db,
            "follow_ups/tell",
            id=source_id,
            total=told.total,
            reason=told.reason,
            failing=SourceState.FAILING,
            now=at,
        )


def reading(db: Connection, number: int) -> Part | None:
    """What is known of a part whose body is being read; None if nobody wants it any more."""
    return database.row(db, Part, "follow_ups/reading", id=number)


def finish(
    db: Connection,
    number: int,
    now: datetime,
    *,
    etag: str | None = None,
    last_modified: str | None = None,
    body_hash: bytes | None = None,
    keep_validators: bool = False,
) -> None:
    """A part was read to its end; its validators move with it, unless they are to be kept."""
    database.run(
        db,
        "follow_ups/done",
        id=number,
        now=now,
        etag=etag,
        last_modified=last_modified,
        body_hash=body_hash,
        keep_validators=keep_validators,
        rest=REST,
    )


def trouble(db: Connection, source_id: str) -> Trouble:
    """How many parts of a source cannot be had."""
    found = database.row(db, Trouble, "follow_ups/trouble", source_id=source_id)
    return found or Trouble(0, 0, None, None)


def _asked(db: Connection, part: FollowUp, at: datetime, due_at: datetime) -> bool:
    """Note that a part was asked for; False if it is another worker's."""
    touched = database.run(
        db,
        "follow_ups/asked",
        id=part.id,
        at=at,
        due_at=due_at,
        stamp=part.stamp,
        lease_until=part.lease_until,
    )
    return touched > 0
