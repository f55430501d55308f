"""`dragoman sources`: the table, and the commands around the list."""

from datetime import UTC, datetime

import typer

from dragoman import show
from dragoman.terminal import Json, opened_store, out
from tasks.settings.environment import from_environment

app = typer.Typer(
    help="The sources with their state; and how to try, add, import and export them.",
    invoke_without_command=True,
)


@app.callback()
def table(context: typer.Context, as_json: Json = False) -> None:
    """List the sources with their state, since when and why."""
    if context.invoked_subcommand is not None:
        return
    from tasks.settings import configuration
    from tasks.store import sources as stored

    environment = from_environment()
    loaded = configuration.load(environment.configuration)
    with opened_store(environment) as db:
        stored.synchronise(db, loaded.sources, datetime.now(UTC))
        rows = stored.states(db)
    show.sources(out, rows, as_json=as_json)
