import os
import subprocess
import sys
from pathlib import Path

import pytest

from dragoman import home
from dragoman.home import AlreadyRunningError, Up

HOLD = """
import sys
from pathlib import Path
from dragoman import home
with home.held(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return home.make(tmp_path / "home")


def test_a_home_is_closed_to_others(folder: Path) -> None:
    assert folder.stat().st_mode & 0o066 == 0


def test_nobody_runs_in_an_empty_home(folder: Path) -> None:
    assert home.running(folder) is None
    assert home.running(folder / "missing") is None


def test_what_holds_a_home_is_found_as_long_as_it_lives(folder: Path) -> None:
    up = Up(os.getpid(), "http://127.0.0.1:4200", "http://127.0.0.1:4200/api")

    with home.held(folder):
        assert home.running(folder) is None
        home.announce(folder, up)
        assert home.running(folder) == up

    assert home.running(folder) is None


def test_a_second_holder_is_told_of_the_first(folder: Path) -> None:
    with home.held(folder):
        home.announce(folder, Up(4711, "http://127.0.0.1:4200", "http://127.0.0.1:4200/api"))
        with (
            pytest.raises(
                AlreadyRunningError, match=r"process 4711\. Its dashboard is http://127\.0\.0\.1:4200"
            ),
            home.held(folder),
        ):
            pass


def test_a_holder_that_was_killed_holds_nothing(folder: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(AlreadyRunningError), home.held(folder):
            pass
        holder.kill()
        holder.wait()

    with home.held(folder):
        pass
