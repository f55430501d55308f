"""Joins mentions to events, fuses the events' fields, and notes the stages that are new.

What an event is, follows from the set of mentions (`tasks.resolve.partition`). When a mention
comes or goes, everything that it could bear on is worked out from scratch, and what comes out is
mapped to the events that are there (`tasks.resolve.identity`). One transaction holds the lock of
a dyad, so that any number of workers can resolve at once.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tasks.model import DateBasis, Interval, Precision, RoundBasis
from tasks.resolve import identity, stages
from tasks.resolve.compare import Facts, order
from tasks.resolve.facts import Known, allowed, facts_of, rounds_known
from tasks.resolve.fuse import fuse, round_basis
from tasks.resolve.neighbourhood import Neighbourhood
from tasks.resolve.partition import best_link, doubt, partition
from tasks.settings.configuration import Configuration
from tasks.store import events, mentions
from tasks.store.database import Connection
from tasks.store.rows import Report, Sighting, StoredEvent


@dataclass(slots=True)
class Resolved:
    """What became of some mentions: events opened, split off, merged, stages reached.

    `events` gives the event of each mention.
    """

    opened: list[int] = field(default_factory=list)
    split: list[int] = field(default_factory=list)
    merged: list[int] = field(default_factory=list)
    stages: list[tuple[int, str]] = field(default_factory=list)
    events: dict[int, int] = field(default_factory=dict)


def resolve(db: Connection, items: Sequence[int], configuration: Configuration, now: datetime) -> Resolved:
    """Resolve the mentions of some items; call it inside a transaction.

    The events that come out depend neither on the order of the items nor on how they are dealt
    into calls. The same items resolved again change nothing.
    """
    outcome = Resolved()
    by_dyad: dict[str, list[int]] = defaultdict(list)
    for report in mentions.unresolved(db, items):
        by_dyad[report.dyad].append(report.id)
    for dyad in sorted(by_dyad):
        events.lock(db, dyad)
        seeds = mentions.sightings(db, ids=by_dyad[dyad])
        _Resolution(db, dyad, configuration, now, outcome).work(seeds)
    return outcome


def settle(db: Connection, event: StoredEvent, configuration: Configuration, now: datetime) -> Resolved:
    """Work out anew what an event's mentions are about; call it inside a transaction."""
    events.lock(db, event.dyad)
    outcome = Resolved()
    seeds = mentions.sightings(db, events=[event.id])
    # One of its mentions may have gone whose mechanism was another.
    own = [one for one in configuration.mechanisms.values() if one.dyad == event.dyad]
    numbered = [one.id for one in own if one.numbered]
    _Resolution(db, event.dyad, configuration, now, outcome).work(seeds, numbered)
    return outcome


def refresh(db: Connection, event: StoredEvent, configuration: Configuration, now: datetime) -> None:
    """Work out anew an event whose mentions were taken back or changed; call it inside a transaction.

    One of which nobody tells any more is withdrawn.
    """
    settle(db, event, configuration, now)
    events.freshen(db, event.id, empty=not mentions.of_events(db, [event.id]))


def learn(db: Connection, mechanism: str, configuration: Configuration) -> bool:
    """Work out which rounds of a mechanism are known, and keep them; whether that has changed."""
    known = configuration.mechanisms.get(mechanism)
    if known is None or not known.numbered:
        return False
    rounds = rounds_known(known, events.claims(db, mechanism))
    if rounds == events.known_rounds(db, mechanism):
        return False
    events.know_rounds(db, mechanism, rounds)
    return True


class _Resolution:
    """One dyad's mentions on their way into events, within one transaction."""

    def __init__(
        self, db: Connection, dyad: str, configuration: Configuration, now: datetime, outcome: Resolved
    ) -> None:
        self._db, self._dyad, self._now, self._outcome = db, dyad, now, outcome
        self._mechanisms, self._evidence = configuration.mechanisms, configuration.evidence
        self._configuration = configuration
        self._rounds: dict[str, Known] = {}

    def work(self, seeds: Sequence[Sighting], mechanisms: Sequence[str] = ()) -> None:
        """Bring the store to what the set of mentions is with `seeds`."""
        around = Neighbourhood(self._db, self._dyad, self._facts_of, self._evidence)
        around.grow(seeds)
        named = {one.mechanism for one in seeds} | set(mechanisms)
        self._place(around, fresh={one.id for one in seeds})
        for mechanism in sorted(name for name in named if name):
            self._learn(mechanism)

    def _learn(self, mechanism: str) -> None:
        """Where another round is known now, number anew what rests on that."""
        before = self._known(mechanism)
        if not learn(self._db, mechanism, self._configuration):
            return
        told = mentions.of_mechanism(self._db, self._dyad, mechanism)
        old = {one.id: facts_of(one, self._mechanisms, {mechanism: before}, self._evidence) for one in told}
        self._rounds.pop(mechanism, None)
        changed = [one for one in told if self._facts_of(one) != old[one.id]]
        if changed:
            around = Neighbourhood(self._db, self._dyad, self._facts_of, self._evidence)
            around.grow(changed)
            self._place(around, fresh=set())
        for event in events.of_mechanism(self._db, mechanism):
            if not self._sure_of(event):
                self._fuse(event.id)

    def _sure_of(self, event: StoredEvent) -> bool:
        """Whether an event's number was stated, contradicted by nobody, and can be right."""
        if event.round_basis != RoundBasis.STATED or any(one["field"] == "round" for one in event.conflicts):
            return False
        mechanism = self._mechanisms[event.mechanism or ""]
        return allowed(mechanism, self._known(mechanism.id), event.round, event.interval) == event.round

    def _known(self, mechanism: str) -> Known:
        if mechanism not in self._rounds:
            self._rounds[mechanism] = events.known_rounds(self._db, mechanism)
        return self._rounds[mechanism]

    def _facts_of(self, sighting: Sighting) -> Facts:
        known = {sighting.mechanism: self._known(sighting.mechanism)} if sighting.mechanism else {}
        return facts_of(sighting, self._mechanisms, known, self._evidence)

    def _place(self, around: Neighbourhood, fresh: set[int]) -> None:
        """Partition a neighbourhood, and let the store have that partition."""
        clusters = self._clusters(around)
        placed = identity.assign(self._db, self._dyad, clusters, around.facts, self._evidence, self._now)
        self._outcome.opened.extend(placed.opened)
        self._outcome.split.extend(placed.split)
        self._outcome.merged.extend(placed.merged)
        changed: list[int] = []
        for event_id, members in zip(placed.events, clusters, strict=True):
            moved = [one for one in members if one.event_id != event_id]
            for one in moved:
                self._attach(one, event_id, members, around.facts, fresh)
            if moved or event_id in placed.touched or any(one.id in fresh for one in members):
                changed.append(event_id)
            self._outcome.events.update({one.id: event_id for one in members if one.id in fresh})
        for event_id in changed:
            self._fuse(event_id)
        for event_id, members in zip(placed.events, clusters, strict=True):
            if event_id in changed:
                reached = stages.settle(self._db, event_id, members, fresh, self._now)
                self._outcome.stages.extend((event_id, stage) for stage in reached)
        self._doubt(around, dict(zip(placed.events, clusters, strict=True)), changed)

    def _clusters(self, around: Neighbourhood) -> list[list[Sighting]]:
        """The members of a neighbourhood, event by event, in an order that follows from what they say."""
        saying: dict[Facts, list[Sighting]] = defaultdict(list)
        for one in around.members.values():
            saying[around.facts[one.id]].append(one)
        weights = {facts: len({one.family for one in group}) for facts, group in saying.items()}
        groups = partition(weights, self._evidence)
        return [
            [one for facts in group for one in sorted(saying[facts], key=lambda one: one.id)]
            for group in groups
        ]

    def _attach(
        self,
        one: Sighting,
        event_id: int,
        members: Sequence[Sighting],
        facts: Mapping[int, Facts],
        fresh: set[int],
    ) -> None:
        others = sorted({facts[other.id] for other in members if other.id != one.id}, key=order)
        link = best_link(facts[one.id], others, self._evidence)
        if link is not None:
            reason = f"joined: {', '.join(link.comparison.reasons)}"
        elif len(members) > 1:
            reason = "joined: another report says the same"
        else:
            reason = "opened: no event agrees with it"
        if one.id not in fresh and one.event_id is not None:
            reason = f"{reason} (moved from event {one.event_id}, as a later report showed)"
        mentions.attach(self._db, one.id, event_id, reason)

    def _fuse(self, event_id: int) -> None:
        reports = mentions.of_events(self._db, [event_id])
        if not reports:
            return
        fields = fuse(reports)
        self._number(fields, reports)
        recalled = all(report.background or report.family == mentions.REGISTER for report in reports)
        fields["status"] = "historical" if recalled else "live"
        events.save(self._db, event_id, fields, self._now)

    def _number(self, fields: dict[str, Any], reports: Sequence[Report]) -> None:
        """Put the register's number into the fields where no report gives one that can be right."""
        mechanism = self._mechanisms.get(str(fields["mechanism"]))
        if mechanism is None or not mechanism.numbered or fields["kind"] == "agreement":
            return
        known = self._known(mechanism.id)
        given = fields["round"]
        day = _day(fields)
        stated = sorted({one.round for one in reports if one.round is not None})
        right = (one for one in [given, *stated] if one and allowed(mechanism, known, one, day) == one)
        number = next(right, None) or allowed(mechanism, known, None, day)
        if number == given:
            return
        if given is not None:
            outlets = sorted({report.outlet for report in reports if report.round == given})
            conflicts = fields["conflicts"]
            conflicts[:] = [one for one in conflicts if (one["field"], one["value"]) != ("round", number)]
            conflicts.append({"field": "round", "value": given, "sources": outlets})
            conflicts.sort(key=lambda one: (one["field"], str(one["value"])))
        fields["round"] = number
        fields["round_basis"] = round_basis(reports, number)

    def _doubt(
        self, around: Neighbourhood, clusters: Mapping[int, Sequence[Sighting]], changed: Sequence[int]
    ) -> None:
        """Note with which other events the changed ones may be one; what is settled is weighed again."""
        groups: dict[int, set[Facts]] = {
            event_id: {around.facts[one.id] for one in members} for event_id, members in clusters.items()
        }
        for other in around.others.values():
            if other.event_id is not None and other.event_id not in clusters:
                groups.setdefault(other.event_id, set()).add(around.facts[other.id])
        before = events.settle_doubts(self._db, changed)
        open_now: set[tuple[int, int]] = set()
        for first in changed:
            for second in groups:
                pair = min(first, second), max(first, second)
                if first == second or pair in open_now:
                    continue
                one, two = (sorted(groups[event_id], key=order) for event_id in pair)
                if (found := doubt(one, two, self._evidence)) is not None:
                    open_now.add(pair)
                    events.doubt(self._db, *pair, found.points, found.reasons, self._now)
        if settled := {event for pair in before - open_now for event in pair}:
            events.weigh_again(self._db, sorted(settled))


def _day(fields: Mapping[str, Any]) -> Interval | None:
    """The day that stands, as the model has it."""
    if fields["date_start"] is None:
        return None
    precision, basis = Precision(fields["date_precision"]), DateBasis(fields["date_basis"])
    return Interval(fields["date_start"], fields["date_end"], precision, basis)
