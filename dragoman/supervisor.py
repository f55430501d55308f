"""One process that keeps everything else running: `dragoman up`, and its parts for servers.

`up` brings the databases, Prefect's server as a child, and the worker as a thread, in this order,
and takes them away in the other. A worker on a server of its own is `worker`; what has to be done
once before it is `setup`; a single cycle is `cycle_once`.

Prefect reads its settings when it is imported. So nothing here imports it, or a flow, at the top:
functions do, once the settings are in place.
"""

import asyncio
import logging
import os
import platform
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from types import FrameType
from typing import TYPE_CHECKING, cast

import httpx
import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from dragoman import databases, home, prefect_server
from dragoman.databases import Databases
from dragoman.prefect_server import PrefectServer, PrefectServerError
from tasks.resolve.history import load_history
from tasks.settings import configuration, register
from tasks.settings.environment import Environment
from tasks.settings.located import ConfigurationError
from tasks.store import database as store
from tasks.store.account import ServerError
from tasks.store.migrate import MigrationError
from tasks.store.server import UnfitDatabaseError

if TYPE_CHECKING:
    from dragoman.working import WorkerThread
    from flows.cycle import CycleResult

logger = logging.getLogger(__name__)

Say = Callable[[str], None]

PLAIN = (
    home.AlreadyRunningError,
    PrefectServerError,
    ConfigurationError,
    ServerError,
    MigrationError,
    UnfitDatabaseError,
    psycopg.OperationalError,
    psycopg.errors.InsufficientPrivilege,
)
"""What an operator can do something about. Its message is a sentence; a trace would only hide it."""

STOPPING = (signal.SIGINT, signal.SIGTERM)

LOOK = 1.0
"""Seconds between two looks at the children."""

REST = 5.0
"""Seconds before a child that has died is started again."""

STOP = 8.0
"""Seconds for the worker to stop: five for its runs to end, three for what they were cut short in."""

WORKER_THREAD = "worker"

PATIENCE = 120.0
"""Seconds that the servers of others get to come up."""


UNNAMED = "PREFECT_API_URL is not set: it names the server that the workers poll"


class _StoppedError(BaseException):
    """A signal has asked this process to stop. Not an Exception, so that nothing on the way takes it."""


class _StoreLostError(RuntimeError):
    """The embedded server has gone."""


def up(environment: Environment, *, port: int | None = None, say: Say) -> int:
    """Run everything until SIGINT or SIGTERM; the exit status: 0 when asked to stop, 1 when it cannot run.

    The dashboard is on 127.0.0.1 at `port`, by default 4200 or PREFECT_SERVER_API_PORT, or the next
    free one. `say` is given one line for whoever looks on: where the dashboard is, each cycle,
    and what is wrong. Everything else goes to the `logs` folder in the environment's home.
    """
    port = port or int(os.environ.get("PREFECT_SERVER_API_PORT", prefect_server.DEFAULT_PORT))

    def run() -> None:
        # The socket outlives all that is started again below: Prefect's clients keep its address.
        with home.held(home.make(environment.home)), prefect_server.listen(port) as listener:
            while True:
                try:
                    _up(environment, listener, say)
                except _StoreLostError as error:
                    say(f"{error}; starting again")
                    time.sleep(REST)

    return _until_stopped(run, say)


def worker(environment: Environment, *, name: str | None = None, say: Say) -> int:
    """Poll the work pool of the server at PREFECT_API_URL and run its flows until told to stop.

    `name` tells the workers apart, and one that is started again under its name buries the runs that
    it had left; without it the host and the process are the name. The exit status.
    """

    def run() -> None:
        if not os.environ.get("PREFECT_API_URL"):
            raise PrefectServerError(UNNAMED)
        with databases.opened(environment) as found:
            prefect_server.enter(environment.home, None)
            _keep_working(found, name or f"worker@{platform.node()}-{os.getpid()}", say)

    return _until_stopped(run, say)


def setup(environment: Environment, *, at_once: int = 1, say: Say) -> int:
    """Do once what workers need: the database, its tables, the register's history, the deployments.

    Prefect's server is the one at PREFECT_API_URL; it and the database server get two minutes to
    come up. `at_once` is how many machines share the work of one moment. The exit status.
    """

    def run() -> None:
        if environment.database:
            _await_database(environment.database)
        with databases.opened(environment) as found:
            _prepare(found, say)
            prefect_server.enter(environment.home, None)
            _await_prefect(os.environ.get("PREFECT_API_URL"))
            _deploy(at_once)
        say("ready for workers")

    return _until_stopped(run, say)


def cycle_once(environment: Environment, progress: Say, *, now: datetime | None = None) -> "CycleResult":
    """Run one cycle in this process and wait for it.

    Its run is recorded with the `dragoman up` of the same home if there is one, else with the server
    at PREFECT_API_URL if the environment names it and the database, else with a server of its own for
    as long as it takes. `progress` is given lines for whoever waits.

    Raises:
        any of `PLAIN`: the message says what to do.
        flows.cycle.CycleError: a step failed; the others were done, and its `result` says how.
    """
    with databases.opened(environment) as found, _server_for(found, progress):
        _prepare(found, progress)
        from flows import surroundings
        from flows.monitor import monitor

        with surroundings.within(found.environment, progress):
            result = asyncio.run(monitor(now=now.isoformat() if now else None))
    # Only a run that waited for its schedule can be skipped.
    return cast("CycleResult", result)


@contextmanager
def _server_for(found: Databases, say: Say) -> Iterator[None]:
    place = found.environment.home
    if running := home.running(place):
        with prefect_server.client_of(place, running.api_url):
            yield
    elif not found.embedded and (api_url := os.environ.get("PREFECT_API_URL")):
        with prefect_server.client_of(place, api_url):
            yield
    else:
        say("starting Prefect's server for this cycle")
        with prefect_server.running(place, found.prefect):
            yield


def _up(environment: Environment, listener: socket.socket, say: Say) -> None:
    say(f"starting in {environment.home}")
    with (
        databases.opened(environment) as found,
        prefect_server.serving(environment.home, found.prefect, listener) as server,
    ):
        # Prefect's server takes some seconds to come up; all this happens meanwhile.
        _prepare(found, say)
        prefect_server.enter(environment.home, server.api_url, log="dragoman.log")
        _import_flows()
        server.await_ready()
        _deploy(1)
        home.announce(environment.home, home.Up(os.getpid(), server.dashboard, server.api_url))
        say(f"watching; the dashboard is {server.dashboard}; Ctrl-C stops")
        _supervise(found, server, say)


def _supervise(found: Databases, server: PrefectServer, say: Say) -> None:
    """Keep the worker and the server alive until a signal comes."""
    from dragoman.working import WorkerThread, begin

    name = f"up@{platform.node()}"
    thread = _started(WorkerThread(WORKER_THREAD, found.environment, name, say))
    try:
        asyncio.run(begin())
        while True:
            thread.join(LOOK)
            if found.embedded and not _reachable(found.dsn):
                raise _StoreLostError("the database server has gone")
            if not server.alive:
                say(f"Prefect's server has gone ({server.log} may say why); starting it again")
                time.sleep(REST)
                server.start()
            if not thread.is_alive():
                say(f"the worker broke: {thread.error}; starting it again")
                time.sleep(REST)
                thread = _started(WorkerThread(WORKER_THREAD, found.environment, name, say))
    except _StoppedError:
        say("stopping")
        raise
    finally:
        thread.stop(STOP)


def _keep_working(found: Databases, name: str, say: Say) -> None:
    from dragoman.working import WorkerThread

    say(f"{name}: working")
    thread = _started(WorkerThread(WORKER_THREAD, found.environment, name, say))
    try:
        while True:
            thread.join(LOOK)
            if not thread.is_alive():
                say(f"the worker broke: {thread.error}; starting it again")
                time.sleep(REST)
                thread = _started(WorkerThread(WORKER_THREAD, found.environment, name, say))
    finally:
        thread.stop(STOP)


def _started(thread: "WorkerThread") -> "WorkerThread":
    thread.start()
    return thread


def _import_flows() -> None:
    from flows import deployments

    logger.debug("flows: %s", ", ".join(deployments.FLOWS))


def _deploy(at_once: int) -> None:
    from dragoman.working import deploy

    asyncio.run(deploy(at_once))


def _prepare(found: Databases, say: Say) -> None:
    """Bring the store up to date, with the register's history in it."""
    for name in databases.prepare(found):
        say(f"the store has been brought up to {name}")
    loaded = configuration.load(found.environment.configuration)
    known = register.read(found.environment.seeds / "register.yaml")
    with store.connect(found.dsn) as db:
        added = load_history(db, known, loaded, datetime.now(UTC))
    if added:
        say(f"{added} events of the register are history from now on")
    if not loaded.channels.by_id:
        say("nobody will be told: config/channels.yaml has no channel")


def _reachable(dsn: str) -> bool:
    try:
        with psycopg.connect(dsn, connect_timeout=5):
            return True
    except psycopg.OperationalError:
        return False


def _await_database(dsn: str) -> None:
    """Wait for the server of `dsn`, and make the database there if it is missing.

    Raises:
        psycopg.OperationalError: the server does not come up, or does not let us in.
        psycopg.errors.InsufficientPrivilege: the database is missing, and we may not make it.
    """
    end = time.monotonic() + PATIENCE
    while True:
        try:
            psycopg.connect(dsn, connect_timeout=5).close()
        except psycopg.OperationalError:
            if _created(dsn):
                continue
            if time.monotonic() > end:
                raise
            time.sleep(LOOK)
        else:
            return


def _created(dsn: str) -> bool:
    """Whether the server is there and lacks the database, which it then has."""
    # A refused connection does not say why in a way that a program could read.
    name = str(conninfo_to_dict(dsn).get("dbname"))
    try:
        with psycopg.connect(make_conninfo(dsn, dbname="postgres"), connect_timeout=5, autocommit=True) as db:
            if db.execute("select from pg_database where datname = %s", (name,)).fetchone() is not None:
                return False
            db.execute(sql.SQL("create database {} template template0").format(sql.Identifier(name)))
    except psycopg.OperationalError:
        return False
    return True


def _await_prefect(api_url: str | None) -> None:
    if not api_url:
        raise PrefectServerError(UNNAMED)
    end = time.monotonic() + PATIENCE
    while True:
        try:
            if httpx.get(f"{api_url}/ready", timeout=5).is_success:
                return
        except httpx.TransportError:
            logger.debug("Prefect's server does not answer yet")
        if time.monotonic() > end:
            raise PrefectServerError(f"Prefect's server at {api_url} does not answer")
        time.sleep(LOOK)


def _until_stopped(run: Callable[[], None], say: Say) -> int:
    """Run `run` to its end or until SIGINT or SIGTERM; the exit status.

    The signals stop this process once; while it stops they change nothing.
    """

    def stop(number: int, frame: FrameType | None) -> None:
        for each in STOPPING:
            signal.signal(each, signal.SIG_IGN)
        raise _StoppedError

    before = {each: signal.signal(each, stop) for each in STOPPING}
    try:
        run()
    except _StoppedError:
        _leave_behind()
        return 0
    except PLAIN as error:
        say(str(error))
        return 1
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
    return 0


def _leave_behind() -> None:
    """End the process if the worker's thread would keep it, as when it waits for a dead receiver.

    Everything else has been put away by now, and what the thread was at is covered by a lease.
    """
    if any(thread.name == WORKER_THREAD for thread in threading.enumerate()):
        logging.shutdown()
        sys.stdout.flush()
        os._exit(0)
