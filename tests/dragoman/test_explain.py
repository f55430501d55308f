"""`dragoman explain`: an item by its number or address, else a file; and what cannot be explained."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console

from dragoman import show
from dragoman.explain import explanation
from tasks.settings.environment import Environment, from_environment
from tasks.store import items, sources
from tasks.store.database import Connection
from tasks.store.items import FoundItem
from tests.support.sources import a_source

NOW = datetime(2024, 2, 17, 12, 0, tzinfo=UTC)
TEXT = (
    "China and Hungary sign documents\n"
    "Wang Xiaohong and Interior Minister Sandor Pinter signed documents on law enforcement and security "
    "cooperation in Budapest on Friday."
)


@pytest.fixture
def environment(database: str, tmp_path: Path) -> Environment:
    return replace(from_environment({"DRAGOMAN_HOME": str(tmp_path / "home")}), database=database)


@pytest.fixture
def stored(db: Connection) -> int:
    """The number of an item about a harvest, coded by the rules of another day."""
    source = a_source()
    sources.synchronise(db, [source], NOW)
    found = FoundItem(
        keys=("k",), title="The harvest was good", url="https://news.example.org/1", summary="Very."
    )
    items.add(db, source.id, [found], NOW, baseline=False)
    number = items.number_of(db, source.id, "k")
    items.await_next(db, number, None, NOW, rules="of another day")
    return number


def test_a_number_or_an_address_names_an_item_whatever_files_there_are(
    environment: Environment, stored: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(str(stored)).write_text(TEXT, encoding="utf-8")
    for what in (str(stored), "https://news.example.org/1"):
        assert explanation(environment, what, None, None)["item"]["number"] == stored
    assert explanation(environment, f"./{stored}", "en", NOW)["item"]["relevant"]


def test_a_file_with_a_number_for_a_name_is_read_where_no_item_has_it(
    environment: Environment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("2024").write_text(TEXT, encoding="utf-8")
    assert explanation(environment, "2024", "en", NOW)["item"]["relevant"]


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("7", "no item `7`"),
        ("9" * 30, "no item"),
        ("\u00b2", "no file"),
        ("https://news.example.org/none", "no item"),
        ("nowhere.txt", "no file `nowhere.txt`"),
        ("x" * 5000, "no file"),
        (".", "is a folder"),
    ],
    ids=["number", "long number", "digit that is no number", "address", "file", "long name", "folder"],
)
def test_what_is_missing_is_said_in_a_sentence(environment: Environment, what: str, said: str) -> None:
    with pytest.raises(LookupError, match=said):
        explanation(environment, what, None, None)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_a_file_is_read_whatever_its_encoding(
    environment: Environment, encoding: str, tmp_path: Path
) -> None:
    path = tmp_path / "item.txt"
    path.write_bytes(f"{TEXT} “Done”, they said.".encode(encoding))
    assert explanation(environment, str(path), "en", NOW)["item"]["relevant"]


def test_bytes_that_are_no_text_and_an_empty_file_are_explained(
    environment: Environment, tmp_path: Path
) -> None:
    path = tmp_path / "item.txt"
    for content in (bytes(range(256)) * 20, b"\xff\xfe\xff", b""):
        path.write_bytes(content)
        assert not explanation(environment, str(path), None, None)["item"]["relevant"]


def test_segments_are_shown_of_what_the_gate_has_dropped(environment: Environment, stored: int) -> None:
    described = explanation(environment, str(stored), None, None)
    assert not described["gate"]["passed"]
    assert [segment["begins"] for segment in described["segments"]] == ["The harvest was good\n\nVery."]


def test_it_says_that_the_stored_item_was_coded_by_other_rules(
    environment: Environment, stored: int, db: Connection
) -> None:
    def shown() -> str:
        console = Console(width=200)
        with console.capture() as capture:
            show.explanation(console, explanation(environment, str(stored), None, None), as_json=False)
        return capture.get()

    assert "by other rules (of another day)" in shown()
    today = explanation(environment, str(stored), None, None)["rules"]
    items.await_next(db, stored, None, NOW, rules=today)
    assert "other rules" not in shown()
