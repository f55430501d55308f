"""What the commands share: where they print, and the store that they work on."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import psycopg
import typer
from rich.console import Console

from tasks.settings.environment import Environment

# What a terminal takes for a command, and what turns letters around. Joiners stay: names need them.
_COMMANDS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
# Columns of what is printed to a file or a pipe.
_PIPED = 160


def _console(*, stderr: bool = False) -> Console:
    """A console as wide as its terminal; what is piped on is not broken into narrow columns."""
    console = Console(stderr=stderr)
    return console if console.is_terminal or "COLUMNS" in os.environ else Console(stderr=stderr, width=_PIPED)


out = _console()
err = _console(stderr=True)

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


class UnknownError(LookupError):
    """Nothing goes by the name that an operator gave; the message says what there is."""


@contextmanager
def opened_store(environment: Environment) -> Iterator[psycopg.Connection[Any]]:
    """A connection to the store of this environment, brought up to date."""
    from dragoman import databases
    from tasks.store import database

    with databases.opened(environment) as found:
        databases.prepare(found)
        with database.connect(found.dsn) as db:
            yield db


def harmless(text: str) -> str:
    """Words of strangers without what commands a terminal."""
    return _COMMANDS.sub("\ufffd", text)


def say(console: Console, text: str) -> None:
    """Print words as they are: nothing in them is markup, no line is broken, and nothing commands the
    terminal.
    """
    console.print(harmless(text), markup=False, highlight=False, soft_wrap=True)


def counted(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun: `1 item`, `2 items`."""
    return f"{number} {one if number == 1 else many or one + 's'}"
