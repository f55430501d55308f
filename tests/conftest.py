"""One embedded server for the whole run; a migrated database of its own for each test that asks."""

import os
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tasks.store import database as store
from tasks.store import server as embedded
from tasks.store.migrate import migrate

# Before anything imports Prefect: nobody's own files of it are touched.
os.environ["PREFECT_HOME"] = tempfile.mkdtemp(prefix="dragoman-prefect-")

IN_MEMORY = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
_numbers = count()


@pytest.fixture(scope="session")
def server() -> Iterator[embedded.Server]:
    """The embedded server with its promises to the disk switched off: nothing here outlives the run."""
    # Not in pytest's own folder, which is closed to the account that root lends to the server.
    with (
        tempfile.TemporaryDirectory(prefix="dragoman-test-") as home,
        embedded.running(Path(home), **IN_MEMORY) as running,
    ):
        embedded.create_database(running, "template_dragoman")
        with store.connect(running.dsn("template_dragoman")) as db:
            migrate(db)
        yield running


@pytest.fixture
def database(server: embedded.Server) -> Iterator[str]:
    """The dsn of a fresh, migrated database."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as db:
        copy = sql.SQL("create database {} template template_dragoman").format(sql.Identifier(name))
        db.execute(copy)
    yield server.dsn(name)
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as db:
        db.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


@pytest.fixture
def db(database: str) -> Iterator[store.Connection]:
    """A connection to a fresh, migrated database."""
    with store.connect(database) as connection:
        yield connection
