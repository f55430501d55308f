"""`dragoman config check` names file, line and field of every mistake, all at once."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from dragoman.checking import check
from tasks.settings.environment import ROOT, Environment, from_environment

# A file, the text that is there, what an analyst in a hurry makes of it, and the field that is to blame.
PLANTED = [
    ("sources/hungary.yaml", "rank: ", "rank: 7 #", "rank"),
    ("sources/russia.yaml", "zone: Europe/Moscow", "zone: Europe/Moskow", "zone"),
    ("sources/vietnam.yaml", "language: vi", "language: Vietnamese", "language"),
    ("actors/states.yaml", "europe: true", "europe: mostly", "europe"),
    ("actors/officials.yaml", "state: RUS", "state: RUX", "state"),
    ("mechanisms.yaml", "dyad: CHN-RUS", "dyad: RUS-CHN", "dyad"),
    ("mechanisms.yaml", "numbered: true", "numberd: true", "numberd"),
    ("lexicon/en.yaml", "class: unit", "class: units", "class"),
    ("gate.yaml", "signal: pair", "signal: pairs", "signal"),
    ("watch.yaml", None, "freshness_days: soon\n", "freshness_days"),
    ("channels.yaml", "channels: []", "channels:\n- {id: desk, kind: pigeon, url: 'file:///a'}", "kind"),
]


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    shutil.copytree(ROOT / "config", tmp_path / "config")
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    return replace(from_environment({}), configuration=tmp_path / "config", seeds=tmp_path / "seeds")


def test_the_project_s_own_configuration_has_no_mistakes(environment: Environment) -> None:
    assert check(environment) == []


def test_planted_mistakes_are_all_told_each_with_its_line(environment: Environment) -> None:
    expected = []
    for name, there, planted, field in PLANTED:
        path = environment.configuration / name
        text = path.read_text(encoding="utf-8")
        at = text.index(there) if there else len(text)
        changed = text.replace(there, planted, 1) if there else text + planted
        path.write_text(changed, encoding="utf-8")
        line = changed[: at + planted.index(planted.strip().split("\n")[-1])].count("\n") + 1
        expected.append((name, line, field))
    found = [(mistake.file, mistake.line, mistake.field) for mistake in check(environment)]
    assert len(found) == len(PLANTED)
    for name, line, field in expected:
        assert any(one[0] == name and abs(one[1] - line) <= 0 and field in one[2] for one in found), (
            name, line, field, found,
        )  # fmt: skip


def test_a_stranger_in_the_register_is_told_with_its_line(environment: Environment) -> None:
    path = environment.seeds / "register.yaml"
    text = path.read_text(encoding="utf-8").replace("{id: tang_jiaxuan", "{id: tang_who", 1)
    path.write_text(text, encoding="utf-8")
    (mistake,) = check(environment)
    assert mistake.line == text[: text.index("tang_who")].count("\n") + 1
    assert "tang_who" in mistake.message


def test_a_file_that_is_no_yaml_does_not_hide_the_others(environment: Environment) -> None:
    (environment.configuration / "watch.yaml").write_text("kinds: [agreement", encoding="utf-8")
    (environment.configuration / "mechanisms.yaml").write_text("- id: X\n", encoding="utf-8")
    files = {mistake.file for mistake in check(environment)}
    assert {"watch.yaml", "mechanisms.yaml"} <= files


def test_a_missing_folder_is_a_mistake(environment: Environment) -> None:
    shutil.rmtree(environment.configuration)
    (mistake,) = check(environment)
    assert "is no folder" in mistake.message


def test_a_file_of_states_that_cannot_be_read_is_one_mistake(environment: Environment) -> None:
    (environment.configuration / "actors" / "states.yaml").write_text("- {id: CHN", encoding="utf-8")
    (mistake,) = check(environment)
    assert mistake.file == "actors/states.yaml"
