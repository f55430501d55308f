"""The command line as its user has it: a process of its own, and what it prints."""

import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from tasks.settings.environment import ROOT

COMMAND = (sys.executable, "-c", "from dragoman.cli import main; main()")

ENDED = ""


def environment(**own: str) -> dict[str, str]:
    """What a command finds around it: the machine's basics, the checkout, and `own`."""
    basics = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return basics | {"PYTHONPATH": str(ROOT), "COLUMNS": "200"} | own


@dataclass(slots=True)
class Command:
    """A command that runs, and its lines so far."""

    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)
    _fresh: "queue.Queue[str]" = field(default_factory=queue.Queue)

    def expect(self, text: str, seconds: float = 60) -> str:
        """The next line that holds `text`; an error with everything printed if none comes in time."""
        end = time.monotonic() + seconds
        while True:
            try:
                line = self._fresh.get(timeout=max(end - time.monotonic(), 0))
            except queue.Empty:
                line = ENDED
            assert line is not ENDED, f"no line with {text!r}; there were:\n" + "".join(self.lines)
            if text in line:
                return line

    def follow(self) -> None:
        """Read what the command prints until it ends."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)
            self._fresh.put(line)
        self._fresh.put(ENDED)

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.wait()


@contextmanager
def running(*words: str, env: Mapping[str, str], command: tuple[str, ...] = COMMAND) -> Iterator[Command]:
    """The command with these words; killed at the end if it still runs."""
    with subprocess.Popen(
        [*command, *words],
        env=dict(env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        started = Command(process)
        reader = threading.Thread(target=started.follow, daemon=True)
        reader.start()
        try:
            yield started
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()
            reader.join(5)


def until(condition: Callable[[], object], seconds: float = 60) -> None:
    """Wait until `condition` holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.05)
