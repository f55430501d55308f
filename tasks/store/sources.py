"""Sources as the store knows them: what is due, what a poll came to, what a reading found.

The configuration says what a source is; the store remembers how it behaves. A source is claimed
together with its rate group, so that the sources of one site are asked by one worker, one after
the other.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from psycopg.types.json import Jsonb

from tasks.settings.sources import Source
from tasks.store import database
from tasks.store.database import Connection

# When a permanent redirect is believed: many sightings over many days, as publishers undo them.
MOVE_SIGHTINGS = 20
MOVE_AFTER = timedelta(days=7)
# Validators are convicted by the second probe in a row that finds news behind "not modified", and get
# another chance after a month: servers are mended.
MOST_DOUBTS = 2
FORGIVEN = timedelta(days=30)


class SourceState(StrEnum):
    """How a source is doing, in a word that an operator can act on."""

    NEW = "new"
    OK = "ok"
    # It gives items, and there is something to be said of them.
    MOVED = "moved"  # a permanent redirect leads elsewhere
    STALE = "stale"  # nothing new for longer than the source allows
    FROZEN = "frozen"  # the same for ever, though it says that it is fresh
    HIJACKED = "hijacked"  # it says that it is somebody else: its new items are kept back
    # It answers, but not with what it is for.
    EMPTY = "empty"
    NOT_A_FEED = "not_a_feed"
    REDESIGNED = "redesigned"  # a list page on which no link fits any more
    TOXIC = "toxic"  # reading it cost more than it may
    # It does not answer, or must not be asked.
    FAILING = "failing"
    LIMITED = "limited"
    BLOCKED = "blocked"
    REFUSED = "refused"
    ROBOTS = "robots"
    GONE = "gone"


# A source in one of these states has given what it is for.
WELL = frozenset({SourceState.OK, SourceState.MOVED, SourceState.STALE, SourceState.FROZEN})


@dataclass(frozen=True, slots=True)
class Hints:
    """What a document says of its own rhythm: minutes to wait, and hours and days (0 is Monday) of
    silence, all in UTC.
    """

    minutes: float | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Hints":
        """Hints as they were stored by `to_json`."""
        return cls(
            value.get("minutes"),
            frozenset(value.get("skip_hours", ())),
            frozenset(value.get("skip_days", ())),
        )

    def to_json(self) -> dict[str, Any]:
        """The hints as JSON, without what is not said."""
        said = {
            "minutes": self.minutes,
            "skip_hours": sorted(self.skip_hours),
            "skip_days": sorted(self.skip_days),
        }
        return {name: value for name, value in said.items() if value}


@dataclass(frozen=True, slots=True)
class DueSource:
    """A source that this worker has claimed, with all that decides how it is polled."""

    id: str
    settings: Source
    group: str
    due_at: datetime
    state: str = SourceState.NEW
    reason: str | None = None
    failures: float = 0.0
    etag: str | None = None
    last_modified: str | None = None
    body_hash: bytes | None = None
    polled_at: datetime | None = None
    read_at: datetime | None = None
    new_item_at: datetime | None = None
    newest_at: datetime | None = None
    clock_at: datetime | None = None
    gap: timedelta | None = None
    address: str | None = None
    moved_to: str | None = None
    moved_since: datetime | None = None
    moved_seen: int = 0
    validators_trusted: bool = True
    probed_at: datetime | None = None
    pace: float | None = None
    hints: Hints = Hints()
    last_items: int | None = None
    last_new: int | None = None
    content: str = SourceState.NEW
    content_reason: str | None = None
    remark: str | None = None
    group_started_at: datetime | None = None
    group_strikes: int = 0
    group_pause: float = 0.0
    # What this worker holds: it is its own as long as the store still says so.
    lease_until: datetime | None = None
    group_lease_until: datetime | None = None

    @property
    def url(self) -> str:
        """The address to ask: where a lasting redirect has led, or the configured one."""
        return self.address or str(self.settings.url)


@dataclass(frozen=True, slots=True)
class Arrived:
    """A body that has come over the wire and is still to be read."""

    url: str
    status: int
    body: bytes
    content_type: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    truncated: bool = False
    probe: bool = False


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request as the log keeps it. `elapsed` is in seconds."""

    url: str
    outcome: str
    elapsed: float
    status: int | None = None
    size: int | None = None
    reason: str | None = None
    body_hash: bytes | None = None


@dataclass(frozen=True, slots=True)
class Poll:
    """What a poll has come to: the next state of the source, and the body if there is one to read.

    `honest` says that "not modified" was put to the test and was the truth.
    """

    attempt: Attempt
    state: str
    reason: str | None
    failures: float
    due_at: datetime
    pace: float | None = None
    unchanged: bool = False
    etag: str | None = None
    last_modified: str | None = None
    probed_at: datetime | None = None
    moved_to: str | None = None
    moved_since: datetime | None = None
    moved_seen: int = 0
    forget_address: bool = False
    patience_until: datetime | None = None
    remark: str | None = None
    arrived: Arrived | None = None
    honest: bool = False

    @property
    def well(self) -> bool | None:
        """Whether the source gave what it is for; None as long as that is for reading to say."""
        return None if self.arrived else self.state in WELL


@dataclass(frozen=True, slots=True)
class Held:
    """A rate group that this worker may ask until its lease ends, `pause` seconds apart."""

    name: str
    started_at: datetime | None
    strikes: int
    pause: float = 0.0
    lease_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What the store knows of a source when one of its responses is read; its row is locked."""

    id: str
    settings: Source
    read_at: datetime | None
    newest_at: datetime | None
    new_item_at: datetime | None
    empty_reads: int
    failures: float
    content: str
    clock_at: datetime | None = None
    gap: timedelta | None = None
    address: str | None = None
    moved_to: str | None = None
    redated_since: datetime | None = None
    identity: Mapping[str, Any] | None = None
    stranger: Mapping[str, Any] | None = None
    content_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a reading came to. `keep_validators` leaves the old ones: the body was not whole."""

    content: str
    reason: str | None
    items: int
    new_items: int
    known_items: int
    errors: int = 0
    newest_at: datetime | None = None
    hints: Hints = field(default_factory=Hints)
    etag: str | None = None
    last_modified: str | None = None
    body_hash: bytes | None = None
    keep_validators: bool = False
    validators_lied: bool = False
    probe: bool = False
    clock_at: datetime | None = None
    # Dates that move with the clock say nothing of when the newest item is of.
    redated: bool = False
    identity: Mapping[str, Any] | None = None
    stranger: Mapping[str, Any] | None = None


def synchronise(db: Connection, sources: Sequence[Source], now: datetime) -> None:
    """Bring the store in line with the configuration; what it remembers of each source stays.

    A source that is gone from the configuration is disabled. One whose address or kind has changed
    starts anew: what was known of the old address does not hold for the new one.
    """
    with db.transaction():
        kept = {row["id"]: row for row in database.records(db, "sources/configured")}
        groups = {source.id: _group_of(source, kept.get(source.id)) for source in sources}
        everywhere = {*groups.values(), *(source.group for source in sources)}
        database.run(db, "groups/put", rate_groups=sorted(everywhere))
        for source in sources:
            wanted = {
                "id": source.id,
                "config": source.model_dump(mode="json"),
                "enabled": source.enabled,
                "rate_group": groups[source.id],
            }
            if not wanted.items() <= kept.get(source.id, {}).items():
                _put(db, source, wanted["config"], groups[source.id], now)
        database.run(db, "sources/disable_others", ids=[source.id for source in sources])
        _pace(db, sources, groups)


def _group_of(source: Source, kept: Mapping[str, Any] | None) -> str:
    """The group of the address that is asked: the one to which a lasting redirect has led, if any has."""
    if kept is None or kept["address"] is None or kept["config"]["url"] != str(source.url):
        return source.group
    return source.group_at(kept["address"])


def _pace(db: Connection, sources: Sequence[Source], groups: Mapping[str, str]) -> None:
    """Give each group the longest pause that any of its sources is to have, due or not."""
    pauses: dict[str, float] = {}
    for source in sources:
        if source.enabled:
            group = groups[source.id]
            pauses[group] = max(pauses.get(group, 0.0), source.pause_in(group))
    database.run(db, "groups/pace", rate_groups=list(pauses), pauses=list(pauses.values()))


def _put(db: Connection, source: Source, config: object, group: str, now: datetime) -> None:
    if database.run(db, "sources/reset", id=source.id, url=str(source.url), kind=source.kind, now=now):
        database.run(db, "follow_ups/drop", source_id=source.id)
    database.run(
        db,
        "sources/put",
        id=source.id,
        config=Jsonb(config),
        enabled=source.enabled,
        rate_group=group,
        minutes=source.minutes,
        now=now,
    )


def claim_due(db: Connection, now: datetime, limit: int, lease: timedelta) -> list[DueSource]:
    """At most `limit` sources that are due, longest waiting first, for this worker alone until the
    lease ends. Their rate groups are held as well, until `let_go` or the end of the lease.
    """
    found = database.records(db, "sources/claim_due", now=now, limit=limit, lease=lease, forgiven=FORGIVEN)
    claimed = [_due_source(record) for record in found]
    return sorted(claimed, key=lambda source: (source.due_at, source.id))


def due_count(db: Connection, now: datetime) -> int:
    """How many sources are due, claimed or not."""
    return int(database.scalar(db, "sources/due_count", now=now))


def states(db: Connection) -> list[dict[str, Any]]:
    """Every source with its state, since when and why, for lists; times in UTC."""
    return database.records(db, "sources/states")


def hosts(db: Connection, since: datetime) -> list[dict[str, Any]]:
    """What was asked of each host since then and what came of it, and how its sources are now."""
    return database.records(db, "sources/hosts", since=since)


def trust(db: Connection, source_id: str, now: datetime) -> int | None:
    """Take a source for what it now says it is: its items that were kept back go to the gate.

    It is due at once and read in full, so that what was edited meanwhile is seen as well. How many
    items were released; None if nothing is held against such a source.
    """
    with db.transaction():
        trusted = database.run(db, "sources/trust", id=source_id, now=now)
        kept = [row["id"] for row in database.records(db, "items/kept_back", source_id=source_id)]
        released = database.run(db, "items/let_in", ids=kept, now=now)
        return released if trusted or kept else None


def release(db: Connection, claimed: Iterable[DueSource]) -> None:
    """Give claimed sources back without having polled them."""
    leases = {source.id: source.lease_until for source in claimed}
    database.run(db, "sources/release", ids=list(leases), leases=list(leases.values()))


def record(db: Connection, source: DueSource, poll: Poll, at: datetime) -> bool:
    """Keep what a poll came to, in one transaction: log, body to read, next state; lease freed.

    False if the lease had run out and another worker has claimed the source since. What that one has
    seen is newer, so that of this poll only the log keeps a row, and the site gets its patience.
    """
    with db.transaction():
        log_id = log(db, source.id, poll.attempt, at)
        kept = database.run(
            db,
            "sources/poll",
            id=source.id,
            at=at,
            due_at=poll.due_at,
            failures=poll.failures,
            state=poll.state,
            reason=poll.reason,
            pace=poll.pace,
            unchanged=poll.unchanged,
            etag=poll.etag,
            last_modified=poll.last_modified,
            probed_at=poll.probed_at,
            moved_to=poll.moved_to,
            moved_since=poll.moved_since,
            moved_seen=poll.moved_seen,
            forget_address=poll.forget_address,
            remark=poll.remark,
            well=poll.well,
            honest=poll.honest,
            home_group=source.settings.group,
            lease_until=source.lease_until,
        )
        if kept and poll.arrived:
            put_response(db, source.id, poll.arrived, at, log_id)
        # "Not modified" does not show what stands there; the daily probe does.
        if kept and poll.unchanged and poll.attempt.status != 304:
            _settle_move(db, source.id, at)
        if poll.patience_until:
            database.run(db, "groups/wait", rate_group=source.group, until=poll.patience_until)
        elif kept and (poll.failures == 0 or poll.arrived):
            database.run(db, "groups/forgive", rate_group=source.group)
        return kept > 0


def log(db: Connection, source_id: str, attempt: Attempt, at: datetime) -> int:
    """One row for one attempt; its id."""
    return int(
        database.scalar(
            db,
            "sources/log",
            source_id=source_id,
            at=at,
            url=attempt.url,
            outcome=attempt.outcome,
            status=attempt.status,
            bytes=attempt.size,
            elapsed=attempt.elapsed,
            reason=attempt.reason,
            body_hash=attempt.body_hash,
        )
    )


def put_response(
    db: Connection,
    source_id: str,
    arrived: Arrived,
    at: datetime,
    log_id: int,
    item_id: int | None = None,
    follow_up_id: int | None = None,
) -> None:
    """Keep a body until it is read; with `item_id` it is the page of that item, with `follow_up_id`
    a further part of the source.
    """
    database.run(
        db,
        "responses/put",
        source_id=source_id,
        item_id=item_id,
        url=arrived.url,
        status=arrived.status,
        content_type=arrived.content_type,
        etag=arrived.etag,
        last_modified=arrived.last_modified,
        body=arrived.body,
        fetched_at=at,
        log_id=log_id,
        truncated=arrived.truncated,
        probe=arrived.probe,
        follow_up_id=follow_up_id,
    )


def hold_group(db: Connection, name: str, now: datetime, lease: timedelta) -> Held | None:
    """Hold a rate group for single requests, or None while another worker does or the site waits."""
    database.run(db, "groups/put", rate_groups=[name])
    return database.row(db, Held, "groups/hold", rate_group=name, now=now, lease=lease)


def let_go(db: Connection, name: str, started_at: datetime | None, lease_until: datetime | None) -> None:
    """Free a rate group, unless its lease is another worker's by now; `started_at` is when its last
    request began, for whoever holds it next.
    """
    database.run(db, "groups/let_go", rate_group=name, started_at=started_at, lease_until=lease_until)


def ask_patience(db: Connection, name: str, until: datetime) -> None:
    """Let nobody ask anything of a rate group until then."""
    database.run(db, "groups/wait", rate_group=name, until=until)


def reading(db: Connection, source_id: str) -> Reading | None:
    """What is known of a source whose response is being read, with its row locked until the end of
    the transaction; None if it has gone.
    """
    found = database.records(db, "sources/reading", id=source_id)
    if not found:
        return None
    kept = {name: value for name, value in found[0].items() if name != "config"}
    return Reading(**kept, settings=Source.model_validate(found[0]["config"]))


def mark_read(db: Connection, source_id: str, found: Found, now: datetime, log_id: int | None) -> None:
    """A response was read to its end: validators move, failures are forgiven, the log is completed."""
    database.run(
        db,
        "sources/read",
        id=source_id,
        now=now,
        keep_validators=found.keep_validators,
        etag=found.etag,
        last_modified=found.last_modified,
        body_hash=found.body_hash,
        validators_lied=found.validators_lied,
        probe=found.probe,
        most_doubts=MOST_DOUBTS,
        new_items=found.new_items,
        newest_at=found.newest_at,
        hints=Jsonb(found.hints.to_json()),
        items=found.items,
        content=found.content,
        reason=found.reason,
        well=found.content in WELL,
        clock_at=found.clock_at,
        redated=found.redated,
        undated=found.items > 0 and found.newest_at is None,
        identity=Jsonb(found.identity) if found.identity else None,
        stranger=Jsonb(found.stranger) if found.stranger else None,
    )
    # Only a target that shows what the old address showed is the same source.
    if found.known_items:
        _settle_move(db, source_id, now)
    _log_reading(db, log_id, found, None)


def mark_part_read(db: Connection, source_id: str, found: Found, now: datetime, log_id: int | None) -> None:
    """A further part of a source was read to its end: it counts like the source's own document, whose
    validators and hints stay as they are.
    """
    database.run(
        db,
        "sources/read_part",
        id=source_id,
        now=now,
        new_items=found.new_items,
        newest_at=found.newest_at,
        items=found.items,
        content=found.content,
        reason=found.reason,
        well=found.content in WELL,
    )
    _log_reading(db, log_id, found, None)


def mark_unread(
    db: Connection,
    source_id: str,
    found: Found,
    now: datetime,
    log_id: int | None,
    *,
    weight: float,
    due_at: datetime,
) -> None:
    """A response held nothing of use: the source's state says so, and it is asked less often.

    Validators stay as they were, so that the next answer is read again and not taken for known.
    """
    empty = found.content == SourceState.EMPTY
    database.run(
        db,
        "sources/unread",
        id=source_id,
        now=now,
        weight=weight,
        empty=int(empty),
        due_at=due_at,
        content=found.content,
        reason=found.reason,
    )
    _log_reading(db, log_id, found, "empty" if empty else "failed")


def _settle_move(db: Connection, source_id: str, now: datetime) -> None:
    settled = database.records(
        db, "sources/settle_move", id=source_id, sightings=MOVE_SIGHTINGS, since=now - MOVE_AFTER
    )
    for row in settled:
        # From now on it takes its turn where it is asked, and that site gets the time it needs.
        source = Source.model_validate(row["config"])
        group = source.group_at(row["address"])
        database.run(db, "sources/regroup", id=source_id, rate_group=group)
        database.run(db, "groups/put", rate_groups=[group])
        database.run(db, "groups/slow", rate_group=group, pause=source.pause_in(group))


def _log_reading(db: Connection, log_id: int | None, found: Found, outcome: str | None) -> None:
    database.run(
        db,
        "sources/log_reading",
        id=log_id,
        outcome=outcome,
        items=found.items,
        new_items=found.new_items,
        newest_at=found.newest_at,
        errors=found.errors,
        reason=found.reason,
    )


def _due_source(record: dict[str, Any]) -> DueSource:
    plain = {name: value for name, value in record.items() if name not in ("config", "rate_group", "hints")}
    return DueSource(
        settings=Source.model_validate(record["config"]),
        group=record["rate_group"],
        hints=Hints.from_json(record["hints"]),
        **plain,
    )
