"""What a flow works with: the connections, the HTTP client, and the configuration in its current form.

A flow opens its parts for itself, so that it runs the same in a worker, in a test and alone. What
is dear to make is kept in the process: the processes that read, and the compiled rules for as long
as no file has changed.
"""

import asyncio
import atexit
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from threading import Lock

from tasks.alert.raise_alerts import Desk
from tasks.code.rules import Rules, compile_rules
from tasks.fetch.client import Fetcher, user_agent
from tasks.read.child import Children
from tasks.settings import configuration
from tasks.settings.configuration import Configuration
from tasks.settings.environment import Environment
from tasks.settings.located import ConfigurationError
from tasks.store import database
from tasks.store.database import Pool

logger = logging.getLogger(__name__)

CONNECTIONS = 24
"""For the sixteen workers of a delivery and the batches beside it."""

Fingerprint = frozenset[tuple[str, int, int]]


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The configuration, compiled. `complaint` is why a newer form of it on disk is not in use."""

    configuration: Configuration
    rules: Rules
    desk: Desk
    complaint: str | None = None


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything that the tasks of a cycle take."""

    pool: Pool
    fetcher: Fetcher
    children: Children
    knowledge: Knowledge


@asynccontextmanager
async def opened(environment: Environment) -> AsyncIterator[Parts]:
    """The parts of a cycle in `environment`, which names a database.

    Raises:
        ConfigurationError: the configuration is wrong, and this process has not yet read a right one.
        psycopg_pool.PoolTimeout: the database cannot be reached.
    """
    knowledge = await asyncio.to_thread(known, environment.configuration)
    async with AsyncExitStack() as stack:
        # In a thread, because it waits for the first connection.
        connections = await asyncio.to_thread(stack.enter_context, pool(environment))
        async with fetcher_of(environment) as fetcher:
            yield Parts(connections, fetcher, _children(), knowledge)


def fetcher_of(environment: Environment) -> Fetcher:
    """The HTTP client of this environment: under its name, through its proxy if it has one."""
    return Fetcher(user_agent(_version(), environment.contact), proxy=environment.proxy)


@contextmanager
def pool(environment: Environment) -> Iterator[Pool]:
    """Connections to the database that `environment` names.

    Raises:
        ValueError: it names none.
    """
    if environment.database is None:
        raise ValueError("a flow needs DATABASE_URL, or to be run by `dragoman up` or `dragoman once`")
    with database.pool(environment.database, CONNECTIONS) as connections:
        yield connections


_kept: dict[Path, tuple[Fingerprint, Knowledge]] = {}
_turn = Lock()


def known(folder: Path) -> Knowledge:
    """The configuration in `folder`, compiled; read again when a file has changed.

    An edit that is wrong does not end the watch: the last right form stays in use, with a complaint
    that lists what is wrong.

    Raises:
        ConfigurationError: it is wrong, and this process has not yet read a right one.
    """
    with _turn:
        current = _fingerprint(folder)
        before = _kept.get(folder)
        if before and before[0] == current:
            return before[1]
        try:
            found = _compiled(configuration.load(folder))
        except ConfigurationError as error:
            if before is None:
                raise
            last = before[1]
            found = Knowledge(last.configuration, last.rules, last.desk, str(error))
            logger.error("the configuration as edited is not used: %s", error)
        _kept[folder] = (current, found)
        return found


@cache
def _children() -> Children:
    """The reading processes of this process; starting one takes longer than most cycles have to read."""
    children = Children()
    atexit.register(children.close)
    return children


def _compiled(read: Configuration) -> Knowledge:
    rules = compile_rules(read)
    return Knowledge(read, rules, Desk.of(read))


def _fingerprint(folder: Path) -> Fingerprint:
    found = ((path, path.stat()) for path in folder.rglob("*.yaml"))
    return frozenset((str(path), stat.st_mtime_ns, stat.st_size) for path, stat in found)


def _version() -> str:
    try:
        return version("dragoman")
    except PackageNotFoundError:
        return "checkout"
