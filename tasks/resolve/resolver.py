"""Joins mentions to events, fuses the events' fields, and notes the stages that are new.

One transaction holds the lock of a dyad, so that any number of workers can resolve at once. What
an event is, follows from the set of its mentions; a mention that shows two events to be one
merges them.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tasks.model import SUPPOSED_MECHANISM, DateBasis, Interval, Precision, RoundBasis, Stage
from tasks.resolve import numbers
from tasks.resolve.compare import Comparison, Facts, Verdict, compare
from tasks.resolve.fuse import fuse
from tasks.settings.mechanisms import Mechanism
from tasks.store import events, mentions
from tasks.store.database import Connection
from tasks.store.rows import Report, StoredEvent

# Events further than this from a mention's day, or from its publication, are not compared.
_WINDOW = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Resolved:
    """What became of some mentions: events opened, merged, stages reached; event ids by mention."""

    opened: tuple[int, ...] = ()
    merged: tuple[int, ...] = ()
    stages: tuple[tuple[int, str], ...] = ()
    events: Mapping[int, int] | None = None


def resolve(
    db: Connection, items: Sequence[int], mechanisms: Mapping[str, Mechanism], now: datetime
) -> Resolved:
    """Resolve the mentions of some items; call it inside a transaction.

    Mentions are taken in the order of publication. The same items resolved again change nothing.
    """
    reports = mentions.unresolved(db, items)
    for dyad in sorted({report.dyad for report in reports}):
        events.lock(db, dyad)
    opened: list[int] = []
    merged: list[int] = []
    reached: list[tuple[int, str]] = []
    placed: dict[int, int] = {}
    for report in reports:
        event_id, is_new = _place(db, report, mechanisms, now)
        placed[report.id] = event_id
        opened.extend([event_id] if is_new else [])
        gone = settle(db, event_id, mechanisms, now)
        merged.extend(gone)
        kept = events.by_id(db, event_id)
        event_id = kept.merged_into if kept and kept.merged_into else event_id
        placed[report.id] = event_id
        if events.reach(db, event_id, report.stage, now, mention_id=report.id, item_id=report.item_id):
            reached.append((event_id, report.stage))
    return Resolved(tuple(opened), tuple(merged), tuple(reached), placed)


def _place(
    db: Connection, report: Report, mechanisms: Mapping[str, Mechanism], now: datetime
) -> tuple[int, bool]:
    """The event of a mention, opened if there is none; whether it was opened."""
    block = _block(db, report)
    reports = _by_event(db, block)
    facts = numbered(facts_of(report), mechanisms, _known(block, reports, report.mechanism))
    best: tuple[Comparison, StoredEvent] | None = None
    for event in block:
        comparison = compare(facts, _event_facts(event, reports[event.id]))
        if best is None or comparison.points > best[0].points:
            best = comparison, event
    if best is not None and best[0].verdict is Verdict.SAME:
        mentions.attach(db, report.id, best[1].id, "joined: " + ", ".join(best[0].reasons))
        return best[1].id, False
    status = "historical" if report.background else "live"
    created = events.create(db, report.dyad, report.kind, report.stage, now, status=status)
    assert created is not None
    reason = "opened: no event agrees with it"
    if best is not None and best[0].verdict is Verdict.PERHAPS:
        reason = f"opened: perhaps it is event {best[1].id} ({', '.join(best[0].reasons)})"
    mentions.attach(db, report.id, created, reason)
    return created, True


def _block(db: Connection, report: Report) -> list[StoredEvent]:
    """The events that a mention could be about."""
    interval = report.interval
    if interval is not None:
        since, until = interval.start - _WINDOW, interval.end + _WINDOW
    else:
        told = (report.published or report.first_seen).date()
        since, until = told - _WINDOW, told + _WINDOW
    named = [report.mechanism] if report.mechanism else []
    return events.near(db, report.dyad, named, since, until)


def _by_event(db: Connection, block: Iterable[StoredEvent]) -> dict[int, list[Report]]:
    found: dict[int, list[Report]] = defaultdict(list)
    for report in mentions.of_events(db, [event.id for event in block]):
        assert report.event_id is not None
        found[report.event_id].append(report)
    return found


def _known(
    block: Iterable[StoredEvent], reports: Mapping[int, Sequence[Report]], mechanism: str | None
) -> dict[int, Interval]:
    """The rounds of a mechanism of which the number was stated, with their days."""
    known: dict[int, Interval] = {}
    for event in block:
        if event.mechanism is None or event.mechanism != mechanism or event.round is None:
            continue
        held = any(report.stage in (Stage.HELD, Stage.UNDER_WAY) for report in reports[event.id])
        interval = _interval(event)
        if interval is not None and held and event.round_basis == RoundBasis.STATED:
            known[event.round] = interval
    return known


def _interval(event: StoredEvent) -> Interval | None:
    if event.date_start is None or event.date_end is None:
        return None
    return Interval(
        event.date_start,
        event.date_end,
        Precision(event.date_precision or Precision.DAY),
        DateBasis(event.date_basis or DateBasis.STATED),
    )


def facts_of(report: Report) -> Facts:
    """What is compared of a mention."""
    told = report.published or (None if report.baseline else report.first_seen)
    return Facts(
        dyad=report.dyad,
        kind=report.kind,
        mechanism=report.mechanism,
        round=report.round,
        round_stated=report.round_basis == RoundBasis.STATED,
        day=report.interval,
        place=report.place,
        counterparts=_counterparts(report.dyad, report.officials),
        told=told.date() if told else None,
        supposed=_supposes(report),
    )


def _supposes(report: Report) -> bool:
    """Whether a report's mechanism is only that of the two who met."""
    return report.evidence.get("mechanism", {}).get("rule") == SUPPOSED_MECHANISM


def _event_facts(event: StoredEvent, reports: Sequence[Report]) -> Facts:
    told = [report.published or report.first_seen for report in reports] or [event.created_at]
    naming = [report for report in reports if report.mechanism == event.mechanism is not None]
    return Facts(
        dyad=event.dyad,
        kind=event.kind,
        mechanism=event.mechanism,
        round=event.round,
        round_stated=event.round_basis == RoundBasis.STATED,
        day=_interval(event),
        place=event.place,
        counterparts=_counterparts(event.dyad, event.officials),
        told=min(told).date(),
        supposed=bool(naming) and all(_supposes(report) for report in naming),
    )


def _counterparts(dyad: str, officials: Iterable[Mapping[str, object]]) -> frozenset[str]:
    other = next(party for party in dyad.split("-") if party != "CHN")
    return frozenset(str(official["id"]) for official in officials if official["state"] == other)


def numbered(facts: Facts, mechanisms: Mapping[str, Mechanism], known: Mapping[int, Interval]) -> Facts:
    """The facts with the number that the register allows.

    A stated number that it refuses counts for nothing; one that is missing is inferred where only
    one is possible.
    """
    mechanism = mechanisms.get(facts.mechanism or "")
    if mechanism is None or not mechanism.numbered or facts.kind == "agreement":
        return facts
    if facts.round is not None and numbers.refused(mechanism, known, facts.round, facts.day) is None:
        return facts
    return replace(facts, round=numbers.inferred(mechanism, known, facts.day), round_stated=False)


def settle(db: Connection, event_id: int, mechanisms: Mapping[str, Mechanism], now: datetime) -> list[int]:
    """Fuse an event anew, and merge it with any other that now is the same; the ids that went."""
    gone: list[int] = []
    while True:
        event = _fused(db, event_id, mechanisms, now)
        twin = _twin(db, event)
        if twin is None:
            return gone
        # The older name stays: it may have been told.
        keep, drop = sorted((event.id, twin.id))
        events.merge(db, drop, keep, now)
        gone.append(drop)
        event_id = keep


def _fused(db: Connection, event_id: int, mechanisms: Mapping[str, Mechanism], now: datetime) -> StoredEvent:
    reports = mentions.of_events(db, [event_id])
    fields = fuse(reports)
    event = events.by_id(db, event_id)
    assert event is not None
    _number(db, event, fields, reports, mechanisms)
    recalled = all(report.background or report.family == mentions.REGISTER for report in reports)
    fields["status"] = "historical" if recalled else "live"
    events.save(db, event_id, fields, now)
    saved = events.by_id(db, event_id)
    assert saved is not None
    return saved


def _number(
    db: Connection,
    event: StoredEvent,
    fields: dict[str, object],
    reports: Sequence[Report],
    mechanisms: Mapping[str, Mechanism],
) -> None:
    """Put the register's number into the fields where no report gives one that can be right."""
    mechanism = mechanisms.get(str(fields["mechanism"]))
    if mechanism is None or not mechanism.numbered or fields["kind"] == "agreement":
        return
    best = min(reports, key=lambda report: (report.interval is None, report.id))
    block = [one for one in _block(db, replace(best, mechanism=mechanism.id)) if one.id != event.id]
    known = _known(block, _by_event(db, block), mechanism.id)
    facts = _fields_facts(event, fields)
    allowed = numbered(facts, mechanisms, known)
    if allowed.round == facts.round:
        return
    if facts.round is not None:
        outlets = sorted({report.outlet for report in reports if report.round == facts.round})
        conflicts = fields["conflicts"]
        assert isinstance(conflicts, list)
        conflicts.append({"field": "round", "value": facts.round, "sources": outlets})
    fields["round"] = allowed.round
    fields["round_basis"] = RoundBasis.REGISTER.value if allowed.round is not None else None


def _fields_facts(event: StoredEvent, fields: Mapping[str, object]) -> Facts:
    changed = {
        name: fields[name]
        for name in ("kind", "mechanism", "round", "round_basis", "date_start", "date_end", "date_precision")
    }
    changed["date_basis"] = fields["date_basis"]
    return _event_facts(replace(event, **changed), ())  # type: ignore[arg-type]


def _twin(db: Connection, event: StoredEvent) -> StoredEvent | None:
    """Another event that, with its fields as they are now, is the same one."""
    if event.date_start is not None and event.date_end is not None:
        since, until = event.date_start - _WINDOW, event.date_end + _WINDOW
    else:
        own = mentions.of_events(db, [event.id])
        told = min(report.published or report.first_seen for report in own).date()
        since, until = told - _WINDOW, told + _WINDOW
    named = [event.mechanism] if event.mechanism else []
    block = [one for one in events.near(db, event.dyad, named, since, until) if one.id != event.id]
    reports = _by_event(db, [event, *block])
    facts = _event_facts(event, reports[event.id])
    for other in block:
        if compare(facts, _event_facts(other, reports[other.id])).verdict is Verdict.SAME:
            return other
    return None


def refresh(db: Connection, event: StoredEvent, mechanisms: Mapping[str, Mechanism], now: datetime) -> None:
    """Fuse an event anew whose mentions were taken back or changed; call it inside a transaction.

    One of which nobody tells any more is withdrawn.
    """
    events.lock(db, event.dyad)
    empty = not mentions.of_events(db, [event.id])
    if not empty:
        settle(db, event.id, mechanisms, now)
    events.freshen(db, event.id, empty=empty)
