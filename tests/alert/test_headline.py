from datetime import date
from typing import Any

import pytest

from tasks.alert.headline import Names, headline
from tasks.model import Stage
from tests.alert.makers import NAMES, event

MOSCOW = ", Moscow, 19 September 2023"


def test_what_who_when_where_and_which_round_in_one_line() -> None:
    assert headline(event(), Stage.HELD, NAMES) == (
        "China and Russia held round 18 of the strategic security consultation, Moscow, 19 September 2023"
    )


@pytest.mark.parametrize(
    ("stage", "told"),
    [
        (Stage.ANNOUNCED, "China and Russia are to hold round 18 of the strategic security consultation"),
        (Stage.UNDER_WAY, "China and Russia have begun round 18 of the strategic security consultation"),
        (Stage.POSTPONED, "China and Russia have postponed round 18 of the strategic security consultation"),
        (Stage.CANCELLED, "China and Russia have cancelled round 18 of the strategic security consultation"),
        (Stage.DENIED, "China and Russia: round 18 of the strategic security consultation is denied"),
    ],
)
def test_each_stage_has_its_verb(stage: Stage, told: str) -> None:
    assert headline(event(), stage, NAMES) == told + MOSCOW


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"round": None}, "held a round of the strategic security consultation"),
        ({"mechanism": None, "round": None}, "held a security consultation"),
        ({"mechanism": None}, "held round 18 of a security consultation"),
        ({"kind": "agreement", "mechanism": None}, "signed an agreement"),
        ({"kind": "agreement"}, "signed an agreement (strategic security consultation)"),
        (
            {"kind": "agreement", "mechanism": None, "instrument": "联合声明"},
            "signed an agreement: “联合声明”",
        ),
        (
            {"kind": "patrol", "mechanism": "cn-ru-airpatrol", "round": 11},
            "held the 11th joint strategic air patrol",
        ),
        (
            {"kind": "patrol", "mechanism": "cn-ru-airpatrol", "round": 2},
            "held the 2nd joint strategic air patrol",
        ),
        ({"kind": "patrol", "mechanism": None}, "held a joint patrol"),
        ({"kind": "exercise", "mechanism": None}, "held a joint exercise"),
        ({"kind": "transfer", "mechanism": None}, "carried out a delivery of arms, equipment or training"),
        ({"kind": "meeting", "mechanism": None}, "held talks on security"),
        ({"kind": "statement", "mechanism": None}, "issued a joint statement with a security chapter"),
        ({"mechanism": "cn-xx-new", "round": None}, "held a round of the cn-xx-new"),
    ],
)
def test_each_kind_has_its_words(fields: dict[str, Any], told: str) -> None:
    assert headline(event(**fields), Stage.HELD, NAMES) == f"China and Russia {told}{MOSCOW}"


def test_china_stands_first_and_a_union_has_its_article() -> None:
    assert headline(event(dyad="CHN-EUR"), Stage.HELD, NAMES).startswith("China and the European Union held")
    names = Names(states={"CHN": "China", "BLR": "Belarus"})
    assert headline(event(dyad="BLR-CHN"), Stage.HELD, names).startswith("China and Belarus held")
    assert headline(event(), Stage.HELD, Names()).startswith("CHN and RUS held")


@pytest.mark.parametrize(
    ("start", "end", "precision", "told"),
    [
        (date(2023, 9, 18), date(2023, 9, 20), "range", "18–20 September 2023"),
        (date(2024, 2, 28), date(2024, 3, 2), "range", "28 February 2024 – 2 March 2024"),
        (date(2023, 9, 18), date(2023, 9, 24), "week", "in the week of 18 September 2023"),
        (date(2023, 9, 1), date(2023, 9, 30), "month", "September 2023"),
        (date(2023, 1, 1), date(2023, 12, 31), "year", "2023"),
    ],
)
def test_a_day_is_told_as_exactly_as_it_is_known(start: date, end: date, precision: str, told: str) -> None:
    dated = event(date_start=start, date_end=end, date_precision=precision)
    assert headline(dated, Stage.HELD, NAMES).endswith(f", Moscow, {told}")


def test_what_is_not_known_is_not_told() -> None:
    bare = event(date_start=None, date_end=None, place=None, round=None)
    assert headline(bare, Stage.HELD, NAMES) == (
        "China and Russia held a round of the strategic security consultation"
    )


def test_hostile_fields_stay_in_their_line() -> None:
    bad = event(
        kind="agreement", mechanism=None, instrument="x\n@everyone\u202e" + "y" * 900, place="Mos\rcow"
    )
    told = headline(bad, Stage.HELD, NAMES)
    assert "\n" not in told
    assert "\r" not in told
    assert "\u202e" not in told
    assert len(told) < 300
