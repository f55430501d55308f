"""What answers are worth beside the gold, on cases that can be counted by hand."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from dragoman import gold, scoring
from dragoman.gold import GoldItem
from dragoman.scoring import Figure
from tasks.settings.located import ConfigurationError

ROUND = {
    "event": "round-18", "kind": "consultation_round", "stage": "held", "background": False, "dyad": "CHN-RUS",
    "mechanism": "cn-ru-ssc", "round": 18, "round_basis": "stated",
    "date": {"start": "2023-09-19", "end": "2023-09-19", "precision": "day"}, "place": "Moscow",
    "officials": ["wang_yi", "nikolai_patrushev"], "instrument": False,
}  # fmt: skip


def labelled(tmp_path: Path, *lines: dict[str, Any], language: str = "en") -> list[GoldItem]:
    """Items with these answers, as they stand in a file."""
    usual = {"relevant": True, "why": "a round", "mentions": [], "alerts": []}
    rows = [
        {"id": f"i{number}", "title": "A title", "lang": language, "gold": {**usual, **line}}
        for number, line in enumerate(lines)
    ]
    (tmp_path / "dev").mkdir(exist_ok=True)
    text = "\n".join(json.dumps(row) for row in rows)
    (tmp_path / "dev" / "items.jsonl").write_text(text, encoding="utf-8")
    return list(gold.read(tmp_path, "dev"))


def coded(event: str = "7", **fields: Any) -> dict[str, Any]:
    """A mention as a replay prints it: all of it right, but for `fields`."""
    right = {name: value for name, value in ROUND.items() if name != "event"}
    people = [{"id": one} for one in ("wang_yi", "nikolai_patrushev")]
    return {**right, "event_id": event, "instrument": None, "officials": people, **fields}


def answer(
    *mentions: dict[str, Any], relevant: bool = True, alerts: tuple[tuple[str, str], ...] = ()
) -> dict[str, Any]:
    """An output line of a replay."""
    told = [{"event_id": event, "stage": stage} for event, stage in alerts]
    return {"relevant": relevant, "lang": "en", "mentions": list(mentions), "alerts": told}


def figures(items: list[GoldItem], *answers: dict[str, Any]) -> dict[str, Figure]:
    """The figures by name."""
    return {figure.name: figure for figure in scoring.figures(scoring.score(items, answers), 50)}


def values(items: list[GoldItem], *answers: dict[str, Any]) -> dict[str, float | None]:
    """The values of the figures by name."""
    return {name: figure.value for name, figure in figures(items, *answers).items()}


def test_right_answers_are_worth_one(tmp_path: Path) -> None:
    items = labelled(tmp_path, {"mentions": [ROUND], "alerts": [{"event": "round-18", "stage": "held"}]})
    found = values(items, answer(coded(), alerts=(("7", "held"),)))
    wrong = {name for name in found if name.endswith("wrong, not empty")} | {"alerts repeated"}
    assert {name: value for name, value in found.items() if value != (0.0 if name in wrong else 1.0)} == {}
    assert scoring.score(items, [answer(coded(), alerts=(("7", "held"),))])[0].faults == []


def test_relevance_is_counted_by_language(tmp_path: Path) -> None:
    items = labelled(tmp_path, {}, {}, {}, {"relevant": False}, {"relevant": False})
    said = [True, True, False, True, False]
    found = values(items, *(answer(relevant=one) for one in said))
    assert found["relevance precision en"] == pytest.approx(2 / 3)
    assert found["relevance recall all"] == pytest.approx(2 / 3)


def test_a_field_is_right_wrong_or_empty(tmp_path: Path) -> None:
    items = labelled(tmp_path, *[{"mentions": [ROUND]}] * 4)
    answers = [coded(round=18), coded(round=8), coded(round=None), coded(round=18)]
    found = values(items, *(answer(one) for one in answers))
    assert (found["round right"], found["round wrong, not empty"]) == (0.5, 0.25)


def test_values_that_are_as_right_count(tmp_path: Path) -> None:
    items = labelled(tmp_path, {"mentions": [{**ROUND, "places": ["Kazan", None], "rounds": [17]}]})
    found = values(items, answer(coded(place=None, round=17)))
    assert (found["place right"], found["round right"]) == (1.0, 1.0)


def test_a_date_is_its_two_days(tmp_path: Path) -> None:
    items = labelled(tmp_path, {"mentions": [ROUND]}, {"mentions": [{**ROUND, "date": None}]})
    later = {"start": "2023-09-19", "end": "2023-09-20", "precision": "range"}
    found = values(items, answer(coded(date=later)), answer(coded(date=None)))
    assert (found["date right"], found["date wrong, not empty"]) == (0.5, 0.5)


def test_what_is_missed_and_what_is_too_many(tmp_path: Path) -> None:
    items = labelled(tmp_path, {"mentions": [ROUND]}, {"mentions": [ROUND]}, {"relevant": False})
    found = values(items, answer(coded()), answer(), answer(coded(kind="patrol"), relevant=False))
    # One found, one missed, one invented.
    assert found["mentions F1"] == pytest.approx(2 / (2 + 1 + 1))
    assert found["kind F1 consultation_round"] == pytest.approx(2 / 3)
    assert found["kind F1 patrol"] == 0.0
    assert found["kind macro-F1"] == pytest.approx(2 / 3), "a kind that the gold does not hold is no class"


def test_an_optional_mention_may_be_given_or_not(tmp_path: Path) -> None:
    items = labelled(tmp_path, *[{"mentions": [{**ROUND, "optional": True}]}] * 2)
    assert values(items, answer(coded()), answer())["mentions F1"] is None


def test_officials_are_counted_one_by_one(tmp_path: Path) -> None:
    items = labelled(tmp_path, {"mentions": [ROUND]})
    found = values(items, answer(coded(officials=[{"id": "wang_yi"}, {"id": "sergei_shoigu"}])))
    assert found["officials F1"] == 0.5


def test_b_cubed_tells_joins_from_splits(tmp_path: Path) -> None:
    other = {**ROUND, "event": "round-19", "round": 19}
    items = labelled(tmp_path, {"mentions": [ROUND]}, {"mentions": [ROUND]}, {"mentions": [other]})
    joined = values(items, answer(coded()), answer(coded()), answer(coded(round=19)))
    assert joined["events B-cubed precision"] == pytest.approx((2 / 3 + 2 / 3 + 1 / 3) / 3)
    assert joined["events B-cubed recall"] == 1.0
    split = values(items, answer(coded("7")), answer(coded("8")), answer(coded("9", round=19)))
    assert split["events B-cubed precision"] == 1.0
    assert split["events B-cubed recall"] == pytest.approx((0.5 + 0.5 + 1) / 3)


def test_alerts_are_right_once_and_then_repeated(tmp_path: Path) -> None:
    told = {"mentions": [ROUND], "alerts": [{"event": "round-18", "stage": "held"}]}
    missed = {
        "mentions": [{**ROUND, "event": "round-19", "round": 19}],
        "alerts": [{"event": "round-19", "stage": "held"}],
    }
    items = labelled(tmp_path, told, {"mentions": [ROUND]}, missed)
    found = values(
        items,
        answer(coded("7"), alerts=(("7", "under_way"),)),
        answer(coded("8"), alerts=(("8", "held"),)),
        answer(coded("9", round=19), alerts=(("9", "cancelled"),)),
    )
    # Begun and held are one; the second event is the same one again; the third tells a wrong stage.
    assert found["alerts precision"] == pytest.approx(1 / 3)
    assert found["alerts repeated"] == pytest.approx(1 / 3)
    assert found["alerts recall"] == 0.5


def test_intervals_hold_the_value_and_shrink_with_agreement(tmp_path: Path) -> None:
    items = labelled(tmp_path, *[{}] * 20)
    mixed = figures(items, *(answer(relevant=number % 2 == 0) for number in range(20)))[
        "relevance recall all"
    ]
    assert mixed.low is not None and mixed.high is not None and mixed.value is not None
    assert mixed.low < mixed.value < mixed.high
    certain = figures(items, *[answer()] * 20)["relevance recall all"]
    assert (certain.low, certain.high) == (1.0, 1.0)


def test_a_line_that_is_no_item_is_named(tmp_path: Path) -> None:
    (tmp_path / "dev").mkdir()
    (tmp_path / "dev" / "items.jsonl").write_text('{"id": "a", "title": "t"}\n', encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"dev/items\.jsonl:1: gold: Field required"):
        gold.read(tmp_path, "dev")
    with pytest.raises(FileNotFoundError, match="no gold items"):
        gold.read(tmp_path, "test")


def test_items_are_fed_in_order_of_time_whatever_their_files(tmp_path: Path) -> None:
    folder = tmp_path / "dev"
    folder.mkdir()
    usual = {"title": "t", "gold": {"relevant": False, "why": "", "mentions": [], "alerts": []}}
    for name, day in (("a", 2), ("b", 1)):
        row = {"id": name, "published": datetime(2024, 1, day).astimezone().isoformat(), **usual}
        (folder / f"{name}.jsonl").write_text(json.dumps(row), encoding="utf-8")
    assert [item.line.id for item in gold.read(tmp_path, "dev")] == ["b", "a"]
