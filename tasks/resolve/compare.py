"""Whether two reports tell of one event (codebook, "Two events or one").

Vetoes come first; then evidence counts in points, which stand in `config/evidence.yaml`. Text is
never compared: rounds of one mechanism read alike and are two events, and one event reads
differently in every language.

`compare` asks whether two reports tell of one occurrence, on one day. `follows` asks whether one
tells of a plan and the other of what came of it, months later. `parted` is what keeps two groups
of reports apart although some of them agree.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tasks.model import DateBasis, Interval, Precision, Stage
from tasks.settings.evidence import Evidence, Point, Reach

_TALKS = frozenset({"meeting", "consultation_round"})
_SIGNED_AT_TALKS = frozenset({"meeting", "agreement"})
_COUNTED_APART = frozenset({"patrol", "exercise"})
# What is not held on one day, or is dated by its announcement, its middle or its end.
_SERIES = frozenset({"patrol", "exercise", "consultation_round"})
# Of a visit's talks nobody can say which later ones they are.
_NOT_PLANNED = frozenset({"meeting", "statement"})
_FINE = frozenset({Precision.DAY, Precision.RANGE})
_TOOK_PLACE = frozenset({Stage.HELD.value, Stage.UNDER_WAY.value})
_PUT_OFF = frozenset({Stage.POSTPONED.value, Stage.CANCELLED.value, Stage.DENIED.value})
OPEN = frozenset({Stage.ANNOUNCED.value}) | _PUT_OFF
_SURE = 9


class Verdict(StrEnum):
    """What a comparison ends in."""

    SAME = "same"
    PERHAPS = "perhaps"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is compared of a report. `counterparts` are the other party's officials.

    `told` is its day of publication, `subjects` what it is about, `entry` the register's id if the
    register itself tells it.
    """

    dyad: str
    kind: str
    mechanism: str | None
    round: int | None
    round_stated: bool
    day: Interval | None
    place: str | None
    counterparts: frozenset[str]
    told: date | None
    # Nobody names the mechanism: it is only that of the two who met.
    supposed: bool = False
    stage: str = Stage.HELD.value
    subjects: frozenset[str] = frozenset()
    entry: str | None = None
    # It looks back: the time of publication says nothing of the event's.
    recalled: bool = False
    # Where neither its day nor its publication is known: when it was found.
    found: date | None = None

    @property
    def took_place(self) -> bool:
        """Whether it tells of something that has begun."""
        return self.stage in _TOOK_PLACE


@dataclass(frozen=True, slots=True)
class Comparison:
    """The verdict with its points and what they were given for."""

    verdict: Verdict
    points: int
    reasons: tuple[str, ...]


def order(facts: Facts) -> tuple[str, ...]:
    """A total order of facts by what they say and nothing else."""
    day = facts.day
    return (
        day.start.isoformat() if day else "",
        day.end.isoformat() if day else "",
        f"{day.precision} {day.basis}" if day else "",
        facts.told.isoformat() if facts.told else "",
        facts.kind,
        facts.stage,
        facts.mechanism or "",
        f"{facts.round or 0:09d} {facts.round_stated} {facts.supposed}",
        facts.place or "",
        " ".join(sorted(facts.counterparts)),
        " ".join(sorted(facts.subjects)),
        f"{facts.entry} {facts.recalled} {facts.found}",
        facts.dyad,
    )


def compare(one: Facts, two: Facts, evidence: Evidence) -> Comparison:
    """Whether two reports tell of one occurrence; the order of the two does not matter."""
    if veto := _veto(one, two, evidence):
        return Comparison(Verdict.DIFFERENT, 0, (veto,))
    if _same_round(one, two):
        return Comparison(Verdict.SAME, _SURE, (f"round {one.round} of {one.mechanism}",))
    return _weighed(_evidence(one, two, evidence), evidence)


def follows(plan: Facts, later: Facts, evidence: Evidence) -> Comparison:
    """Whether `plan` tells of what was to happen, and `later` of what became of it on another day."""
    if veto := _no_sequel(plan, later, evidence):
        return Comparison(Verdict.DIFFERENT, 0, (veto,))
    return _weighed(_later_evidence(plan, later, evidence), evidence)


def parted(one: Facts, two: Facts, evidence: Evidence) -> bool:
    """Whether no event can hold both reports, whatever others say.

    Days and persons are not asked here: of these one report can err (`separated`, `clash`).
    """
    if {one.kind, two.kind} == _SIGNED_AT_TALKS and one.dyad == two.dyad:
        # Reports that name nobody are between the two, and hold them together.
        return _other_mechanism(one, two)
    return _hard_veto(one, two, evidence) is not None


def clash(one: Facts, two: Facts, evidence: Evidence) -> bool | None:
    """Whether two reports name other persons for one day; None if that cannot be said."""
    if not (one.counterparts and two.counterparts):
        return None
    if one.counterparts & two.counterparts or _same_round(one, two):
        return False
    return True if _one_day(one, two, evidence) or one.day is None or two.day is None else None


def separated(one: Facts, two: Facts, evidence: Evidence) -> bool | None:
    """Whether two reports give days that are not one occurrence's; None if that cannot be said."""
    if one.day is not None and two.day is not None:
        return apart(one.day, two.day, _reach(one, two, evidence))
    if _same_round(one, two):
        return False
    if (one.told is None and one.day is None) or (two.told is None and two.day is None):
        return None
    if (one.recalled and one.day is None) or (two.recalled and two.day is None):
        return None
    return _told_apart(one, two, evidence)


def gap(plan: Facts, later: Facts) -> timedelta | None:
    """From the planned day, or the day on which the plan was told, to the later event."""
    planned = plan.day.end if plan.day else plan.told
    happened = later.day.start if later.day else later.told
    return happened - planned if planned and happened else None


def apart(one: Interval | None, two: Interval | None, reach: timedelta) -> bool:
    """Whether two days, both known, lie more than `reach` from each other."""
    if one is None or two is None:
        return False
    return one.start - two.end > reach or two.start - one.end > reach


def _weighed(found: Iterator[tuple[Point, str]], evidence: Evidence) -> Comparison:
    points, reasons = 0, []
    for point, reason in found:
        worth = evidence.points[point]
        points += worth
        reasons.append(f"{reason} {worth:+d}")
    verdict = Verdict.SAME if points >= evidence.same else Verdict.DIFFERENT
    if evidence.perhaps <= points < evidence.same:
        verdict = Verdict.PERHAPS
    return Comparison(verdict, points, tuple(reasons))


def _same_round(one: Facts, two: Facts) -> bool:
    return one.round is not None and one.round == two.round and one.mechanism == two.mechanism is not None


def _veto(one: Facts, two: Facts, evidence: Evidence) -> str | None:
    if veto := _hard_veto(one, two, evidence):
        return veto
    if apart(one.day, two.day, _reach(one, two, evidence)):
        return "days apart"
    if _same_round(one, two):
        return None
    if _told_apart(one, two, evidence):
        return "told at another time"
    if one.counterparts and two.counterparts and not one.counterparts & two.counterparts:
        return "other counterpart"
    return None


def _told_apart(one: Facts, two: Facts, evidence: Evidence) -> bool:
    """Whether an undated report was told when the other is not news, or nobody knows when it was."""
    if one.day is not None and two.day is not None:
        return False
    if one.day is None and two.day is None:
        if one.told is None or two.told is None:
            return True
        return abs(one.told - two.told) > evidence.days[Reach.UNDATED]
    dated, undated = (one, two) if one.day is not None else (two, one)
    assert dated.day is not None
    if undated.told is None:
        return True
    within = evidence.days[Reach.UNDATED]
    before = evidence.days[Reach.NEAR] if undated.took_place else within
    return not dated.day.start - before <= undated.told <= dated.day.end + within


def _hard_veto(one: Facts, two: Facts, evidence: Evidence) -> str | None:
    if one.dyad != two.dyad:
        return "other dyad"
    if one.entry != two.entry and one.entry and two.entry:
        return "the register has both"
    if not _kinds_agree(one, two, evidence):
        return "other kind"
    if _other_mechanism(one, two):
        return "other mechanism"
    if _other_round(one, two, evidence):
        return "rounds {} and {}".format(*sorted((one.round or 0, two.round or 0)))
    return None


def _kinds_agree(one: Facts, two: Facts, evidence: Evidence) -> bool:
    kinds = {one.kind, two.kind}
    if len(kinds) == 1 or kinds <= _TALKS:
        return True
    # A signing by the ministers who talk is one event.
    met = bool(one.counterparts & two.counterparts) and one.took_place == two.took_place
    return kinds <= _SIGNED_AT_TALKS and met and _one_day(one, two, evidence)


def _other_mechanism(one: Facts, two: Facts) -> bool:
    named = one.mechanism and two.mechanism and not (one.supposed or two.supposed)
    return bool(named) and one.mechanism != two.mechanism


def _one_day(one: Facts, two: Facts, evidence: Evidence) -> bool:
    if one.day is None or two.day is None or not {one.day.precision, two.day.precision} <= _FINE:
        return False
    return not apart(one.day, two.day, evidence.days[Reach.NEAR])


def _other_round(one: Facts, two: Facts, evidence: Evidence) -> bool:
    """Whether two stated numbers part the reports.

    Of patrols and exercises each side keeps its own count, so that neighbouring numbers of one
    time are one event.
    """
    if one.round is None or two.round is None or one.round == two.round:
        return False
    if not (one.round_stated and two.round_stated):
        return False
    neighbours = one.kind in _COUNTED_APART and abs(one.round - two.round) == 1
    return not (neighbours and _at_one_time(one, two, evidence))


def _at_one_time(one: Facts, two: Facts, evidence: Evidence) -> bool:
    first, second = (facts.day or _as_day(facts.told) for facts in (one, two))
    return first is not None and second is not None and not apart(first, second, evidence.days[Reach.SERIES])


def _as_day(told: date | None) -> Interval | None:
    return Interval(told, told, Precision.DAY, DateBasis.PUBLISHED) if told else None


def _reach(one: Facts, two: Facts, evidence: Evidence) -> timedelta:
    """How far the days of two reports of one occurrence may lie apart."""
    if _same_round(one, two) and one.round_stated and two.round_stated:
        put_off = one.stage in OPEN or two.stage in OPEN
        return evidence.days[Reach.PUT_OFF if put_off else Reach.NUMBERED]
    series = one.kind in _SERIES and one.kind == two.kind and one.mechanism == two.mechanism is not None
    return evidence.days[Reach.SERIES if series and not (one.supposed or two.supposed) else Reach.NEAR]


def _evidence(one: Facts, two: Facts, evidence: Evidence) -> Iterator[tuple[Point, str]]:
    yield _day_points(one, two, evidence)
    if one.mechanism and one.mechanism == two.mechanism:
        yield Point.MECHANISM, "mechanism"
    if one.counterparts & two.counterparts:
        yield Point.COUNTERPART, "counterpart"
    if one.place and one.place == two.place:
        yield Point.PLACE, "place"
    if one.subjects & two.subjects:
        yield Point.SUBJECT, "subject"
    elif _other_subject(one, two, evidence):
        yield Point.OTHER_SUBJECT, "other subject"


def _other_subject(one: Facts, two: Facts, evidence: Evidence) -> bool:
    if not (one.subjects and two.subjects):
        return False
    return not any({first, second} in evidence.kin for first in one.subjects for second in two.subjects)


def _bare(facts: Facts) -> bool:
    """Whether a report gives nothing beside its day by which it could be told from another."""
    return not (facts.mechanism or facts.counterparts or facts.place)


def _day_points(one: Facts, two: Facts, evidence: Evidence) -> tuple[Point, str]:
    if one.day is not None and two.day is not None:
        precisions = {one.day.precision, two.day.precision}
        if Precision.YEAR in precisions:
            return Point.YEAR, "year"
        if not precisions <= _FINE:
            return Point.PART_OF_DAY, "week or month"
        alone = one.kind in _COUNTED_APART or _bare(one) or _bare(two)
        return (Point.DAY_ALONE, "day alone") if alone else (Point.DAY, "day")
    if one.day is None and two.day is None:
        together = evidence.days[Reach.TOGETHER]
        if one.told and two.told and abs(one.told - two.told) <= together:
            return Point.TOLD_TOGETHER, "told together"
        return Point.NO_DAY, "no day"
    return _told_points(one, two, evidence)


def _told_points(one: Facts, two: Facts, evidence: Evidence) -> tuple[Point, str]:
    """What the publication of an undated report shows beside the day of another."""
    dated, undated = (one, two) if one.day is not None else (two, one)
    day, told = dated.day, undated.told
    assert day is not None
    assert told is not None
    prompt = told >= day.start and told - day.end <= evidence.days[Reach.PROMPT]
    if prompt and undated.took_place and day.precision in _FINE:
        return Point.TOLD_PROMPTLY, "told promptly"
    return Point.TOLD_ABOUT_THEN, "told about then"


def _no_sequel(plan: Facts, later: Facts, evidence: Evidence) -> str | None:
    if veto := _hard_veto(plan, later, evidence):
        return veto
    if plan.kind != later.kind:
        return "other kind"
    if plan.kind in _NOT_PLANNED and not (plan.mechanism and plan.mechanism == later.mechanism):
        return "talks that cannot be told from others"
    if plan.stage not in OPEN:
        return "no plan"
    if plan.told and later.told and later.told < plan.told:
        return "told before the plan"
    distance = gap(plan, later)
    wait = evidence.days[Reach.PUT_OFF if plan.stage in _PUT_OFF else Reach.WAITING]
    if distance is None or not -evidence.days[Reach.SERIES] <= distance <= wait:
        return "not within the time of a plan"
    return None


def _later_evidence(plan: Facts, later: Facts, evidence: Evidence) -> Iterator[tuple[Point, str]]:
    if plan.mechanism and plan.mechanism == later.mechanism and not (plan.supposed or later.supposed):
        yield Point.LATER_MECHANISM, "later, mechanism"
    if plan.counterparts & later.counterparts:
        yield Point.LATER_COUNTERPART, "later, counterpart"
    if plan.place and plan.place == later.place:
        yield Point.LATER_PLACE, "later, place"
    if plan.subjects & later.subjects:
        yield Point.LATER_SUBJECT, "later, subject"
    elif _other_subject(plan, later, evidence):
        yield Point.LATER_OTHER_SUBJECT, "later, other subject"
    distance = gap(plan, later)
    if distance is not None and distance <= 3 * evidence.days[Reach.TOGETHER]:
        yield Point.LATER_SOON, "later, soon"
