"""Migrations: numbered SQL files, each applied once, in order, under a lock.

Forward only. A file is one transaction; it may hold several statements. What was applied is kept
with its hash, so that an edited file and a store that is newer than the program are both told.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from tasks.store.database import Connection

MIGRATIONS = Path(__file__).parent / "migrations"
# Any number that no other program takes on the same database.
LOCK = 0x647261676F6D616E & 0x7FFFFFFFFFFFFFFF


class MigrationError(RuntimeError):
    """The store and the program do not fit together."""


@dataclass(frozen=True, slots=True)
class Script:
    """A migration as it lies on disk."""

    name: str
    text: str

    @property
    def digest(self) -> str:
        """The SHA-256 of the text, in hexadecimal."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def scripts(folder: Path = MIGRATIONS) -> list[Script]:
    """The migrations in `folder`, in their order."""
    return [Script(path.stem, path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.sql"))]


def migrate(db: Connection, wanted: list[Script] | None = None) -> list[str]:
    """Bring the store up to `wanted` (default: all); the names of what was applied now.

    Any number of processes may call it at once: one works, the others wait and find it done.

    Raises:
        MigrationError: the store is newer than the program, or an applied file was changed.
    """
    wanted = scripts() if wanted is None else wanted
    db.execute("select pg_advisory_lock(%s)", (LOCK,))
    try:
        db.execute(
            "create table if not exists migration ("
            "name text primary key, sha256 text not null, at timestamptz not null default now())"
        )
        known = {str(name): str(digest) for name, digest in db.execute("select name, sha256 from migration")}
        _compare(known, wanted)
        return [_apply(db, script) for script in wanted if script.name not in known]
    finally:
        db.execute("select pg_advisory_unlock(%s)", (LOCK,))


def _compare(known: dict[str, str], wanted: list[Script]) -> None:
    digests = {script.name: script.digest for script in wanted}
    if newer := sorted(known.keys() - digests.keys()):
        raise MigrationError(
            f"this store is newer than this program: it has had {', '.join(newer)}. "
            "Start the newer program, or restore a backup made before it."
        )
    if changed := sorted(name for name in known if known[name] != digests[name]):
        raise MigrationError(f"applied migrations were changed afterwards: {', '.join(changed)}")


def _apply(db: Connection, script: Script) -> str:
    with db.transaction():
        db.execute(script.text.encode())
        db.execute("insert into migration (name, sha256) values (%s, %s)", (script.name, script.digest))
    return script.name
