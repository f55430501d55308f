"""Prefect's server as a child process: its settings, its start, its end.

The child holds the reading end of a pipe whose writing end only the parent has. The kernel closes
it when the parent dies, however it dies, and the child goes with it: a killed `dragoman up` leaves
no server behind. The socket that the server listens on is the parent's too, so a server that is
restarted keeps its port, and who calls meanwhile waits instead of being refused.

Nothing in this module imports Prefect before it is called: Prefect reads its settings when it is
imported, and `enter` has to come first.
"""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tasks.settings.environment import ROOT

SETTINGS = ROOT / "config" / "prefect.env"
LOGGING = Path(__file__).with_name("logging.yaml")

START_TIMEOUT = 180.0
"""Seconds until a start is given up. A first start, which builds the tables, takes about 8 s on two
idle cores and was seen to take 30 s on busy ones."""

STOP_TIMEOUT = 5.0
"""Seconds that a server gets to answer open requests before it is killed."""

DEFAULT_PORT = 4200

# What a child of ours sees of the environment, next to Prefect's own variables: no secret of ours.
_PASSED = frozenset({"PATH", "HOME", "LANG", "TMPDIR", "TZ", "VIRTUAL_ENV", "PYTHONPATH", "DO_NOT_TRACK"})
# Where the caller's own Prefect is, and who the caller is there, is nothing to ours.
_FOREIGN = ("PREFECT_API_URL", "PREFECT_API_KEY", "PREFECT_PROFILE", "PREFECT_PROFILES_PATH")


class PrefectServerError(RuntimeError):
    """Prefect's server does not start or does not answer; the message names its log."""


def settings(home: Path, *, given: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Prefect's variables for a process whose files lie in `home`: `config/prefect.env`, and where
    Prefect keeps its own files. What is set in `given` wins over the file, but not over `home`.
    """
    found = {name: given.get(name, value) for name, value in read_settings(SETTINGS).items()}
    own = home / "prefect"
    # Prefect would copy its pages into the folder that it is installed in.
    return found | {"PREFECT_HOME": str(own), "PREFECT_SERVER_UI_STATIC_DIRECTORY": str(own / "ui")}


def read_settings(path: Path) -> dict[str, str]:
    """The `NAME=value` lines of `path`, as docker compose reads them; `#` begins a comment line."""
    lines = path.read_text(encoding="utf-8").splitlines()
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, value in pairs}


def enter(home: Path, api_url: str | None, *, log: str | None = None) -> None:
    """Make this process a client of the server at `api_url`, for good.

    To be called before anything imports Prefect. `log` is the name of a file below `home`/logs
    that takes what Prefect and Dragoman log; None leaves it on standard error, as containers want.
    """
    chosen = settings(home)
    if api_url:
        for name in _FOREIGN:
            os.environ.pop(name, None)
        chosen["PREFECT_API_URL"] = api_url
    if log:
        folder = private_folder(home / "logs")
        chosen["PREFECT_LOGGING_CONFIG_PATH"] = str(LOGGING)
        chosen["PREFECT_LOGGING_HANDLERS_FILE_FILENAME"] = str(folder / log)
    private_folder(home / "prefect")
    os.environ.update(chosen)


def private_folder(path: Path) -> Path:
    """`path`, made if it is missing, for its owner alone."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


@dataclass(slots=True)
class PrefectServer:
    """A server of ours: the socket stays, the process may be replaced."""

    home: Path
    database: str | None
    listener: socket.socket
    extra: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None

    @property
    def dashboard(self) -> str:
        """Where people look."""
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    @property
    def api_url(self) -> str:
        """Where programs call."""
        return f"{self.dashboard}/api"

    @property
    def log(self) -> Path:
        """What the server writes."""
        return self.home / "logs" / "prefect-server.log"

    def start(self) -> None:
        """Start the process; it answers some seconds later (`await_ready`)."""
        private_folder(self.home / "prefect")
        private_folder(self.log.parent)
        _turn_over(self.log)
        descriptor = self.listener.fileno()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "dragoman.prefect_server", str(descriptor)],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                pass_fds=(descriptor,),
                env=self._environment(),
                # Not in reach of the terminal's Ctrl-C: the parent decides when it stops.
                start_new_session=True,
            )

    def await_ready(self, timeout: float = START_TIMEOUT) -> None:
        """Wait until the server answers.

        Raises:
            PrefectServerError: the process ended, or did not answer within `timeout` seconds.
        """
        end = time.monotonic() + timeout
        with httpx.Client(trust_env=False, timeout=1) as client:
            while not _answers(client, f"{self.api_url}/health"):
                if not self.alive:
                    raise PrefectServerError(f"Prefect's server did not start; {self.log} says why")
                if time.monotonic() > end:
                    raise PrefectServerError(f"Prefect's server does not answer; see {self.log}")

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        """Ask the process to end, then make it."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stdin:
            self.process.stdin.close()

    def _environment(self) -> dict[str, str]:
        inherited = {
            name: value
            for name, value in os.environ.items()
            if name in _PASSED or name.startswith(("LC_", "PREFECT_SERVER_", "PREFECT_UI_"))
        }
        port = self.listener.getsockname()[1]
        own = {
            "PREFECT_API_URL": self.api_url,
            "PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS": f"http://127.0.0.1:{port},http://localhost:{port}",
        }
        if self.database:
            own["PREFECT_SERVER_DATABASE_CONNECTION_URL"] = self.database
        return inherited | settings(self.home) | own | dict(self.extra)


def _answers(client: httpx.Client, url: str) -> bool:
    # The socket is bound before the server is up, so a call waits there instead of failing.
    try:
        return client.get(url).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


def _turn_over(log: Path, limit: int = 10_000_000) -> None:
    if log.exists() and log.stat().st_size > limit:
        log.replace(log.with_suffix(".log.1"))


def listen(port: int | None = None) -> socket.socket:
    """A listening socket on 127.0.0.1: at `port`, or the next free one within a hundred; at any
    free port where `port` is None.

    Raises:
        PrefectServerError: none of them is free.
    """
    for candidate in range(port, port + 100) if port else (0,):
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        # A port whose last connections still linger is free; one that is listened on is not.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", candidate))
            listener.listen(128)
        except OSError:
            listener.close()
            continue
        return listener
    raise PrefectServerError(f"no free port on 127.0.0.1 from {port} on")


@contextmanager
def serving(
    home: Path, database: str | None, listener: socket.socket, extra: Mapping[str, str] | None = None
) -> Iterator[PrefectServer]:
    """A server on `listener` that has been started and may not answer yet, stopped at the end.

    `database` is a SQLAlchemy address; None means a SQLite file in `home`. `extra` are settings of
    Prefect's that go before all others.
    """
    server = PrefectServer(home, database, listener, extra or {})
    server.start()
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def running(home: Path, database: str | None = None) -> Iterator[str]:
    """The address of the API of a server that answers; flows called in this block are run there.

    For a process that has its own short life, such as the demo and the tests. The dashboard is
    left out and block types are not registered, which saves about a second of the start.

    Raises:
        PrefectServerError: the server does not start.
    """
    lean = {"PREFECT_SERVER_UI_ENABLED": "false", "PREFECT_SERVER_REGISTER_BLOCKS_ON_START": "false"}
    with (
        listen() as listener,
        serving(home, database, listener, lean) as server,
        client_of(home, server.api_url),
    ):
        server.await_ready()
        yield server.api_url


@contextmanager
def client_of(home: Path, api_url: str) -> Iterator[None]:
    """Flows called in this block are run with the server at `api_url`, even if Prefect has been
    imported before; what it has to say goes to `home`/logs.
    """
    before = dict(os.environ)
    enter(home, api_url, log="flows.log")
    try:
        from prefect.settings import PREFECT_API_URL, PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

        # No heartbeats: they tell a supervisor that a run is alive, and here the caller knows.
        with temporary_settings({PREFECT_API_URL: api_url, PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
            try:
                yield
            finally:
                _drain()
    finally:
        os.environ.clear()
        os.environ.update(before)


def _drain() -> None:
    """Let events and logs reach the server: threads of their own send them."""
    from prefect.events.worker import EventsWorker
    from prefect.logging.handlers import APILogWorker

    for sender in (EventsWorker, APILogWorker):
        sender.drain_all(timeout=STOP_TIMEOUT, at_exit=False)


def _follow(parent: int) -> None:
    """End this process when the pipe on descriptor `parent` closes. It never carries a byte."""
    os.read(parent, 1)
    os._exit(0)


def main() -> None:
    """The child: serve on the inherited socket for as long as the parent lives."""
    threading.Thread(target=_follow, args=(sys.stdin.fileno(),), daemon=True).start()
    import uvicorn
    from prefect.server.api.server import create_app
    from prefect.settings import get_current_settings

    api = get_current_settings().server.api
    config = uvicorn.Config(
        create_app(final=True),
        timeout_keep_alive=api.keepalive_timeout,
        timeout_graceful_shutdown=2,
        log_config=None,
        access_log=False,
    )
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=int(sys.argv[1]))])


if __name__ == "__main__":
    main()
