"""The two databases, ours and Prefect's: on the embedded server, or where the environment says."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

from dragoman import home
from tasks.settings.environment import Environment
from tasks.store import database as store
from tasks.store import server as embedded
from tasks.store.migrate import migrate


@dataclass(frozen=True, slots=True)
class Databases:
    """`environment` names our database, embedded or not. `prefect` is the address of Prefect's for
    SQLAlchemy, or None for a SQLite file in the home folder.
    """

    environment: Environment
    dsn: str
    prefect: str | None
    embedded: bool


@contextmanager
def opened(environment: Environment, environ: Mapping[str, str] = os.environ) -> Iterator[Databases]:
    """The databases of `environment`, there and reachable, not yet migrated.

    Without DATABASE_URL they are two databases of the embedded server, which is started or joined.
    With it, ours is that one, and Prefect's is PREFECT_API_DATABASE_CONNECTION_URL or SQLite.

    Raises:
        ServerError: the embedded server cannot be started.
    """
    home.make(environment.home)
    if environment.database:
        theirs = environ.get("PREFECT_API_DATABASE_CONNECTION_URL")
        yield Databases(environment, environment.database, theirs, embedded=False)
        return
    with embedded.running(environment.home / "postgres") as server:
        for name in ("dragoman", "prefect"):
            embedded.create_database(server, name)
        dsn = server.dsn("dragoman")
        known = replace(environment, database=dsn)
        yield Databases(known, dsn, server.sqlalchemy_url("prefect"), embedded=True)


def prepare(databases: Databases) -> list[str]:
    """Check that ours reads every script, and bring its tables up to date; the migrations applied now.

    Raises:
        UnfitDatabaseError: it knows only ASCII letters.
        MigrationError: it is newer than this program.
    """
    with store.connect(databases.dsn) as db:
        embedded.check_text_support(db)
        return migrate(db)
