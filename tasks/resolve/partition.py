"""Which reports are one event: a function of the set of reports and of nothing else.

Facts that are equal are one node, whoever told them and how often. Pairs that agree are joined,
the surest first, unless what stands between the two groups parts them: so a report that fits two
events goes to the one that it fits best, and one that shows two groups to be two keeps them two.
Ties are broken by what the reports say, never by an id or by the time of arrival.

Only pairs that are `related` are ever joined, so that reports which no chain of related pairs
connects do not bear on each other: the partition of a store is the sum of the partitions of its
neighbourhoods, and one neighbourhood can be worked out alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations

from tasks.resolve.compare import (
    OPEN,
    Comparison,
    Facts,
    Verdict,
    clash,
    compare,
    follows,
    gap,
    order,
    parted,
    separated,
)
from tasks.settings.evidence import Evidence


@dataclass(frozen=True, slots=True)
class Link:
    """Two reports that agree. `sequel` is the time from a plan to what came of it, else None."""

    one: Facts
    two: Facts
    comparison: Comparison
    sequel: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Doubt:
    """Two groups of reports, by their places in the partition, that may be one event."""

    one: int
    two: int
    comparison: Comparison


def related(one: Facts, two: Facts, evidence: Evidence) -> bool:
    """Whether two reports could be joined by what they say; the order of the two does not matter."""
    return one == two or _link(one, two, evidence) is not None


def partition(weights: Mapping[Facts, int], evidence: Evidence) -> list[list[Facts]]:
    """The groups of facts that are one event each, in an order that follows from what they say.

    `weights` tells for each how many independent ones say it: where days contradict, they decide.
    """
    nodes = sorted(weights, key=order)
    place = {facts: index for index, facts in enumerate(nodes)}
    links = [found for one, two in combinations(nodes, 2) if (found := _link(one, two, evidence))]
    links.sort(
        key=lambda link: (
            link.sequel is not None,
            link.sequel or timedelta(),
            -link.comparison.points,
            place[link.one],
            place[link.two],
        )
    )
    group: dict[Facts, list[Facts]] = {facts: [facts] for facts in nodes}
    for link in links:
        one, two = group[link.one], group[link.two]
        if one is two or _kept_apart(one, two, weights, evidence, later=link.sequel is not None):
            continue
        one.extend(two)
        for facts in two:
            group[facts] = one
    distinct = {id(members): members for members in group.values()}
    return sorted(
        (sorted(members, key=order) for members in distinct.values()), key=lambda one: order(one[0])
    )


def best_link(facts: Facts, others: Sequence[Facts], evidence: Evidence) -> Link | None:
    """The surest pair of a report with one of the others, for the reason that is shown."""
    found = [link for other in others if other != facts and (link := _link(facts, other, evidence))]
    return max(found, key=lambda link: (link.sequel is None, link.comparison.points), default=None)


def doubt(one: Sequence[Facts], two: Sequence[Facts], evidence: Evidence) -> Comparison | None:
    """The evidence that leaves it open whether two groups are one event, or None if nothing does."""
    found = [compare(first, second, evidence) for first in one for second in two]
    open_ones = [comparison for comparison in found if comparison.verdict is not Verdict.DIFFERENT]
    if not open_ones or any(parted(first, second, evidence) for first in one for second in two):
        return None
    ones, twos = dict.fromkeys(one, 1), dict.fromkeys(two, 1)
    if _kept_apart(one, two, {**ones, **twos}, evidence, later=False):
        return None
    return max(open_ones, key=lambda comparison: (comparison.points, comparison.reasons))


def _link(one: Facts, two: Facts, evidence: Evidence) -> Link | None:
    comparison = compare(one, two, evidence)
    if comparison.verdict is Verdict.SAME:
        return Link(one, two, comparison)
    sequels = [
        Link(one, two, found, abs(gap(plan, later) or timedelta()))
        for plan, later in ((one, two), (two, one))
        if plan.stage in OPEN and (found := follows(plan, later, evidence)).verdict is Verdict.SAME
    ]
    return min(sequels, key=lambda link: (link.sequel, -link.comparison.points), default=None)


def _kept_apart(
    one: Sequence[Facts],
    two: Sequence[Facts],
    weights: Mapping[Facts, int],
    evidence: Evidence,
    *,
    later: bool,
) -> bool:
    """Whether two groups cannot be one event: a pair is parted, or most days or persons are not one's.

    A single outlet's wrong day or name does not keep a group from what all the others agree with.
    A plan and what came of it need not share a day: there only what took place is asked.
    """
    days, persons = _Votes(), _Votes()
    for first in one:
        for second in two:
            if parted(first, second, evidence):
                return True
            weight = weights[first] * weights[second]
            persons.count(clash(first, second, evidence), weight)
            if not later or (first.took_place and second.took_place):
                days.count(separated(first, second, evidence), weight)
    return days.against or persons.against


@dataclass(slots=True)
class _Votes:
    """How many pairs speak for two groups being two, and for being one."""

    two: int = 0
    one: int = 0

    def count(self, apart: bool | None, weight: int) -> None:
        if apart is not None:
            self.two, self.one = (self.two + weight, self.one) if apart else (self.two, self.one + weight)

    @property
    def against(self) -> bool:
        return 0 < self.two >= self.one
