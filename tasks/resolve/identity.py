"""Which event of the store each group of mentions is: names outlive what is learned of their content.

A group goes by the name under which its first alert was told, else by the name that most of its
mentions had. Where several names claim one group, the oldest stays and the others become its
aliases; where no name does, the group is a new event, which tells from which one it was split. An
alias whose group turns out to be an event of its own is revived.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from tasks.resolve.compare import Facts, Verdict, compare
from tasks.resolve.facts import counterparts
from tasks.settings.evidence import Evidence
from tasks.store import events
from tasks.store.database import Connection
from tasks.store.events import Told
from tasks.store.rows import Sighting, StoredEvent

Cluster = Sequence[Sighting]
_MERGED = "merged"


@dataclass(slots=True)
class Assigned:
    """The event of each cluster, in their order, and what became of events.

    `touched` are those that are to be fused anew.
    """

    events: list[int] = field(default_factory=list)
    opened: list[int] = field(default_factory=list)
    split: list[int] = field(default_factory=list)
    merged: list[int] = field(default_factory=list)
    touched: set[int] = field(default_factory=set)


def assign(
    db: Connection,
    dyad: str,
    clusters: Sequence[Cluster],
    facts: Mapping[int, Facts],
    evidence: Evidence,
    now: datetime,
) -> Assigned:
    """Give each cluster its event, and let what was told go with the mention by which it was told."""
    held = {one.event_id for members in clusters for one in members if one.event_id is not None}
    family = events.family(db, sorted(held))
    told = events.told(db, [event.id for event in family])
    claimants = _claimants(family, told, clusters)
    if len(claimants) < len(clusters):
        claimants |= _revived(db, dyad, clusters, claimants, facts, evidence)
    assigned = Assigned()
    for index, members in enumerate(clusters):
        claiming = claimants.get(index, [])
        event_id = _kept(db, claiming, assigned, now) if claiming else _opened(db, members, assigned, now)
        assigned.events.append(event_id)
    _merge(db, claimants, assigned, now)
    _follow(db, clusters, told, assigned, now)
    gone = {
        one.event_id
        for event_id, members in zip(assigned.events, clusters, strict=True)
        for one in members
        if one.event_id is not None and one.event_id != event_id
    }
    assigned.touched |= gone & set(assigned.events)
    return assigned


def _claimants(
    family: Sequence[StoredEvent], told: Sequence[Told], clusters: Sequence[Cluster]
) -> dict[int, list[StoredEvent]]:
    """The events that each cluster could be, by the cluster's place."""
    found: dict[int, list[StoredEvent]] = defaultdict(list)
    for event in family:
        home = _home(event, [one for one in told if one.event_id == event.id], clusters)
        if home is not None:
            found[home].append(event)
    return found


def _home(event: StoredEvent, told: Sequence[Told], clusters: Sequence[Cluster]) -> int | None:
    """The place of the cluster that an event is, or None for an alias that nothing tells apart."""
    if event.register_id is not None:
        for index, members in enumerate(clusters):
            if any(one.entry == event.register_id for one in members):
                return index
    place = {one.id: index for index, members in enumerate(clusters) for one in members}
    for alert in told:
        if alert.mention_id in place:
            return place[alert.mention_id]
    own = sorted(one.id for members in clusters for one in members if one.event_id == event.id)
    votes = Counter(place[mention] for mention in own)
    if event.status != _MERGED and votes:
        # Of as many, those that hold the first.
        return max(votes, key=lambda index: votes[index])
    return None


def _kept(db: Connection, claiming: Sequence[StoredEvent], assigned: Assigned, now: datetime) -> int:
    keeper = min(claiming, key=lambda event: (event.status == _MERGED, event.id))
    if keeper.status == _MERGED:
        events.revive(db, keeper.id, now)
    if keeper.status == _MERGED or len(claiming) > 1:
        assigned.touched.add(keeper.id)
    return keeper.id


def _opened(db: Connection, members: Cluster, assigned: Assigned, now: datetime) -> int:
    was = Counter(one.event_id for one in members if one.event_id is not None)
    origin = min(was, key=lambda event: (-was[event], event)) if was else None
    first = members[0]
    event_id = events.create(db, first.dyad, first.kind, first.stage, now, split_from=origin)
    assert event_id is not None
    (assigned.split if origin is not None else assigned.opened).append(event_id)
    assigned.touched.add(event_id)
    return event_id


def _merge(
    db: Connection,
    claimants: Mapping[int, Sequence[StoredEvent]],
    assigned: Assigned,
    now: datetime,
) -> None:
    for index, event_id in enumerate(assigned.events):
        for other in claimants.get(index, ()):
            if other.id != event_id and other.merged_into != event_id:
                events.merge(db, other.id, event_id, now)
                assigned.touched.add(event_id)
                if other.status != _MERGED:
                    assigned.merged.append(other.id)


def _follow(
    db: Connection,
    clusters: Sequence[Cluster],
    told: Sequence[Told],
    assigned: Assigned,
    now: datetime,
) -> None:
    """Let each alert belong to the event of the mention on which it rests."""
    event_of = {
        one.id: event_id
        for event_id, members in zip(assigned.events, clusters, strict=True)
        for one in members
    }
    taken = {(alert.event_id, alert.stage) for alert in told}
    for alert in told:
        event_id = event_of.get(alert.mention_id)
        if event_id is None or _root(db, alert.event_id) == event_id:
            continue
        into = event_id
        if (into, alert.stage) in taken:
            into = events.add_alias(db, event_id, alert.event_id, now)
        events.move_told(db, alert.event_id, alert.stage, into)
        taken.add((into, alert.stage))
        assigned.touched |= {event_id, alert.event_id} & set(assigned.events)


def _root(db: Connection, event_id: int) -> int:
    event = events.by_id(db, event_id)
    while event is not None and event.merged_into is not None:
        event_id = event.merged_into
        event = events.by_id(db, event_id)
    return event_id


def _revived(
    db: Connection,
    dyad: str,
    clusters: Sequence[Cluster],
    claimants: Mapping[int, Sequence[StoredEvent]],
    facts: Mapping[int, Facts],
    evidence: Evidence,
) -> dict[int, list[StoredEvent]]:
    """Events that nobody told of any more, for clusters without a name: what they have told stays told."""
    found: dict[int, list[StoredEvent]] = {}
    for event in events.forsaken(db, dyad):
        items = {row["item_id"] for row in events.stages(db, [event.id])}
        for index, members in enumerate(clusters):
            if index in claimants or index in found or any(one.event_id is not None for one in members):
                continue
            told_by = any(one.item_id in items for one in members)
            if told_by or any(_agrees(event, facts[one.id], evidence) for one in members):
                found[index] = [replace(event, status="withdrawn")]
                break
    return found


def _agrees(event: StoredEvent, facts: Facts, evidence: Evidence) -> bool:
    """Whether an event, as it was when somebody told of it, is what a report tells of."""
    known = Facts(
        dyad=event.dyad,
        kind=event.kind,
        mechanism=event.mechanism,
        round=event.round,
        round_stated=event.round_basis == "stated",
        day=event.interval,
        place=event.place,
        counterparts=counterparts(event.dyad, event.officials),
        told=event.created_at.date(),
        stage=event.stage,
        subjects=frozenset(event.contexts),
    )
    return compare(known, facts, evidence).verdict is Verdict.SAME
