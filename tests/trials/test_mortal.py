"""Of a trial that is killed nothing stays behind."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil

HELD = """
from tests.trials import mortal
with mortal.running("dragoman-mortal-") as server:
    print(server.socket.parent, flush=True)
    input()
"""


def test_the_server_of_a_killed_trial_goes_with_it() -> None:
    trial = subprocess.Popen(
        [sys.executable, "-c", HELD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert trial.stdout is not None
    assert trial.stdin is not None
    home = Path(trial.stdout.readline().strip())
    server = psutil.Process(int((home / "data" / "postmaster.pid").read_text().split()[0]))
    assert server.is_running()
    trial.send_signal(signal.SIGKILL)
    trial.wait()
    end = time.monotonic() + 60
    while home.exists() or _alive(server):
        assert time.monotonic() < end
        time.sleep(0.05)
    trial.stdin.close()
    trial.stdout.close()


def _alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
