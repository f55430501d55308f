"""A PostgreSQL for a trial, which does not outlive it: whoever kills the trial has killed both.

The embedded server stays up when its user is killed, for the next one to take over. Of a trial there
is no next one. So a small process waits for the end of a pipe whose other end the trial holds, and
which the kernel closes when the trial is gone, however it went.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from tasks.store import server as embedded
from tests.conftest import IN_MEMORY

PATIENCE = 10.0
"""Seconds for a server to go before it is made to."""


@contextmanager
def running(prefix: str) -> Iterator[embedded.Server]:
    """A server on data of its own in the temporary folder; both are gone when the block, or the process, ends."""
    with tempfile.TemporaryDirectory(prefix=prefix) as home:
        ours, theirs = os.pipe()
        command = [sys.executable, "-m", __name__, home]
        # In a session of its own: what is sent to the trial's whole group is not for it.
        heir = subprocess.Popen(command, stdin=ours, start_new_session=True)
        os.close(ours)
        try:
            with embedded.running(Path(home), **IN_MEMORY) as server:
                yield server
        finally:
            os.close(theirs)
            heir.wait()


def main() -> None:
    """Wait for the end of the trial, and then see to it that nothing is left of its server."""
    home = Path(sys.argv[1])
    sys.stdin.buffer.read()
    with suppress(OSError, ValueError, psutil.NoSuchProcess):
        process = psutil.Process(int((home / "data" / "postmaster.pid").read_text().split()[0]))
        # Numbers are given out again: only whoever works in that folder is meant.
        if Path(process.cwd()).samefile(home / "data"):
            _end(process)
    shutil.rmtree(home, ignore_errors=True)


def _end(process: psutil.Process) -> None:
    process.send_signal(signal.SIGQUIT)
    end = time.monotonic() + PATIENCE
    while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
        if time.monotonic() > end:
            process.kill()
            return
        time.sleep(0.05)


if __name__ == "__main__":
    main()
