"""The mentions that can bear on some mentions: all that a chain of related pairs connects with them.

Nothing outside can matter (see `tasks.resolve.partition`), and how much is inside depends on how
much is told of a matter, not on how much the store holds.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta

from tasks.model import Stage
from tasks.resolve.compare import OPEN, Facts
from tasks.resolve.partition import related
from tasks.settings.evidence import Evidence, Reach
from tasks.store import mentions
from tasks.store.database import Connection
from tasks.store.rows import Sighting

# Kinds that one event can have in different reports, and so are looked up together.
_TOGETHER = ({"meeting", "consultation_round"}, {"meeting", "agreement"})
# Distances within which is looked by number or for plans alone.
_FAR = {Reach.NUMBERED, Reach.WAITING, Reach.PUT_OFF}
Span = tuple[date, date]


class Neighbourhood:
    """Mentions of one dyad, growing from some `seeds` until nothing outside is related to any of them."""

    def __init__(
        self, db: Connection, dyad: str, facts_of: Callable[[Sighting], Facts], evidence: Evidence
    ) -> None:
        self._db, self._dyad, self._facts_of, self._evidence = db, dyad, facts_of, evidence
        self.members: dict[int, Sighting] = {}
        self.facts: dict[int, Facts] = {}
        # Read because they lie near, and related to no member: what is left open may lie among them.
        self.others: dict[int, Sighting] = {}

    def grow(self, seeds: Iterable[Sighting]) -> None:
        """Take in the seeds, all that is told of their events, and all that is related to any of these."""
        frontier = self._take(seeds)
        while frontier:
            self._look(frontier)
            reached = {self.facts[one.id] for one in frontier}
            found = [
                other
                for other in self.others.values()
                if any(related(one, self.facts[other.id], self._evidence) for one in reached)
            ]
            frontier = self._take(found)

    def _take(self, found: Iterable[Sighting]) -> list[Sighting]:
        new = {one.id: one for one in found if one.id not in self.members}
        held = {one.event_id for one in new.values() if one.event_id is not None}
        held -= {one.event_id for one in self.members.values()}
        for one in mentions.sightings(self._db, events=sorted(held)) if held else ():
            if one.id not in self.members:
                new.setdefault(one.id, one)
        for one in new.values():
            self.members[one.id] = one
            self.facts.setdefault(one.id, self._facts_of(one))
            self.others.pop(one.id, None)
        return list(new.values())

    def _look(self, frontier: Sequence[Sighting]) -> None:
        days = self._evidence.days
        near = max(reach for name, reach in days.items() if name not in _FAR) + timedelta(days=1)
        most = max(days[Reach.PUT_OFF], days[Reach.WAITING])
        for kind in sorted({one.kind for one in frontier}):
            own = [one for one in frontier if one.kind == kind]
            spans = [(one.anchor_from - near, one.anchor_to + near) for one in own]
            # What became of a plan lies behind it; the plans from which it came lie before.
            for one in own:
                if one.stage in OPEN:
                    wait = days[Reach.WAITING] if one.stage == Stage.ANNOUNCED else most
                    spans.append((one.anchor_from, one.anchor_to + wait))
            self._add(mentions.around(self._db, self._dyad, _kinds(kind), _merged(spans)))
            before = [(one.anchor_from - most, one.anchor_to + near) for one in own]
            self._add(mentions.around(self._db, self._dyad, [kind], _merged(before), plans=True))
        numbered = {(one.mechanism, one.round) for one in frontier if one.mechanism and one.round}
        self._add(mentions.of_rounds(self._db, self._dyad, sorted(numbered)))

    def _add(self, found: Iterable[Sighting]) -> None:
        for one in found:
            if one.id not in self.members and one.id not in self.others:
                self.others[one.id] = one
                self.facts[one.id] = self._facts_of(one)


def _kinds(kind: str) -> list[str]:
    return sorted({kind}.union(*(kinds for kinds in _TOGETHER if kind in kinds)))


def _merged(spans: Iterable[Span]) -> list[Span]:
    """The same days in spans that do not touch."""
    merged: list[Span] = []
    for since, until in sorted(spans):
        if merged and since <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(until, merged[-1][1])
        else:
            merged.append((since, until))
    return merged
