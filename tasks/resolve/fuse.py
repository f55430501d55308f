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
_TOOK_PLACE = (Stage.HELD.value, Stage.UNDER_WAY.value)
_PRECISION = {Precision.DAY: 0, Precision.RANGE: 1, Precision.WEEK: 2, Precision.MONTH: 3, Precision.YEAR: 4}
_CARRIED = {"carried", "published"}
# The rank of what a party publishes itself.
COMMUNIQUE = 1


def fuse(reports: Sequence[Report]) -> dict[str, Any]:
    """The fields of the event of which `reports` tell, as the columns of the store.

    They follow from the set of reports: in whatever order they are given, the fields are the same.
    """
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
        "round_basis": round_basis(reports, number),
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
        "confirmed": confirmed(reports, reports[0].dyad),
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
    return _groups(own) + _groups(leads)


def _groups(reports: Iterable[Report]) -> int:
    """How many are left when reports that share an owner or a text, directly or through others, are one."""
    parent: dict[str, str] = {}

    def root(mark: str) -> str:
        while parent.setdefault(mark, mark) != mark:
            parent[mark] = mark = parent[parent[mark]]
        return mark

    families = set()
    for one in reports:
        family = f"family {one.family}"
        families.add(family)
        if one.text_hash:
            parent[root(f"text {one.text_hash.hex()}")] = root(family)
    return len({root(family) for family in families})


def stage(reports: Sequence[Report]) -> str:
    """The stage that an event has come to.

    What was held was held; before that, the latest word on a plan stands.
    """
    told = {one.stage for one in reports}
    for reached in (Stage.HELD, Stage.UNDER_WAY):
        if reached.value in told:
            return reached.value
    latest = max(reports, key=lambda one: (one.published or one.first_seen, one.stage in _UNDONE, one.stage))
    return latest.stage


def confirmed(reports: Iterable[Report], dyad: str) -> bool:
    """Whether communiqués of both parties are among the witnesses."""
    told = {one.country for one in reports if one.rank == COMMUNIQUE and one.family != "register"}
    return set(dyad.split("-")) <= told


def content(report: Report) -> tuple[str, ...]:
    """A total order of reports by what they say and who says it: never by the time of arrival."""
    return (
        (report.published or report.first_seen).isoformat(),
        report.outlet,
        report.language,
        report.title,
        report.url or "",
        f"{report.position:04d}",
        report.stage,
        f"{report.date_start} {report.date_end}",
        report.instrument or "",
    )


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

    came = stage(reports) in _TOOK_PLACE
    days: dict[tuple[Any, Any], list[Report]] = defaultdict(list)
    for one in dated:
        days[one.date_start, one.date_end].append(one)
    said_by = {day: witnesses(group) for day, group in days.items()}

    def planned(one: Report) -> bool:
        return came and one.stage not in _TOOK_PLACE

    def standing(one: Report) -> tuple[Any, ...]:
        interval = one.interval
        assert interval is not None
        coarse = _PRECISION[interval.precision]
        return (
            planned(one),
            coarse > 1,
            one.date_basis in _CARRIED,
            one.rank,
            -said_by[one.date_start, one.date_end],
            coarse,
            content(one),
        )

    best = min(dated, key=standing)
    chosen = best.interval
    assert chosen is not None
    others: dict[str, set[str]] = defaultdict(set)
    for one in dated:
        interval = one.interval
        assert interval is not None
        outside = interval.end < chosen.start or chosen.end < interval.start
        # A day for which it had been planned is no contradiction to the day on which it was held.
        if outside and one.date_basis not in _CARRIED and planned(one) == planned(best):
            others[f"{interval.start}/{interval.end}"].add(one.outlet)
    conflicts.extend(
        {"field": "date", "value": said, "sources": sorted(outlets)} for said, outlets in others.items()
    )
    return best


def round_basis(reports: Sequence[Report], number: int | None) -> str | None:
    """What the number of an event rests on."""
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
    for one in sorted(naming, key=lambda report: (report.rank, content(report))):
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
        named, key=lambda one: (one.rank, one.language != "en", one.published or one.first_seen, content(one))
    )
    return best.instrument
