"""What is stored, how it is read, and how it would be read by other rules: from the command's side."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from dragoman import listed, show
from dragoman.explain import explanation
from dragoman.lexicon import lacking, tried
from dragoman.recoding import recode
from tasks.code import station as coding
from tasks.code.rules import compile_rules
from tasks.settings import configuration
from tasks.settings.environment import ROOT, Environment, from_environment
from tasks.store import items, sources
from tasks.store.database import Connection
from tasks.store.items import FoundItem
from tests.support.emptied import database, kept_database  # noqa: F401
from tests.support.sources import a_source

NOW = datetime.now(UTC) - timedelta(hours=1)
TITLE = "China and Hungary sign agreement on law enforcement cooperation"
BODY = (
    "Wang Xiaohong and Interior Minister Sandor Pinter signed an agreement on law enforcement and security "
    "cooperation in Budapest on Friday. Deputy minister Attila Kovacs of Hungary took part in the talks on "
    "law enforcement between China and Hungary. It was round 7bis of the security consultation."
)


@pytest.fixture
def environment(database: str, tmp_path: Path) -> Environment:  # noqa: F811
    shutil.copytree(ROOT / "config", tmp_path / "config")
    known = from_environment({"DRAGOMAN_HOME": str(tmp_path / "home")})
    return replace(known, database=database, configuration=tmp_path / "config")


@pytest.fixture
def stored(db: Connection, environment: Environment) -> None:
    """Two items, coded by the configuration as it is."""
    sources.synchronise(db, [a_source(id="paper", pages="never")], NOW)
    found = [
        FoundItem(keys=("one",), title=TITLE, body=BODY, published=NOW),
        FoundItem(keys=("two",), title="Stocks [red]rise", body="The market opened higher.", published=NOW),
    ]
    items.add(db, "paper", found, NOW, baseline=False)
    rules = compile_rules(configuration.load(environment.configuration))
    coding.pass_gate(db, rules, 10, NOW)
    coding.code_items(db, rules, 10, NOW)
    db.execute("update item set awaits = null")


def shown(print_on: Callable[[Console], None], *, colour: bool = False) -> str:
    console = Console(width=200, force_terminal=colour, color_system="standard" if colour else None)
    with console.capture() as capture:
        print_on(console)
    return capture.get()


def close_the_gate(environment: Environment) -> None:
    path = environment.configuration / "gate.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("passes_at: 4", "passes_at: 14"), encoding="utf-8"
    )


@pytest.mark.usefixtures("stored")
def test_items_are_listed_with_the_numbers_that_explain_takes(
    db: Connection, environment: Environment
) -> None:
    found = items.recent(db, 10)
    assert [row["title"] for row in found] == ["Stocks [red]rise", TITLE]
    assert "Stocks [red]rise" in shown(lambda out: listed.items(out, found))
    described = explanation(environment, str(found[1]["item"]), None, None)
    assert described["item"]["relevant"]


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize(
    ("filters", "titles"),
    [
        ({"relevant": True}, [TITLE]),
        ({"relevant": False}, ["Stocks [red]rise"]),
        ({"words": "STOCKS"}, ["Stocks [red]rise"]),
        ({"words": "%"}, []),
        ({"least": 0.5}, [TITLE]),
        ({"source": "other"}, []),
        ({"awaits": "code"}, []),
        ({"since": NOW + timedelta(minutes=1)}, []),
    ],
    ids=["relevant", "not", "words", "no-pattern", "least", "source", "awaits", "since"],
)
def test_items_can_be_filtered(db: Connection, filters: dict[str, Any], titles: list[str]) -> None:
    assert [row["title"] for row in items.recent(db, 10, **filters)] == titles


@pytest.mark.usefixtures("stored")
def test_a_recode_shows_what_it_would_do_and_does_it_when_asked(
    db: Connection, environment: Environment
) -> None:
    close_the_gate(environment)
    said: list[tuple[int, int]] = []

    def run(*, applies: bool) -> dict[str, Any]:
        done = recode(environment, applies=applies, days=None, progress=lambda *numbers: said.append(numbers))
        return done.described()

    preview = run(applies=False)
    assert preview["counts"] == {"no longer relevant": 1, "mention removed": 1}
    assert said[-1] == (1, 1)
    text = shown(lambda out: listed.recoded(out, preview))
    assert "dragoman recode --apply" in text
    assert TITLE in text
    assert [row["relevant"] for row in items.recent(db, 10)] == [False, True]

    applied = run(applies=True)
    assert (applied["applied"], applied["counts"]) == (True, preview["counts"])
    assert [row["relevant"] for row in items.recent(db, 10)] == [False, False]
    assert run(applies=True)["items"] == 0


@pytest.mark.usefixtures("stored")
def test_an_explanation_shows_the_text_with_its_words_and_quotes_set_off(
    db: Connection, environment: Environment
) -> None:
    number = items.recent(db, 10)[1]["item"]
    described = explanation(environment, str(number), None, None)
    text = described["text"]
    assert all(text[mark["start"] : mark["end"]] == mark["form"] for mark in described["marks"])
    for mention in described["mentions"]:
        for evidence in mention["evidence"].values():
            if evidence["start"] >= 0:
                assert text[evidence["start"] :].startswith(evidence["quote"])
    parts = {part["part"]: part for part in described["gate"]["parts"]}
    assert parts["china"]["form"] == "China"
    assert "every watched dyad" in parts["china"]["reason"]

    plain = shown(lambda out: show.explanation(out, described, as_json=False))
    assert "Attila Kovacs" in plain
    assert "\x1b" not in plain
    coloured = shown(lambda out: show.explanation(out, described, as_json=False), colour=True)
    assert "\x1b[1;36m" in coloured


def test_a_text_is_tried_against_the_lists(environment: Environment) -> None:
    found = tried(environment, "中俄举行第二十轮战略安全磋商", None)
    assert found["language"] == "zh"
    assert {"pair", "mechanism"} <= {hit["class"] for hit in found["hits"]}
    assert found["gate"]["passed"]
    assert "passed" in shown(lambda out: listed.tried(out, found))


def test_the_verdict_says_what_a_text_lacks(environment: Environment) -> None:
    found = tried(environment, "Hungary signs a law enforcement agreement", "en")
    assert (found["gate"]["passed"], found["gate"]["lacks"]) == (False, ["party"])
    assert "nothing in it shows a party" in shown(lambda out: listed.tried(out, found))


def test_a_phrase_that_takes_words_with_it_is_shown(environment: Environment) -> None:
    found = tried(environment, "China and Hungary speak of food security", "en")
    assert [hit["form"] for hit in found["excluded"]] == ["food security"]


def test_what_is_typed_is_no_markup(environment: Environment) -> None:
    found = tried(environment, "[bold]China[/bold] \x1b[31m", "en")
    assert "[bold]China[/bold]" in shown(lambda out: listed.tried(out, found))


def test_a_language_without_a_lexicon_is_told(environment: Environment) -> None:
    with pytest.raises(LookupError, match="no lexicon for `tlh`"):
        tried(environment, "nuqneH", "tlh")


@pytest.mark.usefixtures("stored")
def test_what_the_lists_lack_is_found_beside_strong_words(environment: Environment) -> None:
    found = {(gap["lack"], gap["form"]) for gap in lacking(environment, 7, 20)}
    assert ("name", "Attila Kovacs") in found
    assert not any("Pinter" in form for _, form in found)
    assert lacking(environment, 7, 20)[0]["lack"] == "ordinal"
