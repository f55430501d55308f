from datetime import timedelta
from pathlib import Path

import pytest

from tasks.model import Kind
from tasks.settings import watch
from tasks.settings.environment import ROOT
from tasks.settings.located import Mistake


def read(tmp_path: Path, text: str) -> tuple[watch.Watch, list[Mistake]]:
    path = tmp_path / "watch.yaml"
    path.write_text(text, encoding="utf-8")
    mistakes: list[Mistake] = []
    return watch.load(path, mistakes), mistakes


def test_by_default_agreements_and_rounds_of_all_dyads_alert_for_fourteen_days(tmp_path: Path) -> None:
    found, mistakes = read(tmp_path, "")
    assert mistakes == []
    assert found.dyads is None
    assert found.kinds == {Kind.AGREEMENT, Kind.CONSULTATION_ROUND}
    assert found.freshness == timedelta(days=14)


def test_the_shipped_file_says_what_the_default_is() -> None:
    mistakes: list[Mistake] = []
    assert watch.load(ROOT / "config" / "watch.yaml", mistakes) == watch.Watch()
    assert mistakes == []


def test_an_analyst_sets_dyads_kinds_and_window(tmp_path: Path) -> None:
    found, mistakes = read(tmp_path, "dyads: [CHN-RUS, BLR-CHN]\nkinds: [patrol]\nfreshness_days: 3\n")
    assert mistakes == []
    assert found.dyads == frozenset({"CHN-RUS", "BLR-CHN"})
    assert found.kinds == {Kind.PATROL}
    assert found.freshness == timedelta(days=3)


@pytest.mark.parametrize(
    ("text", "line", "field"),
    [
        ("kinds: [agreement]\ndyads: [RUS-CHN]\n", 2, "dyads"),
        ("dyads:\n- CHN-RUS\n- HUN-RUS\n", 3, "dyads[1]"),
        ("dyads: [chn-rus]\n", 1, "dyads"),
        ("dyads: []\n", 1, "dyads"),
        ("kinds: [summit]\n", 1, "kinds"),
        ("freshness_days: 0\n", 1, "freshness_days"),
        ("freshness_day: 3\n", 1, "freshness_day"),
        ("- 1\n", 1, ""),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, text: str, line: int, field: str) -> None:
    _, mistakes = read(tmp_path, text)
    assert mistakes
    assert mistakes[0].line == line
    assert mistakes[0].field.startswith(field)


def test_a_missing_file_is_a_mistake(tmp_path: Path) -> None:
    mistakes: list[Mistake] = []
    watch.load(tmp_path / "watch.yaml", mistakes)
    assert "cannot be read" in mistakes[0].message
