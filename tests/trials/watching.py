"""What a trial costs those who undergo it: memory at its peak, and the time in which nothing else ran.

That the event loop comes late may be the fault of a machine that has other things to do. So what
counts is the processor's time that the loop's own thread took in one go; the clock's is told beside it.
"""

import asyncio
import sys
import threading
import time
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

BEAT = 0.01
"""Seconds between two signs of life of the event loop."""
READER = "tasks.read.child"


@dataclass(slots=True)
class Cost:
    """Memory in MiB; `stall` is the longest time of the processor, in seconds, that the event loop's
    thread took before the loop went on, `late` the longest that it came late by the clock, and
    `stalled_in` where that was.
    """

    before: float = 0.0
    parent: float = 0.0
    child: float = 0.0
    stall: float = 0.0
    late: float = 0.0
    stalled_in: str = "nowhere"


@asynccontextmanager
async def watched() -> AsyncIterator[Cost]:
    """Watch this process, its event loop and its reading children until the block ends."""
    cost = Cost(before=_resident("self", "VmRSS"))
    _forget_peak()
    beats = [time.monotonic()]
    over = threading.Event()
    main = threading.get_ident()
    watcher = threading.Thread(target=_watch, args=(cost, beats, main, over), daemon=True)
    watcher.start()
    heart = asyncio.create_task(_beat(cost, beats))
    try:
        yield cost
    finally:
        heart.cancel()
        over.set()
        watcher.join()
        cost.parent = _resident("self", "VmHWM")


def _forget_peak() -> None:
    """What counts is the peak of the trial."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


async def _beat(cost: Cost, beats: list[float]) -> None:
    while True:
        worked = time.thread_time()
        await asyncio.sleep(BEAT)
        now = time.monotonic()
        # Between two beats the loop may have done many things; at most as much as it was late was one.
        late = now - beats[0] - BEAT
        cost.late = max(cost.late, late)
        cost.stall = max(cost.stall, min(late, time.thread_time() - worked))
        beats[0] = now


def _watch(cost: Cost, beats: list[float], main: int, over: threading.Event) -> None:
    seen = 0.05
    while not over.wait(2 * BEAT):
        late = time.monotonic() - beats[0]
        if late > seen:
            seen = late
            cost.stalled_in = _place(main)
        cost.child = max([cost.child, *(_resident(str(number), "VmHWM") for number in _readers())])


def _place(thread: int) -> str:
    """Where a thread is, innermost first, as far as it is our own code or one step beyond."""
    frames = traceback.extract_stack(sys._current_frames()[thread])
    return " < ".join(f"{Path(frame.filename).stem}.{frame.name}" for frame in reversed(frames[-4:]))


def _readers() -> list[int]:
    found = []
    with suppress(psutil.Error):
        for child in psutil.Process().children():
            with suppress(psutil.Error):
                if READER in child.cmdline():
                    found.append(child.pid)
    return found


def _resident(process: str, field: str) -> float:
    with suppress(OSError):
        for line in Path(f"/proc/{process}/status").read_text().splitlines():
            if line.startswith(f"{field}:"):
                return int(line.split()[1]) / 1024
    return 0.0
