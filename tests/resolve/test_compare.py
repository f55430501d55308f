"""Two events or one: the codebook's sentence, case by case."""

from datetime import date

import pytest

from tasks.model import DateBasis, Interval, Precision
from tasks.resolve.compare import Facts, Verdict, compare
from tasks.settings import evidence
from tasks.settings.environment import ROOT

EVIDENCE = evidence.load(ROOT / "config" / "evidence.yaml", [])


def day(text: str, until: str | None = None, precision: Precision | None = None) -> Interval:
    start, end = date.fromisoformat(text), date.fromisoformat(until or text)
    return Interval(start, end, precision or (Precision.RANGE if until else Precision.DAY), DateBasis.STATED)


def facts(**changed: object) -> Facts:
    values: dict[str, object] = {
        "dyad": "CHN-RUS", "kind": "consultation_round", "mechanism": "cn-ru-ssc", "round": 20,
        "round_stated": True, "day": day("2025-12-02"), "place": "Moscow",
        "counterparts": frozenset({"sergei_shoigu"}), "told": date(2025, 12, 3),
    }  # fmt: skip
    return Facts(**{**values, **changed})  # type: ignore[arg-type]


SAME = {
    "the same round in another city": {"place": "Beijing"},
    "the same round without a day": {"day": None},
    "the same round on a day that one outlet has wrong": {"day": day("2025-12-09")},
    "no number, the same chairs on the same day": {"round": None, "round_stated": False},
    "a meeting of the same people on the day": {
        "kind": "meeting", "mechanism": None, "round": None, "round_stated": False, "place": None,
    },
    "the number that the register inferred, and the one that was stated": {"round": 19, "round_stated": False},
    "a week in which the day lies, with the same counterpart": {
        "day": day("2025-12-01", "2025-12-07", Precision.WEEK), "round": None, "round_stated": False,
    },
}  # fmt: skip

DIFFERENT = {
    "another round": {"round": 19},
    "another dyad": {"dyad": "BLR-CHN"},
    "another mechanism on the same day": {"mechanism": "cn-ru-lesc", "round": 10},
    "another counterpart on the same day": {
        "kind": "meeting", "mechanism": None, "round": None, "round_stated": False,
        "counterparts": frozenset({"sergey_lavrov"}),
    },
    "an unnumbered one weeks later": {"round": None, "round_stated": False, "day": day("2026-02-01")},
    "another kind": {"kind": "patrol", "mechanism": None, "round": None, "round_stated": False},
}  # fmt: skip


@pytest.mark.parametrize("changed", SAME.values(), ids=SAME)
def test_one_event(changed: dict[str, object]) -> None:
    assert compare(facts(), facts(**changed), EVIDENCE).verdict is Verdict.SAME


@pytest.mark.parametrize("changed", DIFFERENT.values(), ids=DIFFERENT)
def test_two_events(changed: dict[str, object]) -> None:
    assert compare(facts(), facts(**changed), EVIDENCE).verdict is Verdict.DIFFERENT


@pytest.mark.parametrize("changed", [*SAME.values(), *DIFFERENT.values()], ids=[*SAME, *DIFFERENT])
def test_the_order_of_the_two_does_not_matter(changed: dict[str, object]) -> None:
    one, two = facts(), facts(**changed)
    assert compare(one, two, EVIDENCE) == compare(two, one, EVIDENCE)


def test_a_patrol_that_the_two_sides_count_differently_is_one() -> None:
    patrol = {"kind": "patrol", "mechanism": "cn-ru-navpatrol", "counterparts": frozenset()}
    one = facts(**patrol, round=6, day=day("2025-08-06"))
    two = facts(**patrol, round=5, day=day("2025-08-07"))
    assert compare(one, two, EVIDENCE).verdict is Verdict.SAME


def test_two_undated_reports_of_a_bare_meeting_are_left_open() -> None:
    bare = {
        "kind": "meeting",
        "mechanism": None,
        "round": None,
        "round_stated": False,
        "day": None,
        "place": None,
    }
    later = facts(**{**bare, "told": date(2025, 12, 4)})
    assert compare(facts(**bare), later, EVIDENCE).verdict is not Verdict.DIFFERENT
