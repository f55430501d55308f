"""`dragoman sources`: the table, and the commands around the list."""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from dragoman import show
from dragoman.terminal import Json, UnknownError, err, opened_store, out
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
        known = any(row["id"] == source for row in stored.states(db))
    if not known:
        raise UnknownError(f"there is no source `{source}`; `dragoman sources` lists them")
    if released is None:
        raise UnknownError(f"nothing is held against a source `{source}`")
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


@app.command()
def add(
    url: Annotated[str, typer.Argument(metavar="URL", help="A page of the outlet, or the feed itself.")],
    id: Annotated[str | None, typer.Option(help="The entry's id.")] = None,
    outlet: Annotated[str | None, typer.Option(help="What the outlet is called.")] = None,
    language: Annotated[str | None, typer.Option(help="Such as hu, or zh-Hant.")] = None,
    country: Annotated[str | None, typer.Option(help="By ISO 3166, such as HUN.")] = None,
    zone: Annotated[str | None, typer.Option(help="Of its dates, such as Europe/Budapest.")] = None,
    rank: Annotated[
        int | None, typer.Option(min=1, max=4, help="1 a party, 2 agency, 3 outlet, 4 aggregator.")
    ] = None,
    file: Annotated[str | None, typer.Option(help="The file in config/sources/, without .yaml.")] = None,
    choose: Annotated[int | None, typer.Option(min=1, help="Take this one of what is found.")] = None,
    loopback: Annotated[bool, typer.Option("--loopback", help="It is meant to be on this machine.")] = False,
) -> None:
    """Find what an outlet publishes for programs, try it, and write its entry into the list."""
    from dragoman.drafting import Given
    from dragoman.searching import Wish
    from dragoman.sources_add import run

    wish = Wish(url, Given(id, outlet, language, country, zone, rank, file), choose, loopback)
    ask = sys.stdin.isatty() and out.is_terminal
    raise typer.Exit(run(from_environment(), wish, out=out, err=err, ask=ask))


@app.command("import")
def import_(
    path: Annotated[
        Path, typer.Argument(metavar="FILE", help="An OPML file.", exists=True, dir_okay=False, readable=True)
    ],
    file: Annotated[
        str | None, typer.Option(help="All into this file; by default one for each folder of the list.")
    ] = None,
    language: Annotated[str | None, typer.Option(help="Where nothing tells it, such as hu.")] = None,
    country: Annotated[str | None, typer.Option(help="Where nothing tells it, such as HUN.")] = None,
    zone: Annotated[str | None, typer.Option(help="Where nothing tells it, such as UTC.")] = None,
    rank: Annotated[int | None, typer.Option(min=1, max=4, help="Of all of them.")] = None,
    trusted: Annotated[
        bool, typer.Option("--trusted", help="Take entries that weaken a guard, such as `loopback`.")
    ] = False,
) -> None:
    """Add the sources of an OPML file to the list; nothing is fetched."""
    from dragoman.drafting import Given
    from dragoman.sources_opml import import_file

    given = Given(rank=rank, file=file)
    fallback = Given(language=language, country=country, zone=zone)
    status = import_file(from_environment(), path, given, fallback, trusted=trusted, out=out, err=err)
    raise typer.Exit(status)


@app.command()
def export(
    path: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="Where to write; printed without it.")
    ] = None,
) -> None:
    """Write all sources as OPML: for other readers, and for another installation."""
    from dragoman import sources_opml

    sources_opml.export(from_environment(), path, out)
