"""What a second reader has said is shown by `explain` and listed by `dragoman second-reader`."""

import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console

from dragoman import show
from dragoman.explain import explanation
from dragoman.second_reader import standing
from tasks.settings.environment import Environment, from_environment
from tasks.store import mentions, second_reader, sources
from tasks.store.database import Connection
from tasks.store.second_reader import Endpoint, Key
from tests.alert.stored import store_event, store_report
from tests.support.newsroom import configure
from tests.support.site import running
from tests.support.sources import a_source

NOW = datetime.now(UTC)
KEY = Key(b"question", "prompt", "small-model")
DOUBT = {
    "field": "stage",
    "verdict": "disagree",
    "value": "announced",
    "quote": "[red]to sign[/]",
    "start": 3,
}


@pytest.fixture
def environment(database: str, tmp_path: Path) -> Environment:
    with running() as outlets:
        folder = configure(tmp_path / "config", outlets, ["hungary"], [])
    (folder / "second_reader.yaml").write_text(
        "enabled: true\nlocal: true\nurl: http://127.0.0.1:9/v1\nmodel: small-model\n"
    )
    usual = from_environment({"DRAGOMAN_HOME": str(tmp_path / "home"), "DRAGOMAN_CONFIG": str(folder)})
    return replace(usual, database=database)


@pytest.fixture
def item(db: Connection) -> int:
    """The number of an item with a mention that was shown to the second reader."""
    from tasks.store import items
    from tasks.store.items import FoundItem

    sources.synchronise(db, [a_source()], NOW)
    items.add(db, "desk", [FoundItem(("k",), "China and Russia [red]to sign[/]")], NOW, baseline=False)
    number = items.number_of(db, "desk", "k")
    report = store_report(db, store_event(db), item_id=number)
    db.execute(
        "insert into second_reading (mention_id, attempts, lease_until) values (%s, 1, %s)", [report.id, NOW]
    )
    return number


def shown(described: object, what: str) -> str:
    console = Console(file=io.StringIO(), width=300)
    getattr(show, what)(console, described, as_json=False)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_explain_shows_what_it_says_field_by_field(
    environment: Environment, db: Connection, item: int
) -> None:
    (mention,) = mentions.of_item(db, item)
    second_reader.judge(db, mention.id, KEY, "doubt", [DOUBT], NOW)
    described = explanation(environment, str(item), None, None)
    (found,) = described["second_reader"]
    assert (found["verdict"], found["model"], found["judgements"]) == ("doubt", "small-model", [DOUBT])
    text = shown(described, "explanation")
    assert "second reader small-model on mention 1: doubt" in text
    assert "[red]to sign[/]" in text


def test_explain_says_why_there_is_no_answer(environment: Environment, db: Connection, item: int) -> None:
    (mention,) = mentions.of_item(db, item)
    second_reader.fail(db, mention.id, "it answers 500", NOW, NOW)
    text = shown(explanation(environment, str(item), None, None), "explanation")
    assert "second reader on mention 1: no answer (it answers 500)" in text


def test_what_was_never_shown_is_not_spoken_of(environment: Environment, db: Connection, item: int) -> None:
    db.execute("delete from second_reading")
    described = explanation(environment, str(item), None, None)
    assert described["second_reader"] == []
    assert "second reader" not in shown(described, "explanation")


def test_the_list_names_what_is_doubted_and_what_the_day_has_left(
    environment: Environment, db: Connection, item: int
) -> None:
    (mention,) = mentions.of_item(db, item)
    second_reader.judge(db, mention.id, KEY, "review", [DOUBT], NOW)
    second_reader.reserve(db, NOW.date(), 4321, most_calls=9, most_bytes=9999)
    rests = Endpoint("schema", 1, NOW.replace(year=NOW.year + 1), "it answers 401")
    second_reader.put_endpoint(db, "http://127.0.0.1:9/v1", "small-model", rests)
    described = standing(environment, 10)
    text = shown(described, "second_reader")
    assert "small-model: 1 of 300 calls and 4 of 3000 kB today (UTC)" in text
    assert "it answers 401" in text
    assert "stage (announced)" in text
    assert "review" in text


def test_without_one_the_list_says_so(environment: Environment, db: Connection) -> None:
    (environment.configuration / "second_reader.yaml").unlink()
    assert "no second reader" in shown(standing(environment, 10), "second_reader")
