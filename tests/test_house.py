"""The walls of the house: imports run one way, and SQL stands in files."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tasks.settings.environment import ROOT

STATIONS = ("fetch", "read", "code", "resolve", "alert")
MODULES = [path for room in ("dragoman", "flows", "tasks") for path in sorted((ROOT / room).rglob("*.py"))]


def _imports(path: Path) -> Iterator[str]:
    """The modules that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


def _room(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


@pytest.mark.parametrize("path", MODULES, ids=[_room(path) for path in MODULES])
def test_imports_run_one_way(path: Path) -> None:
    room = _room(path)
    imported = set(_imports(path))
    above = {"flows": ("dragoman",), "tasks": ("dragoman", "flows")}.get(room.split(".")[0], ())
    assert not [name for name in imported if name.split(".")[0] in above]


@pytest.mark.parametrize(
    "path", [path for path in MODULES if _room(path).startswith("tasks.")], ids=lambda path: _room(path)
)
def test_a_station_knows_the_nouns_the_settings_and_the_store_alone(path: Path) -> None:
    room = _room(path).split(".")[1]
    imported = [name for name in _imports(path) if name.startswith("tasks.")]
    allowed = {"model", "settings", "store", room}
    if room == "store":
        allowed = {"model", "settings", "store"}
    if room in ("settings", "model"):
        allowed = {"model", "settings"}
    assert {name.split(".")[1] for name in imported} <= allowed


@pytest.mark.parametrize(
    "path", [path for path in MODULES if _room(path).startswith("tasks.")], ids=lambda path: _room(path)
)
def test_prefect_is_imported_only_where_work_is_named(path: Path) -> None:
    if path.name != "work.py":
        assert not [name for name in _imports(path) if name.split(".")[0] == "prefect"]


def test_every_query_file_is_used() -> None:
    """A query that nothing asks is dead."""
    code = "\n".join(path.read_text(encoding="utf-8") for path in MODULES)
    queries = ROOT / "tasks" / "store" / "queries"
    names = [path.relative_to(queries).with_suffix("").as_posix() for path in queries.rglob("*.sql")]
    assert [name for name in names if f'"{name}"' not in code] == []


def test_no_file_names_a_host_that_packages_come_from() -> None:
    for name in ("requirements.txt", "requirements-dev.txt", "pyproject.toml"):
        assert not re.search(r"https?://", (ROOT / name).read_text(encoding="utf-8")), name
