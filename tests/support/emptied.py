"""One migrated database for all tests of a module, emptied before each.

To copy the template costs half a second, to delete a few rows two thousandths. A module whose
tests only read and write rows takes `database` from here, and the fixture in conftest gives way.
"""

import os
from collections.abc import Iterator
from itertools import count

import psycopg
import pytest
from psycopg import sql

from tasks.store import database as store
from tasks.store import server as embedded

_numbers = count()


@pytest.fixture(scope="module")
def kept_database(server: embedded.Server) -> Iterator[str]:
    """The dsn of a database that lives as long as the module's tests."""
    name = f"kept_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as db:
        copy = sql.SQL("create database {} template template_dragoman").format(sql.Identifier(name))
        db.execute(copy)
    yield server.dsn(name)
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as db:
        db.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


@pytest.fixture
def database(kept_database: str) -> str:
    """The dsn of a migrated database without a row in it."""
    with store.connect(kept_database) as db:
        db.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )
        tables = db.execute(
            "select tablename from pg_tables where schemaname = 'public' and tablename <> 'migration'"
        ).fetchall()
        with db.transaction():
            db.execute("set local session_replication_role = replica")
            for (table,) in tables:
                db.execute(sql.SQL("delete from {}").format(sql.Identifier(table)))
    return kept_database
