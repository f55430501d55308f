"""Connections, queries by name, and transactions: the thin part of the store.

Functions of the store take a connection, never the pool: the caller owns the transaction, and
what belongs together stands in one `with db.transaction()`. Connections commit each statement by
themselves outside of such a block.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import psycopg
from psycopg.rows import class_row, dict_row
from psycopg_pool import ConnectionPool

Connection = psycopg.Connection[Any]
Pool = ConnectionPool[Connection]
T = TypeVar("T")

QUERIES = Path(__file__).parent / "queries"


@cache
def sql(name: str) -> bytes:
    """The text of the query `name`, which is its path below `queries/` without `.sql`."""
    return (QUERIES / f"{name}.sql").read_bytes()


def rows(db: Connection, kind: type[T], name: str, **values: object) -> list[T]:
    """All rows of the query `name` as `kind`, whose fields are the columns."""
    with db.cursor(row_factory=class_row(kind)) as cursor:
        return cursor.execute(sql(name), values).fetchall()


def row(db: Connection, kind: type[T], name: str, **values: object) -> T | None:
    """The first row of the query `name` as `kind`, or None."""
    with db.cursor(row_factory=class_row(kind)) as cursor:
        return cursor.execute(sql(name), values).fetchone()


def records(db: Connection, name: str, **values: object) -> list[dict[str, Any]]:
    """All rows of the query `name` as dictionaries: for lists that are printed as they are."""
    with db.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(sql(name), values).fetchall()


def scalar(db: Connection, name: str, **values: object) -> Any:
    """The first column of the first row of the query `name`, or None."""
    found = db.execute(sql(name), values).fetchone()
    return found[0] if found else None


def run(db: Connection, name: str, **values: object) -> int:
    """Run the query `name`; how many rows it touched."""
    return db.execute(sql(name), values).rowcount


def connect(dsn: str) -> Connection:
    """A connection that commits each statement by itself outside of `transaction()`."""
    db = psycopg.connect(dsn, autocommit=True)
    _configure(db)
    return db


@contextmanager
def pool(dsn: str, size: int = 8) -> Iterator[Pool]:
    """A pool of at most `size` connections, each checked before it is lent.

    The check costs a twentieth of a millisecond and spares the first users after a restart of
    the server an error.
    """
    with ConnectionPool(
        dsn,
        min_size=1,
        max_size=size,
        kwargs={"autocommit": True},
        configure=_configure,
        check=ConnectionPool.check_connection,
        open=False,
    ) as opened:
        opened.wait(timeout=30)
        yield opened


def _configure(db: Connection) -> None:
    db.execute("set timezone = 'UTC'")
    db.execute("set statement_timeout = '5min'")
    db.execute("set lock_timeout = '30s'")
    db.execute("set idle_in_transaction_session_timeout = '5min'")
