"""The command line: thin commands over the parts that do the work.

Exit status: 0 done, 1 something was wrong with what was asked or found, 2 the call's words are off.
"""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from dragoman import archive_cli, show, sources_cli
from dragoman.terminal import Json, UnknownError, counted, err, opened_store, out
from tasks.model import Kind
from tasks.settings.environment import SettingError, from_environment
from tasks.settings.located import ConfigurationError

app = typer.Typer(
    help="Watches the news for security cooperation of China with Russia and Europe; says once what is new.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
alerts_app = typer.Typer(help="What was told, and a test message to a channel.", invoke_without_command=True)
config_app = typer.Typer(help="The files of config/.", no_args_is_help=True)
db_app = typer.Typer(help="The store: bring it up to date, back it up, restore it.", no_args_is_help=True)
app.add_typer(alerts_app, name="alerts")
app.add_typer(config_app, name="config")
app.add_typer(db_app, name="db")
app.add_typer(sources_cli.app, name="sources")
app.add_typer(archive_cli.lexicon, name="lexicon")
app.command()(archive_cli.items)
app.command()(archive_cli.recode)


class Split(StrEnum):
    """The two parts of the labelled items."""

    DEV = "dev"
    TEST = "test"


def main() -> None:
    """Run the command line; what an operator can mend is told in a sentence, without a trace."""
    try:
        app()
    except ConfigurationError as error:
        for mistake in error.mistakes:
            err.print(str(mistake), markup=False, highlight=False, soft_wrap=True)
        raise SystemExit(1) from error
    except _plain() as error:
        err.print(f"dragoman: {error}", markup=False, highlight=False, soft_wrap=True)
        raise SystemExit(1) from error


def _plain() -> tuple[type[Exception], ...]:
    """What an operator can mend: its message is a sentence, and a trace would only hide it."""
    from dragoman.supervisor import PLAIN
    from tasks.settings.channels import ChannelError
    from tasks.settings.source_files import WriteError
    from tasks.store.archive import ArchiveError

    return (
        *PLAIN,
        ArchiveError,
        ChannelError,
        SettingError,
        WriteError,
        UnknownError,
        FileNotFoundError,
        IsADirectoryError,
        PermissionError,
    )


def _say(line: str) -> None:
    stamp = datetime.now(UTC).strftime("%H:%M:%S")
    out.print(f"{stamp}  {line}", markup=False, highlight=False, soft_wrap=True)


@app.command()
def demo(
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep the store; the next run with --keep goes on with it.")
    ] = False,
) -> None:
    """Show the whole way on sample sources: nothing to set up, nothing sent, gone afterwards."""
    from dragoman.demo import run

    raise typer.Exit(run(from_environment(), keep=keep, console=out))


@app.command()
def up(
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Dashboard's port (default 4200).")
    ] = None,
) -> None:
    """Run the service: database, Prefect's dashboard, schedules and worker, until Ctrl-C."""
    from dragoman.supervisor import up as run

    raise typer.Exit(run(from_environment(), port=port, say=_say))


@app.command()
def once(as_json: Json = False) -> None:
    """Run one cycle now and say what it did."""
    from dragoman.supervisor import cycle_once

    with err.status("one cycle") as status:
        try:
            result, failed = cycle_once(from_environment(), lambda line: status.update(line)), None
        except RuntimeError as error:
            if isinstance(error, _plain()):
                raise
            # Not sooner: Prefect, which it brings along, reads its settings when it is imported.
            from flows.cycle import CycleError

            if not isinstance(error, CycleError):
                raise
            result, failed = error.result, error
    show.cycle(out, result, as_json=as_json)
    if failed is not None:
        reasons = "; ".join(dict.fromkeys(_reasons(failed.__cause__ or failed)))
        told = f"dragoman: steps of the cycle failed, the others were done: {reasons}"
        err.print(told, markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(1)


def _reasons(error: BaseException) -> Iterator[str]:
    """Why it failed: the first line of each error that is in it."""
    if isinstance(error, BaseExceptionGroup):
        for each in error.exceptions:
            yield from _reasons(each)
        return
    said = str(error).strip().splitlines()
    yield f"{type(error).__name__}: {said[0]}" if said else type(error).__name__


@app.command()
def worker(
    name: Annotated[str | None, typer.Option(help="Tells the workers of one host apart.")] = None,
) -> None:
    """Work for a Prefect server elsewhere (PREFECT_API_URL), on the store at DATABASE_URL."""
    from dragoman.supervisor import worker as run

    raise typer.Exit(run(from_environment(), name=name, say=_say))


@app.command()
def setup(
    at_once: Annotated[int, typer.Option(min=1, help="How many machines share the work of a moment.")] = 1,
) -> None:
    """Prepare a server installation: tables, the register's history, work pool and deployments."""
    from dragoman.supervisor import setup as run

    raise typer.Exit(run(from_environment(), at_once=at_once, say=_say))


def _register_option(value: str) -> str:
    if value in ("none", "all"):
        return value
    try:
        date.fromisoformat(value)
    except ValueError as error:
        raise typer.BadParameter("takes none, all or a day as YYYY-MM-DD") from error
    return value


def _kinds_option(value: str | None) -> str | None:
    if value in (None, "all"):
        return value
    unknown = [kind for kind in value.split(",") if kind not in set(Kind)]
    if unknown:
        raise typer.BadParameter(f"unknown kind {', '.join(unknown)}; known: {', '.join(Kind)}")
    return value


@app.command()
def replay(
    items: Annotated[
        Path, typer.Argument(help="Items, one JSON object a line.", exists=True, dir_okay=False)
    ],
    out_file: Annotated[Path | None, typer.Option("--out", help="Write the codes to this file.")] = None,
    events_file: Annotated[
        Path | None, typer.Option("--events", help="Write the events to this file.")
    ] = None,
    register: Annotated[
        str,
        typer.Option(callback=_register_option, help="History: all, none, or before a day (YYYY-MM-DD)."),
    ] = "all",
    alert: Annotated[
        str | None,
        typer.Option(callback=_kinds_option, help="Kinds that alert: agreement,patrol or all."),
    ] = None,
) -> None:
    """Code, resolve and alert a stream of items as if the service had been on; nothing is sent.

    A line needs an id and a title, and may have source, lang, published, fetched, url, summary,
    body and html.
    """
    from dragoman.replaying import replay_file

    named = list(Kind) if alert == "all" else [Kind(one) for one in (alert or "").split(",") if one]
    before = None if register in ("all", "none") else date.fromisoformat(register)
    status = replay_file(
        from_environment(), items, out_file, events_file, err,
        before=before, history=register != "none", kinds=named or None,
    )  # fmt: skip
    raise typer.Exit(status)


@app.command("eval")
def evaluate(
    split: Annotated[Split, typer.Option(help="dev is for writing rules, test for measuring.")] = Split.DEV,
    misses: Annotated[bool, typer.Option("--misses", help="Name every fault, item by item.")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Say what changed since the last run.")] = False,
    folder: Annotated[
        Path | None, typer.Option("--gold", help="Another folder of labelled items, with dev/ and test/.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Measure the whole way on labelled items: relevance, fields, events, alerts, with intervals."""
    from dragoman import gold
    from dragoman.evaluating import evaluate as run

    status = run(
        from_environment(), split, folder or gold.FOLDER, out, err, misses=misses, diff=diff, as_json=as_json
    )
    raise typer.Exit(status)


@app.command()
def explain(
    item: Annotated[str, typer.Argument(help="An item's number or address, or a text file.")],
    language: Annotated[str | None, typer.Option(help="For a file: its language, such as vi.")] = None,
    published: Annotated[str | None, typer.Option(help="For a file: its time (ISO 8601).")] = None,
    as_json: Json = False,
) -> None:
    """Tell why an item was taken or passed over: segments, hits, fields, quotes, rules, its event."""
    from dragoman.explain import explanation

    when = _moment(published) if published else None
    described = explanation(from_environment(), item, language, when)
    show.explanation(out, described, as_json=as_json)


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"is no time in ISO 8601: {text}") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@app.command()
def events(
    dyad: Annotated[str | None, typer.Option(help="Such as CHN-RUS.")] = None,
    kind: Annotated[Kind | None, typer.Option(help="Such as agreement.")] = None,
    mechanism: Annotated[str | None, typer.Option(help="Such as cn-ru-ssc.")] = None,
    history: Annotated[bool, typer.Option("--history", help="With the register's history.")] = False,
    limit: Annotated[int, typer.Option(min=1)] = 50,
    as_json: Json = False,
) -> None:
    """List events, the latest first."""
    from dragoman.replay import described_event
    from tasks.store import events as stored

    with opened_store(from_environment()) as db:
        found = stored.listed(db, dyad=dyad, kind=kind, mechanism=mechanism, history=history, limit=limit)
        rows = [described_event(db, event.id) for event in found]
    show.events(out, rows, as_json=as_json)


@alerts_app.callback()
def alerts(
    context: typer.Context,
    limit: Annotated[int, typer.Option(min=1)] = 50,
    as_json: Json = False,
) -> None:
    """List the alerts, the latest first, with what became of their deliveries."""
    if context.invoked_subcommand is not None:
        return
    from tasks.store import outbox

    with opened_store(from_environment()) as db:
        rows = outbox.alerts(db, limit)
    show.alerts(out, rows, as_json=as_json)


@alerts_app.command("test")
def alerts_test(
    channel: Annotated[str, typer.Argument(help="Its id in config/channels.yaml.")],
) -> None:
    """Send a message that is marked as a test to one channel."""
    from tasks.alert.channels import send_test
    from tasks.settings import configuration

    environment = from_environment()
    channels = configuration.load(environment.configuration).channels
    if channel not in channels.by_id:
        known = ", ".join(channels.by_id) or "none"
        raise UnknownError(f"there is no channel `{channel}` in config/channels.yaml; there are: {known}")
    outcome = send_test(channels.by_id[channel], datetime.now(UTC))
    show.outcome(out, channel, outcome)
    raise typer.Exit(0 if outcome.sent else 1)


@app.command("second-reader")
def second_reader(
    limit: Annotated[int, typer.Option(min=1)] = 50,
    as_json: Json = False,
) -> None:
    """What a second reader doubts or sends to review, and what it may still be asked today."""
    from dragoman.second_reader import standing

    show.second_reader(out, standing(from_environment(), limit), as_json=as_json)


@config_app.command("check")
def config_check(as_json: Json = False) -> None:
    """Read all of config/ and the register, and name file, line and field of every mistake."""
    from dragoman.checking import check

    mistakes = check(from_environment())
    if as_json:
        rows = [{"file": m.file, "line": m.line, "field": m.field, "message": m.message} for m in mistakes]
        out.print_json(json.dumps(rows))
    else:
        for mistake in mistakes:
            out.print(str(mistake), markup=False, highlight=False, soft_wrap=True)
        out.print("no mistakes" if not mistakes else counted(len(mistakes), "mistake"))
    raise typer.Exit(1 if mistakes else 0)


@db_app.command("migrate")
def db_migrate() -> None:
    """Bring the store's tables up to date."""
    from dragoman import databases

    with databases.opened(from_environment()) as found:
        applied = databases.prepare(found)
    out.print("\n".join(f"applied {name}" for name in applied) or "the store is up to date")


@db_app.command("backup")
def db_backup(target: Annotated[Path, typer.Argument(help="The file to write.")]) -> None:
    """Write a backup of the store, while the service runs or not."""
    from dragoman import databases
    from tasks.store.archive import back_up

    with databases.opened(from_environment()) as found:
        back_up(found.dsn, target)
    out.print(f"written: {target}", markup=False, highlight=False, soft_wrap=True)


@db_app.command("restore")
def db_restore(
    source: Annotated[Path, typer.Argument(help="A file written by backup.", exists=True, dir_okay=False)],
    replace: Annotated[bool, typer.Option("--replace", help="Throw away what the store holds now.")] = False,
) -> None:
    """Put a backup into an empty store; nothing that was told is told again."""
    from dragoman import databases
    from tasks.store.archive import restore

    with databases.opened(from_environment()) as found:
        restore(found.dsn, source, replace=replace)
        databases.prepare(found)
    out.print("restored")
