"""`dragoman demo`: the whole way on sample sources, on real parts, in a place of its own.

The embedded database, Prefect's server and a web server with the samples are started; the monitor
flow runs once for each moment at which something is published, with the register as it stood
before the first story. What a channel would get is printed. Nothing leaves this machine.
"""

import asyncio
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from dragoman import databases, home, prefect_server, show
from dragoman.replay import described_event
from dragoman.samples import SampleSite
from tasks.resolve.history import load_history
from tasks.settings import configuration, register
from tasks.settings.environment import Environment
from tasks.store import database as store
from tasks.store import events
from tasks.store.database import Connection

# The first story of the samples is the round of September 2023.
HISTORY_BEFORE = date(2023, 9, 1)
CHANNEL = "terminal"


def run(environment: Environment, *, keep: bool, console: Console) -> int:
    """Run the demo; the exit status, which is 0 when every cycle went through.

    With `keep` the store stays in the home folder, and the next such run goes on with it: it polls
    everything once more, a day later, and has nothing to tell.
    """
    with _place(environment, keep) as place, _site(place) as site:
        told = place / "told.jsonl"
        folder = _configuration(environment, place, site, told)
        known = replace(environment, home=place, database=None, configuration=folder)
        with databases.opened(known) as found:
            databases.prepare(found)
            with store.connect(found.dsn) as db:
                again = bool(events.listed(db, limit=1))
                _prepare(db, known)
            before = _lines(told)
            with ExitStack() as stack:
                with console.status("starting Prefect's server"):
                    stack.enter_context(prefect_server.running(place, found.prefect))
                _cycles(found.environment, site, console, again=again)
            with store.connect(found.dsn) as db:
                _show(console, db)
            _print_told(console, _lines(told)[len(before) :])
    return 0


@contextmanager
def _site(place: Path) -> Iterator[SampleSite]:
    """The sample site at the port that a kept demo had before, so that its addresses are the same."""
    kept = place / "port"
    port = int(kept.read_text(encoding="utf-8")) if kept.exists() else 0
    with ExitStack() as stack:
        try:
            site = stack.enter_context(SampleSite(port=port))
        except OSError:
            # Somebody has taken it: the same items come from other addresses, and are told of no more.
            site = stack.enter_context(SampleSite())
        kept.write_text(site.url.rpartition(":")[2], encoding="utf-8")
        yield site


@contextmanager
def _place(environment: Environment, keep: bool) -> Iterator[Path]:
    """Where the demo lives: below the home folder if it is kept, else nowhere for long."""
    if keep:
        home.make(environment.home)
        yield home.make(environment.home / "demo")
        return
    with tempfile.TemporaryDirectory(prefix="dragoman-demo-", ignore_cleanup_errors=True) as folder:
        # The account that root lends to the database must be able to pass through.
        Path(folder).chmod(0o711)
        yield home.make(Path(folder) / "home")


def _configuration(environment: Environment, place: Path, site: SampleSite, told: Path) -> Path:
    """The project's configuration with the sample sources, and one channel that writes to a file."""
    folder = place / "config"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(environment.configuration, folder)
    shutil.rmtree(folder / "sources")
    (folder / "sources").mkdir()
    (folder / "sources" / "samples.yaml").write_text(
        yaml.safe_dump(site.sources(), allow_unicode=True, sort_keys=False), encoding="utf-8"
    )
    channel = {"id": CHANNEL, "kind": "file", "url": told.as_uri(), "format": "plain"}
    (folder / "channels.yaml").write_text(
        yaml.safe_dump({"operator": None, "channels": [channel]}), encoding="utf-8"
    )
    return folder


def _prepare(db: Connection, environment: Environment) -> None:
    loaded = configuration.load(environment.configuration)
    known = register.read(environment.seeds / "register.yaml")
    # The history is as old as the day before which it ends: the demo's clock starts after it.
    began = datetime.fromisoformat(f"{HISTORY_BEFORE}T00:00:00+00:00")
    load_history(db, known, loaded, began, HISTORY_BEFORE)


def _cycles(environment: Environment, site: SampleSite, console: Console, *, again: bool) -> None:
    """One cycle for each moment of publication; on a store that has seen them, one a day later."""
    moments = site.moments()
    if again:
        site.now = moments[-1]
        moments = [moments[-1] + timedelta(days=1)]
    with Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=console, transient=True
    ) as progress:
        bar = progress.add_task("cycles", total=len(moments))
        for moment in moments:
            site.now = max(site.now, moment)
            line = _cycle(environment, moment)
            console.print(f"{moment:%Y-%m-%d}  {line}", highlight=False)
            progress.advance(bar)


def _cycle(environment: Environment, moment: datetime) -> str:
    from flows import surroundings
    from flows.monitor import monitor

    with surroundings.within(environment):
        return str(asyncio.run(monitor(now=moment.isoformat())))


def _show(console: Console, db: Connection) -> None:
    show.rows(
        console, "what was read", {"source": "outlet", "language": "language", "items": "items",
        "relevant": "relevant", "events": "events"}, store.records(db, "items/by_source"),
    )  # fmt: skip
    show.events(console, [described_event(db, one.id) for one in events.listed(db)], as_json=False)


def _lines(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _print_told(console: Console, told: list[dict[str, Any]]) -> None:
    for number, message in enumerate(told, start=1):
        console.rule(f"alert {number}", align="left")
        console.print(message["text"], markup=False, highlight=False, soft_wrap=True)
    console.rule(align="left")
    console.print(f"{len(told)} alerts" if told else "nothing new: no alert")
