"""Every query is one that the migrated store can run: the server says so, nothing is executed."""

import re

import pytest
from psycopg.pq import ExecStatus

from tasks.store.database import QUERIES, Connection, sql

NAMES = sorted(path.relative_to(QUERIES).with_suffix("").as_posix() for path in QUERIES.rglob("*.sql"))


@pytest.mark.parametrize("name", NAMES)
def test_a_query_fits_the_schema(name: str, db: Connection) -> None:
    text = sql(name).decode()
    names = list(dict.fromkeys(re.findall(r"%\((\w+)\)[sbt]", text)))
    raw = re.sub(r"%\((\w+)\)[sbt]", lambda match: f"${names.index(match[1]) + 1}", text).replace("%%", "%")
    result = db.pgconn.prepare(b"", raw.encode())
    assert result.status == ExecStatus.COMMAND_OK, result.error_message.decode()
