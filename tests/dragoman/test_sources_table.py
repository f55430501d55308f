"""`dragoman sources`: how each source is, why, and what to do; and a source let back in."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from dragoman import terminal
from dragoman.cli import app
from tasks.fetch.concerns import SILENT
from tasks.settings.environment import ROOT
from tasks.store import concerns, items, sources
from tasks.store.concerns import Concern
from tasks.store.database import Connection
from tasks.store.items import FoundItem
from tasks.store.sources import Attempt, Found, SourceState
from tests.support import emptied
from tests.support.sources import a_source

database = emptied.database
kept_database = emptied.kept_database
NOW = datetime.now(UTC)
IDENTITY = {"title": "Desk", "home": None, "hosts": []}
Run = Callable[..., str]


@pytest.fixture
def run(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command on the test's store, with two sources in the configuration; what it prints."""
    config = tmp_path / "config"
    (config / "sources").mkdir(parents=True)
    for path in (ROOT / "config").iterdir():
        if path.name != "sources":
            (config / path.name).symlink_to(path)
    rows = [a_source("desk", rank=1), a_source("other", "https://other.example.net/feed")]
    text = yaml.safe_dump([row.model_dump(mode="json", exclude_defaults=True) for row in rows])
    (config / "sources" / "local.yaml").write_text(text)
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.setenv("DRAGOMAN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DRAGOMAN_CONFIG", str(config))
    monkeypatch.setattr(terminal.out, "width", 200)

    def call(*words: str, status: int = 0) -> str:
        result = CliRunner().invoke(app, ["sources", *words])
        assert result.exit_code == status, result.output
        if status and result.exception and not isinstance(result.exception, SystemExit):
            return str(result.exception)
        return result.output

    return call


def hijack(db: Connection) -> None:
    """Let the desk be somebody else, with one item kept back."""
    sources.synchronise(db, [a_source("desk", rank=1)], NOW)
    with db.transaction():
        items.add(db, "desk", [FoundItem(("guid:1",), "One")], NOW, baseline=False, keep_back=True)
        found = Found(
            SourceState.HIJACKED, "it calls itself “Casino”", 1, 1, 0, identity=IDENTITY, stranger=IDENTITY
        )
        sources.mark_read(db, "desk", found, NOW, None)


def test_the_table_says_why_and_what_to_do(db: Connection, run: Run) -> None:
    hijack(db)
    db.execute("update source set gap = '30 hours' where id = 'desk'")
    concerns.reconcile(db, [SILENT], [Concern(SILENT, "desk", "The Desk (desk) is silent.")], NOW)
    told = run()
    assert "2 sources: 1 hijacked, 1 new" in told
    for words in (
        "It calls itself “Casino”.",
        "1 item is kept back",
        "dragoman sources trust desk",
        "30 hours",
        "30 days, not learned yet",
        "The Desk (desk) is silent.",
    ):
        assert words in told, words


def test_the_same_as_json(db: Connection, run: Run) -> None:
    hijack(db)
    db.execute("update source set gap = '30 hours' where id = 'desk'")
    concerns.reconcile(db, [SILENT], [Concern(SILENT, "desk", "The Desk (desk) is silent.")], NOW)
    desk, other = json.loads(run("--json"))
    assert (desk["state"], desk["kept_back"], desk["expected_gap_hours"]) == ("hijacked", 1, 30.0)
    assert desk["concerns"][0]["kind"] == SILENT
    assert "trust desk" in desk["advice"]
    assert (other["state"], other["expected_gap_hours"], other["concerns"]) == ("new", None, [])


def test_only_those_in_a_state(db: Connection, run: Run) -> None:
    hijack(db)
    assert [row["id"] for row in json.loads(run("--json", "--state", "new", "--state", "stale"))] == ["other"]
    assert "no source is ever happy" in run("--state", "happy", status=2)


def test_b38_a_source_is_let_back_in(db: Connection, run: Run) -> None:
    hijack(db)
    assert "1 item that was kept back" in run("trust", "desk")
    assert items.waiting(db) == {"gate": 1}
    assert "nothing is held against a source `desk`" in run("trust", "desk", status=1)


def test_b90_what_was_asked_of_each_host(db: Connection, run: Run) -> None:
    sources.synchronise(db, [a_source("desk", rank=1)], NOW)
    url = "https://news.example.org/feed"
    for outcome, status, ago in (("ok", 200, 1), ("failed", 500, 2), ("failed", 500, 30)):
        sources.log(db, "desk", Attempt(url, outcome, 0.25, status, 1000), NOW - timedelta(hours=ago))
    news, other = json.loads(run("--hosts", "--json"))
    assert (news["host"], news["asked"], news["ok"], news["failed"]) == ("news.example.org", 2, 1, 1)
    assert (news["bytes"], news["milliseconds"], news["states"]) == (2000, 250, {"new": 1})
    assert (other["host"], other["asked"]) == ("other.example.net", 0)
    assert "news.example.org" in run("--hosts")
