"""`dragoman items`, `recode` and `lexicon`: what is stored, how it is read, and how it would be."""

import json
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from dragoman import listed, show
from dragoman.terminal import Json, err, opened_store, out
from tasks.settings.environment import from_environment

lexicon = typer.Typer(help="What the lists find in a text, and what they lack.", no_args_is_help=True)

Days = Annotated[int | None, typer.Option(min=1, help="Only items first seen in so many days.")]


def items(
    source: Annotated[str | None, typer.Option(help="Of one source, by its id.")] = None,
    relevant: Annotated[
        bool | None, typer.Option("--relevant/--dropped", help="Only what is relevant, or is not.")
    ] = None,
    awaits: Annotated[str | None, typer.Option(help="Only what awaits a station, such as code.")] = None,
    days: Days = None,
    score: Annotated[float | None, typer.Option(min=0, max=1, help="Only from this score on.")] = None,
    words: Annotated[str | None, typer.Option("--title", help="Only with these words in the title.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 50,
    as_json: Json = False,
) -> None:
    """List items with their numbers, the latest first; `dragoman explain` takes such a number."""
    from tasks.store import items as stored

    since = datetime.now(UTC) - timedelta(days=days) if days else None
    with opened_store(from_environment()) as db:
        found = stored.recent(
            db, limit, source=source, relevant=relevant, awaits=awaits, since=since, least=score, words=words
        )
    if as_json:
        out.print(show.as_json_text(found), markup=False, highlight=False, soft_wrap=True)
        return
    listed.items(out, found)


def recode(
    apply: Annotated[
        bool, typer.Option("--apply/--dry-run", help="Write what changes, or only show it (the default).")
    ] = False,
    days: Days = None,
    as_json: Json = False,
) -> None:
    """Code the stored items again after a change of the rules, and show what changes by it.

    Run in several terminals or on several machines, it shares the work; killed, it is gone on with.
    """
    from dragoman.recoding import recode as run

    columns = (
        TextColumn("batches"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task("recode", total=None)
        found = run(
            from_environment(), applies=apply, days=days,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )  # fmt: skip
    if as_json:
        out.print_json(json.dumps(found.described(), ensure_ascii=False))
        return
    listed.recoded(out, found.described())


@lexicon.command("try")
def try_text(
    text: Annotated[str, typer.Argument(help="A sentence or a few.")],
    language: Annotated[str | None, typer.Option(help="Such as vi; without it, as the text looks.")] = None,
    as_json: Json = False,
) -> None:
    """Show what the lists find in a text, and whether it passes the gate."""
    from dragoman.lexicon import tried

    found = tried(from_environment(), text, language)
    if as_json:
        out.print(show.as_json_text(found), markup=False, highlight=False, soft_wrap=True)
        return
    listed.tried(out, found)


@lexicon.command("gaps")
def show_gaps(
    days: Days = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="So many names, and ordinals.")] = 40,
    as_json: Json = False,
) -> None:
    """List names and ordinals of stored items that stand near strong hits and are in no list."""
    from dragoman.lexicon import lacking

    with err.status("looking through the stored items"):
        found = lacking(from_environment(), days, limit)
    if as_json:
        out.print(show.as_json_text(found), markup=False, highlight=False, soft_wrap=True)
        return
    listed.lacking(out, found)
