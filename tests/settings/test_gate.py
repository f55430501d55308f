"""The gate's weights: what an analyst can get wrong in them is told with its line."""

from pathlib import Path

import pytest

from tasks.settings import gate
from tasks.settings.environment import ROOT
from tasks.settings.gate import Scales, Signal
from tasks.settings.located import Mistake

OURS = (ROOT / "config" / "gate.yaml").read_text(encoding="utf-8")


def loaded(path: Path, text: str) -> tuple[Scales, list[Mistake]]:
    path.write_text(text, encoding="utf-8")
    mistakes: list[Mistake] = []
    return gate.load(path, mistakes), mistakes


def test_every_signal_has_a_weight_and_a_reason(tmp_path: Path) -> None:
    scales, mistakes = loaded(tmp_path / "gate.yaml", OURS)
    assert mistakes == []
    assert set(scales.by_signal) == set(Signal)
    assert all(row.reason for row in scales.weights)


@pytest.mark.parametrize(
    ("there", "planted", "field", "said"),
    [
        ("weight: 2, shows: [party], reason: \"China's", "weight: two, shows: [party], reason: \"China's", "weights[0].weight", "integer"),
        ("signal: other,", "signal: others,", "weights[3].signal", "should be"),
        ("signal: other,", "signal: pair,", "weights[3].signal", "given twice"),
        ("shows: [party, security]", "shows: [party, peace]", "weights[5].shows[1]", "should be"),
        ("passes_at: 4", "passes_at: 90", "passes_at", "the heaviest weighs 14"),
        ("full: 12", "fill: 12", "fill", "not permitted"),
    ],
    ids=["no number", "unknown signal", "signal twice", "shows what is not asked", "out of reach", "unknown key"],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line(
    there: str, planted: str, field: str, said: str, tmp_path: Path
) -> None:
    changed = OURS.replace(there, planted, 1)
    assert changed != OURS
    _, mistakes = loaded(tmp_path / "gate.yaml", changed)
    line = OURS[: OURS.index(there)].count("\n") + 1
    assert any(
        (one.file, one.line, one.field) == ("gate.yaml", line, field) and said in one.message
        for one in mistakes
    ), mistakes


def test_a_signal_without_a_row_is_missed(tmp_path: Path) -> None:
    without = "\n".join(line for line in OURS.splitlines() if "signal: topic," not in line)
    _, mistakes = loaded(tmp_path / "gate.yaml", without)
    assert [one.message for one in mistakes] == ["gives no weight to `topic`"]


def test_a_text_must_be_able_to_show_what_it_is_of(tmp_path: Path) -> None:
    _, mistakes = loaded(tmp_path / "gate.yaml", OURS.replace(", security]", "]").replace("[security]", "[]"))
    assert [one.message for one in mistakes] == ["nothing shows `security`, and no text can pass without it"]


def test_without_the_file_nothing_is_weighed_in_silence(tmp_path: Path) -> None:
    mistakes: list[Mistake] = []
    gate.load(tmp_path / "gate.yaml", mistakes)
    assert [one.file for one in mistakes] == ["gate.yaml"]
