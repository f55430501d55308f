"""Whether two records tell of one event (codebook, "Two events or one").

Vetoes come first; then evidence counts in points. Text is never compared: rounds of one mechanism
read alike and are two events, and one event reads differently in every language.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tasks.model import Interval, Precision

NEAR = timedelta(days=2)
# An undated report tells of what happened in this many days before it, or of what is to come in them.
UNDATED = timedelta(days=30)
# Two reports of one numbered round may differ by more: a plan that was moved, an outlet that errs.
_NUMBERED = timedelta(days=120)
# The points that make two records one event, and those that leave it open.
SAME = 3
PERHAPS = 2
_TALKS = frozenset({"meeting", "consultation_round"})
_COUNTED_APART = frozenset({"patrol", "exercise"})


class Verdict(StrEnum):
    """What a comparison ends in."""

    SAME = "same"
    PERHAPS = "perhaps"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is compared of a mention or an event. `counterparts` are the other party's officials.

    `told` is the day of publication of a mention, the first one's of an event.
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


@dataclass(frozen=True, slots=True)
class Comparison:
    """The verdict with its points and what they were given for."""

    verdict: Verdict
    points: int
    reasons: tuple[str, ...]


def compare(one: Facts, two: Facts) -> Comparison:
    """Compare two records; the order of the two does not matter."""
    if veto := _veto(one, two):
        return Comparison(Verdict.DIFFERENT, 0, (veto,))
    if _same_round(one, two):
        return Comparison(Verdict.SAME, 9, (f"round {one.round} of {one.mechanism}",))
    points, reasons = 0, []
    for worth, reason in _evidence(one, two):
        points += worth
        reasons.append(f"{reason} {worth:+d}")
    verdict = Verdict.SAME if points >= SAME else Verdict.PERHAPS if points >= PERHAPS else Verdict.DIFFERENT
    return Comparison(verdict, points, tuple(reasons))


def _same_round(one: Facts, two: Facts) -> bool:
    return one.round is not None and one.round == two.round and one.mechanism == two.mechanism is not None


def _veto(one: Facts, two: Facts) -> str | None:
    if one.dyad != two.dyad:
        return "other dyad"
    if one.kind != two.kind and not {one.kind, two.kind} <= _TALKS:
        return "other kind"
    named = one.mechanism and two.mechanism and not (one.supposed or two.supposed)
    if named and one.mechanism != two.mechanism:
        return "other mechanism"
    if _other_round(one, two):
        return "rounds {} and {}".format(*sorted((one.round or 0, two.round or 0)))
    if _same_round(one, two):
        # The same number of one channel: an outlet errs in the day; years lie between two numbers.
        return None if not apart(one.day, two.day, _NUMBERED) else "days apart"
    if apart(one.day, two.day):
        return "days apart"
    if one.counterparts and two.counterparts and not one.counterparts & two.counterparts:
        return "other counterpart"
    return None


def _other_round(one: Facts, two: Facts) -> bool:
    """Whether two stated numbers part the records.

    Of patrols and exercises each side keeps its own count, so that neighbouring numbers on one
    day are one event.
    """
    if one.round is None or two.round is None or one.round == two.round:
        return False
    if not (one.round_stated and two.round_stated):
        return False
    counted = one.kind in _COUNTED_APART and abs(one.round - two.round) == 1
    return not (counted and one.day is not None and two.day is not None and not apart(one.day, two.day))


def apart(one: Interval | None, two: Interval | None, reach: timedelta = NEAR) -> bool:
    """Whether two days, both known, lie more than `reach` from each other."""
    if one is None or two is None:
        return False
    return one.start - two.end > reach or two.start - one.end > reach


def _evidence(one: Facts, two: Facts) -> Sequence[tuple[int, str]]:
    found = list(_days(one, two))
    if one.mechanism and one.mechanism == two.mechanism:
        found.append((2, "mechanism"))
    if one.counterparts & two.counterparts:
        found.append((2, "counterpart"))
    if one.place and one.place == two.place:
        found.append((1, "place"))
    return found


def _bare(facts: Facts) -> bool:
    """Whether a record gives nothing beside its day by which it could be told from another."""
    return not (facts.mechanism or facts.counterparts or facts.place)


def _days(one: Facts, two: Facts) -> Sequence[tuple[int, str]]:
    if one.day is not None and two.day is not None:
        fine = {Precision.DAY, Precision.RANGE}
        both = one.day.precision in fine and two.day.precision in fine
        year = Precision.YEAR in (one.day.precision, two.day.precision)
        if both:
            return [(3 if one.kind in _COUNTED_APART or _bare(one) or _bare(two) else 2, "day")]
        return [(0, "year")] if year else [(1, "week or month")]
    if one.day is None and two.day is None:
        close = one.told and two.told and abs(one.told - two.told) <= UNDATED / 2
        return [(1, "told together")] if close else [(-2, "no day")]
    dated, undated = (one, two) if one.day is not None else (two, one)
    if undated.told is None:
        return [(0, "no day")]
    assert dated.day is not None
    before = undated.told - dated.day.end
    if -UNDATED <= before <= UNDATED:
        return [(1, "told about then")]
    return [(-3, "told at another time")]
