"""`dragoman sources`: the table, and the commands around the list."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from dragoman import show
from dragoman.terminal import Json, err, opened_store, out
from tasks.settings.environment import from_environment

app = typer.Typer(
    help="The sources with their state; and how to try, add, import and export them.",
    invoke_without_command=True,
)


@app.callback()
def table(
    context: typer.Context,
    state: Annotated[list[str] | None, typer.Option(help="Only those in this state; repeatable.")] = None,
    hosts: Annotated[bool, typer.Option("--hosts", help="What was asked of each host in a day.")] = False,
    as_json: Json = False,
) -> None:
    """List the sources with their state, since when and why, and what to do about it."""
    if context.invoked_subcommand is not None:
        return
    from tasks.settings import configuration
    from tasks.store import concerns
    from tasks.store import sources as stored

    if unknown := sorted(set(state or ()) - {*stored.SourceState, "off"}):
        known = ", ".join((*stored.SourceState, "off"))
        raise typer.BadParameter(f"no source is ever {unknown[0]}; the states are: {known}")
    environment = from_environment()
    loaded = configuration.load(environment.configuration)
    now = datetime.now(UTC)
    with opened_store(environment) as db:
        stored.synchronise(db, loaded.sources, now)
        if hosts:
            show.hosts(out, stored.hosts(db, now - timedelta(days=1)), as_json=as_json)
            return
        rows = [row for row in stored.states(db) if not state or row["state"] in state]
        told = concerns.open_concerns(db)
    show.sources(out, rows, told, as_json=as_json)


@app.command()
def trust(source: Annotated[str, typer.Argument(help="Its id in config/sources/.")]) -> None:
    """Take a source for what it now says it is: what was kept back of it is read and may be told."""
    from tasks.store import sources as stored

    with opened_store(from_environment()) as db:
        released = stored.trust(db, source, datetime.now(UTC))
    if released is None:
        raise LookupError(f"nothing is held against a source `{source}`")
    what = "1 item that was" if released == 1 else f"{released} items that were"
    out.print(f"{source} is trusted; {what} kept back will be read with the next cycle", markup=False)


@app.command()
def check(
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", help="Only these, be they on or off.")
    ] = None,
    off: Annotated[bool, typer.Option("--off", help="Those that are off as well.")] = False,
    record: Annotated[
        bool, typer.Option("--record", help="Write today into the entries of those that gave items.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Try the sources now and say what each gives; the store is not needed and not touched."""
    from dragoman.sources_check import run

    environment = from_environment()
    status = run(environment, ids or [], off=off, record=record, as_json=as_json, out=out, err=err)
    raise typer.Exit(status)
