"""The command around a replay: files, progress, the summary."""

import json
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from dragoman import scratch
from dragoman.replay import Replay, Summary, Unusable, lines, run, write
from tasks.model import Kind
from tasks.settings import configuration, register
from tasks.settings.environment import Environment
from tasks.store import database as store


def replay_file(
    environment: Environment,
    path: Path,
    out_file: Path | None,
    events_file: Path | None,
    err: Console,
    *,
    before: date | None,
    history: bool,
    kinds: Iterable[Kind] | None,
) -> int:
    """Replay the items in a file; the exit status: 1 if any line could not be used.

    Raises:
        ConfigurationError: the configuration or the register is wrong.
    """
    loaded = configuration.load(environment.configuration)
    known = register.read(environment.seeds / "register.yaml")
    with (
        scratch.database() as dsn,
        store.connect(dsn) as db,
        Replay(db, loaded, known, before=before, history=history, kinds=kinds) as replay,
    ):
        begun = time.monotonic()
        with bar(err, _count(path)) as progress:
            unusable = run(replay, lines(path), progress)
        elapsed = time.monotonic() - begun
        if out_file:
            write(out_file, replay.results())
        else:
            for row in replay.results():
                print(json.dumps(row, ensure_ascii=False))  # noqa: T201 - the result of the command
        if events_file:
            write(events_file, replay.events())
        summary = replay.summary(len(unusable))
    _tell(err, path, unusable, summary, elapsed)
    return 1 if unusable else 0


def _count(path: Path) -> int:
    with path.open("rb") as file:
        return sum(1 for text in file if text.strip())


@contextmanager
def bar(err: Console, total: int, word: str = "replay") -> Iterator["Tick"]:
    """A progress bar on a terminal; nothing elsewhere."""
    progress = Progress(
        TextColumn(word), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
        console=err, transient=True, disable=not err.is_terminal,
    )  # fmt: skip
    with progress:
        yield Tick(progress, progress.add_task(word, total=total))


class Tick:
    """Moves a progress bar; called with how many lines are done."""

    def __init__(self, progress: Progress, bar: int) -> None:
        """Keep the bar that is moved."""
        self._progress, self._bar = progress, bar

    def __call__(self, done: int) -> None:
        """Show that `done` lines are done."""
        self._progress.update(self._bar, completed=done)  # type: ignore[arg-type]


def _tell(err: Console, path: Path, unusable: Iterable[Unusable], summary: Summary, elapsed: float) -> None:
    for line in unusable:
        text = f"{path.name}:{line.number}: cannot be used: {line.reason}"
        err.print(text, markup=False, highlight=False, soft_wrap=True)
    rate = summary.items / elapsed if elapsed else 0.0
    err.print(
        f"{summary.items} items, {summary.relevant} relevant, {summary.mentions} mentions, "
        f"{summary.events} events, {summary.alerts} alerts, {rate:.0f} items per second",
        markup=False, highlight=False, soft_wrap=True,
    )  # fmt: skip
