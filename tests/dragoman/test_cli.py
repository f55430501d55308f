"""The command line as its user has it: what it prints, and the status that a script goes by."""

import json
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from tasks.settings.environment import ROOT
from tasks.store import server as embedded
from tests.support import commands, site
from tests.support.commands import COMMAND, environment
from tests.support.newsroom import configure, story


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """A home folder that the account which root lends to the database can enter."""
    with tempfile.TemporaryDirectory(prefix="dragoman-cli-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)
        yield Path(folder) / "home"


def dragoman(home: Path, *words: str, **own: str) -> subprocess.CompletedProcess[str]:
    env = environment(DRAGOMAN_HOME=str(home), **own)
    return subprocess.run(
        [*COMMAND, *words], env=env, capture_output=True, text=True, timeout=110, check=False
    )


@pytest.mark.parametrize(
    "words",
    [(), ("demo",), ("up",), ("once",), ("replay",), ("explain",), ("events",), ("sources",), ("sources", "check"),
     ("items",), ("recode",), ("lexicon",), ("lexicon", "try"), ("lexicon", "gaps"), ("sources", "add"), ("sources", "import"), ("sources", "export"), ("alerts",),
     ("alerts", "test"), ("config",), ("config", "check"), ("db",), ("db", "migrate"), ("db", "backup"),
     ("db", "restore"), ("worker",), ("setup",)],
    ids=" ".join,
)  # fmt: skip
def test_every_command_explains_itself(words: tuple[str, ...], home: Path) -> None:
    result = dragoman(home, *words, "--help")
    assert result.returncode == 0
    assert "Usage" in result.stdout


def test_an_unknown_command_is_the_caller_s_mistake(home: Path) -> None:
    assert dragoman(home, "evnets").returncode == 2


def test_the_configuration_of_the_project_is_right(home: Path) -> None:
    result = dragoman(home, "config", "check")
    assert (result.returncode, result.stdout.strip()) == (0, "no mistakes")


def test_mistakes_are_told_with_their_lines_and_leave_with_1(home: Path, tmp_path: Path) -> None:
    (tmp_path / "watch.yaml").write_text("freshness_days: 0\n", encoding="utf-8")
    result = dragoman(home, "config", "check", "--json", DRAGOMAN_CONFIG=str(tmp_path))
    assert result.returncode == 1
    rows = json.loads(result.stdout)
    assert {"file": "watch.yaml", "line": 1, "field": "freshness_days"}.items() <= next(
        row for row in rows if row["file"] == "watch.yaml"
    ).items()


def test_lists_are_json_for_a_program(home: Path) -> None:
    for words in (("events",), ("events", "--dyad", "CHN-RUS", "--history"), ("alerts",), ("sources",)):
        result = dragoman(home, *words, "--json")
        assert result.returncode == 0, result.stderr
        assert isinstance(json.loads(result.stdout), list)


def test_the_sources_of_the_configuration_are_listed(home: Path) -> None:
    rows = json.loads(dragoman(home, "sources", "--json").stdout)
    assert len([row for row in rows if row["enabled"]]) >= 70


def test_a_backup_is_restored_only_where_nothing_is_lost(home: Path, tmp_path: Path) -> None:
    backup = tmp_path / "store.backup"
    assert dragoman(home, "db", "backup", str(backup)).returncode == 0
    refused = dragoman(home, "db", "restore", str(backup))
    assert refused.returncode == 1
    assert "dragoman:" in refused.stderr
    assert dragoman(home, "db", "restore", str(backup), "--replace").returncode == 0
    assert "up to date" in dragoman(home, "db", "migrate").stdout


def test_a_file_is_explained(home: Path, tmp_path: Path) -> None:
    text = tmp_path / "item.txt"
    text.write_text(
        "China and Hungary sign documents\nWang Xiaohong and Interior Minister Sandor Pinter signed documents on law "
        "enforcement and security cooperation in Budapest on Friday.",
        encoding="utf-8",
    )
    result = dragoman(home, "explain", str(text), "--published", "2024-02-17", "--json")
    described = json.loads(result.stdout)
    (mention,) = described["mentions"]
    assert described["item"]["relevant"]
    assert mention["evidence"]["place"] == {
        "quote": "Budapest", "rule": "place.stated", "start": mention["evidence"]["place"]["start"], "confidence": 1.0,
    }  # fmt: skip
    shown = dragoman(home, "explain", str(text), "--published", "2024-02-17")
    assert "relevant" in shown.stdout
    assert "place.stated" in shown.stdout


def test_what_is_not_there_is_said_in_a_sentence(home: Path) -> None:
    for words in (("explain", "999999"), ("alerts", "test", "nobody")):
        result = dragoman(home, *words)
        assert result.returncode == 1
        assert result.stderr.startswith("dragoman: ")
        assert "Traceback" not in result.stderr


def test_a_register_day_that_is_none_is_refused(home: Path, tmp_path: Path) -> None:
    items = tmp_path / "items.jsonl"
    items.write_text('{"id": "1", "title": "a"}', encoding="utf-8")
    assert dragoman(home, "replay", str(items), "--register", "yesterday").returncode == 2
    assert dragoman(home, "replay", str(items), "--alert", "party").returncode == 2


def test_the_readme_names_every_command(home: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for command in (
        "demo",
        "up",
        "once",
        "replay",
        "explain",
        "events",
        "sources",
        "alerts",
        "config check",
        "db",
    ):
        assert f"dragoman {command}" in readme, command


@pytest.mark.parametrize("words", [("events",), ("up",), ("db", "backup", "unwritten.backup")], ids=" ".join)
@pytest.mark.parametrize(
    ("dsn", "said"),
    [
        ("postgres//u:SECRETPW@localhost/db", "DATABASE_URL"),
        ("postgresql://u:SEC%RETPW@localhost/db", "DATABASE_URL"),
        ("postgresql://u:SECRETPW@127.0.0.1:1/db?connect_timeout=2", "127.0.0.1"),
        ("postgresql://u:SECRETPW@host.invalid/db?connect_timeout=2", "host.invalid"),
    ],
    ids=["no scheme", "no percent code", "nobody answers", "no such host"],
)
def test_no_complaint_about_the_database_shows_its_password(
    dsn: str, said: str, words: tuple[str, ...], tmp_path: Path
) -> None:
    result = dragoman(tmp_path / "home", *words, DATABASE_URL=dsn)
    assert result.returncode == 1
    told = result.stdout + result.stderr
    assert said in told
    assert "RETPW" not in told
    assert "Traceback" not in told
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not [path for path in written if b"RETPW" in path.read_bytes()]


def test_a_wrong_password_is_not_shown(tmp_path: Path) -> None:
    with (
        tempfile.TemporaryDirectory(prefix="dragoman-cli-", ignore_cleanup_errors=True) as folder,
        embedded.running(Path(folder)) as server,
    ):
        with psycopg.connect(server.dsn("postgres"), autocommit=True) as db:
            db.execute("create role guest login password 'right'")
            (rules,) = db.execute("show hba_file").fetchone() or ("",)
            known = Path(rules).read_text(encoding="utf-8")
            Path(rules).write_text(f"local all guest scram-sha-256\n{known}", encoding="utf-8")
            db.execute("select pg_reload_conf()")
        wrong = make_conninfo(server.dsn("postgres"), user="guest", password="SECRETPW")
        commands.until(lambda: _refused(wrong))
        for words in (("events",), ("up",), ("db", "backup", str(tmp_path / "unwritten.backup"))):
            result = dragoman(tmp_path / "home", *words, DATABASE_URL=wrong)
            told = result.stdout + result.stderr
            assert result.returncode == 1
            assert "authentication failed" in told
            assert "RETPW" not in told
            assert "Traceback" not in told


def _refused(dsn: str) -> bool:
    try:
        psycopg.connect(dsn).close()
    except psycopg.OperationalError:
        return True
    return False


def test_a_cycle_whose_step_failed_says_what_it_did_and_why(tmp_path: Path) -> None:
    with (
        site.running() as outlets,
        tempfile.TemporaryDirectory(prefix="dragoman-cli-", ignore_cleanup_errors=True) as folder,
    ):
        Path(folder).chmod(0o711)
        place = Path(folder) / "home"
        outlets.set("/hungary", story("hungary"))
        config = str(configure(tmp_path / "config", outlets, ["hungary"], []))
        assert dragoman(place, "db", "migrate").returncode == 0
        with (
            embedded.running(place / "postgres") as server,
            psycopg.connect(server.dsn("dragoman"), autocommit=True) as db,
        ):
            db.execute("alter table item_alias rename to mislaid")
        result = dragoman(place, "once", "--json", DRAGOMAN_CONFIG=config)
    assert result.returncode == 1
    assert json.loads(result.stdout)["polled"] == 1
    (told,) = [line for line in result.stderr.splitlines() if line.startswith("dragoman: ")]
    assert "item_alias" in told
    assert "Traceback" not in result.stderr
