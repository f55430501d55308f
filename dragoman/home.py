"""The folder that a laptop's Dragoman lives in: who holds it, and where the dashboard is.

Below it lie `postgres` (the embedded server), `prefect` (Prefect's files), `logs`, and two small
files of `dragoman up`: `up.lock`, which it holds while it runs, and `up.json`, which says where.
"""

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path


class AlreadyRunningError(RuntimeError):
    """Another `dragoman up` holds the folder."""


@dataclass(frozen=True, slots=True)
class Up:
    """A `dragoman up` that runs: its process, its dashboard and the API behind it."""

    process: int
    dashboard: str
    api_url: str


def make(home: Path) -> Path:
    """`home`, made if it is missing. Its owner alone may look into it.

    Root's may be passed through, because the embedded server's account, which root lends it, has
    its folder below; every other folder below is closed to it.
    """
    home.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
    return home


@contextmanager
def held(home: Path) -> Iterator[None]:
    """Hold `home` for one `dragoman up`. The kernel lets it go when the process dies.

    Raises:
        AlreadyRunningError: another process holds it; the message says which, and where it is seen.
    """
    with (home / "up.lock").open("a") as lock:
        # Who only asks whether somebody is here holds the lock too, for a moment.
        end = time.monotonic() + 0.5
        while not _locked(lock.fileno()):
            if time.monotonic() > end:
                raise AlreadyRunningError(_refusal(home))
            time.sleep(0.02)
        try:
            yield
        finally:
            (home / "up.json").unlink(missing_ok=True)


def announce(home: Path, up: Up) -> None:
    """Say where the process that holds `home` can be found."""
    written = home / f"up.json.{os.getpid()}"
    written.write_text(json.dumps(asdict(up)), encoding="utf-8")
    written.replace(home / "up.json")


def running(home: Path) -> Up | None:
    """The `dragoman up` that holds `home` and can be reached, or None."""
    try:
        with (home / "up.lock").open("a") as lock:
            return None if _locked(lock.fileno()) else _announced(home)
    except FileNotFoundError:
        return None


def _locked(descriptor: int) -> bool:
    """Take the lock, if nobody else has it."""
    try:
        flock(descriptor, LOCK_EX | LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _announced(home: Path) -> Up | None:
    try:
        return Up(**json.loads((home / "up.json").read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None


def _refusal(home: Path) -> str:
    up = _announced(home)
    if up is None:
        return f"Dragoman is being started on {home} by another process."
    return (
        f"Dragoman runs on {home} already, as process {up.process}. Its dashboard is {up.dashboard}. "
        "Stop that one first, or name another folder in DRAGOMAN_HOME."
    )
