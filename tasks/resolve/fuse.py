"""The fields of an event out of its mentions: the best-ranked source, then the majority of
independent witnesses, then the more precise (codebook, "Two events or one").

The result is a function of the set of mentions, so that the order in which they came does not
matter. Values that did not stand are kept beside it with their sources.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any

from tasks.model import SUPPOSED_MECHANISM, Precision, Stage
from tasks.store.rows import Report

_UNDONE = (Stage.POSTPONED.value, Stage.CANCELLED.value, Stage.DENIED.value)
_PRECISION = {Precision.DAY: 0, Precision.RANGE: 1, Precision.WEEK: 2, Precision.MONTH: 3, Precision.YEAR: 4}
_CARRIED = {"carried", "published"}


def fuse(reports: Sequence[Report]) -> dict[str, Any]:
    """The fields of the event of which `reports` tell, as the columns of the store."""
    conflicts: list[dict[str, Any]] = []

    def field(name: str, value: Callable[[Report], Hashable | None], weak: Callable[[Report], int]) -> Any:
        return _field(name, value, weak, reports, conflicts)

    kind = field("kind", lambda one: one.kind, lambda one: int(one.kind == "meeting"))
    interval = _date(reports, conflicts)
    number = field("round", lambda one: one.round, lambda one: int(one.round_basis != "stated"))
    fused = {
        "kind": kind,
        "mechanism": field(
            "mechanism",
            lambda one: one.mechanism,
            lambda one: int(_rule(one, "mechanism") == SUPPOSED_MECHANISM),
        ),
        "round": number,
        "round_basis": _round_basis(reports, number),
        "stage": stage(reports),
        "date_start": interval.date_start if interval else None,
        "date_end": interval.date_end if interval else None,
        "date_precision": interval.date_precision if interval else None,
        "date_basis": interval.date_basis if interval else None,
        "place": field(
            "place", lambda one: one.place, lambda one: int(_rule(one, "place") == "place.carried")
        ),
        "officials": _officials(reports),
        "instrument": _instrument(reports),
        "contexts": sorted({context for one in reports for context in one.contexts}),
        "witnesses": witnesses(reports),
    }
    fused["conflicts"] = sorted(conflicts, key=lambda one: (one["field"], str(one["value"])))
    return fused


def witnesses(reports: Iterable[Report]) -> int:
    """How many independent ones tell of it: an owner's outlets count once, and so do copies of a text.

    Reports that share an owner or a text, directly or through others, are one. What an aggregator
    found counts as the outlet that it names, but not beside a report of a source of ours that has
    the same owner, address, text or title: then it is the same publication, found twice.
    """
    told = [one for one in reports if one.family != "register"]
    own = [one for one in told if not one.lead]
    leads = [one for one in told if one.lead and not any(one.told_by(other) for other in own)]
    return len(_groups(own)) + len(_groups(leads))


def _groups(reports: Iterable[Report]) -> list[set[str]]:
    """The marks of reports that are one witness, a set for each witness."""
    groups: list[set[str]] = []
    for one in reports:
        marks = {f"family {one.family}"} | ({f"text {one.text_hash.hex()}"} if one.text_hash else set())
        touching = [group for group in groups if group & marks]
        groups = [group for group in groups if not group & marks]
        groups.append(marks.union(*touching))
    return groups


def stage(reports: Sequence[Report]) -> str:
    """The stage that an event has come to.

    What was held was held; before that, the latest word on a plan stands.
    """
    told = {one.stage for one in reports}
    for reached in (Stage.HELD, Stage.UNDER_WAY):
        if reached.value in told:
            return reached.value
    latest = max(reports, key=lambda one: (one.published or one.first_seen, one.stage in _UNDONE, one.id))
    return latest.stage


def _rule(report: Report, name: str) -> str | None:
    evidence = report.evidence.get(name)
    return evidence["rule"] if evidence else None


def _field(
    name: str,
    value: Callable[[Report], Hashable | None],
    weak: Callable[[Report], int],
    reports: Sequence[Report],
    conflicts: list[dict[str, Any]],
) -> Any:
    """The value that stands; the others go to `conflicts`."""
    groups: dict[Hashable, list[Report]] = defaultdict(list)
    for one in reports:
        if (said := value(one)) is not None:
            groups[said].append(one)
    if not groups:
        return None

    def standing(said: Hashable) -> tuple[Any, ...]:
        group = groups[said]
        strong = min(weak(one) for one in group)
        rank = min(one.rank for one in group if weak(one) == strong)
        first = min((one.published or one.first_seen) for one in group)
        return (strong, rank, -witnesses(group), first, str(said))

    best = min(groups, key=standing)
    _note(
        name, {said: group for said, group in groups.items() if said != best}, weak, groups[best], conflicts
    )
    return best


def _note(
    name: str,
    losers: Mapping[Hashable, Sequence[Report]],
    weak: Callable[[Report], int],
    winners: Sequence[Report],
    conflicts: list[dict[str, Any]],
) -> None:
    """Keep what contradicts; a value that was only supposed does not contradict one that was stated."""
    strong = min(weak(one) for one in winners)
    for said, group in losers.items():
        if min(weak(one) for one in group) <= strong:
            outlets = sorted({one.outlet for one in group})
            conflicts.append({"field": name, "value": said, "sources": outlets})


def _date(reports: Sequence[Report], conflicts: list[dict[str, Any]]) -> Report | None:
    """The report whose date stands: stated before carried, exact before coarse, then by rank."""
    dated = [one for one in reports if one.interval is not None]
    if not dated:
        return None

    def standing(one: Report) -> tuple[Any, ...]:
        interval = one.interval
        assert interval is not None
        coarse = _PRECISION[interval.precision]
        same = [
            other for other in dated if (other.date_start, other.date_end) == (one.date_start, one.date_end)
        ]
        told = one.published or one.first_seen
        planned = one.stage == Stage.ANNOUNCED.value and stage(reports) != Stage.ANNOUNCED.value
        return (
            planned,
            coarse > 1,
            one.date_basis in _CARRIED,
            one.rank,
            -witnesses(same),
            coarse,
            told,
            one.id,
        )

    best = min(dated, key=standing)
    chosen = best.interval
    assert chosen is not None
    others: dict[str, set[str]] = defaultdict(set)
    for one in dated:
        interval = one.interval
        assert interval is not None
        outside = interval.end < chosen.start or chosen.end < interval.start
        if outside and one.date_basis not in _CARRIED:
            others[f"{interval.start}/{interval.end}"].add(one.outlet)
    conflicts.extend(
        {"field": "date", "value": said, "sources": sorted(outlets)} for said, outlets in others.items()
    )
    return best


def _round_basis(reports: Sequence[Report], number: int | None) -> str | None:
    if number is None:
        return None
    stated = any(one.round == number and one.round_basis == "stated" for one in reports)
    return "stated" if stated else "register"


def _officials(reports: Sequence[Report]) -> list[dict[str, Any]]:
    """Everybody whom a source of the best rank that names anyone names, most named first."""
    naming = [one for one in reports if one.officials]
    if not naming:
        return []
    counts: dict[str, int] = defaultdict(int)
    people: dict[str, dict[str, Any]] = {}
    for one in sorted(naming, key=lambda report: (report.rank, report.id)):
        for official in one.officials:
            counts[official["id"]] += 1
            people.setdefault(official["id"], dict(official))
    chinese_first = sorted(people, key=lambda one: (people[one]["state"] != "CHN", -counts[one], one))
    return [people[one] for one in chinese_first]


def _instrument(reports: Sequence[Report]) -> str | None:
    named = [one for one in reports if one.instrument]
    if not named:
        return None
    best = min(
        named, key=lambda one: (one.rank, one.language != "en", one.published or one.first_seen, one.id)
    )
    return best.instrument
