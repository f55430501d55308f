"""A database for one command, gone when it ends: for the demo, for replays, for a look at a file."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tasks.store import database as store
from tasks.store import server as embedded
from tasks.store.migrate import migrate

# What is thrown away need not be safe on the disk.
_CARELESS = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


@contextmanager
def database() -> Iterator[str]:
    """The dsn of an empty, migrated database on a server of its own."""
    with (
        tempfile.TemporaryDirectory(prefix="dragoman-", ignore_cleanup_errors=True) as folder,
        embedded.running(Path(folder), **_CARELESS) as server,
    ):
        embedded.create_database(server, "dragoman")
        dsn = server.dsn("dragoman")
        with store.connect(dsn) as db:
            migrate(db)
        yield dsn
