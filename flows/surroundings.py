"""What a flow finds around it, and must not be handed as a parameter.

Prefect keeps the parameters of a run and shows them in its dashboard; the address of a database
may hold a password. So whoever runs flows in this process says here where they are.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from tasks.settings.environment import Environment, from_environment


def _unheard(line: str) -> None:
    """Nobody listens: a run that an operator started with Prefect's own command."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The environment, its database named, and who is told what a run did, a line at a time."""

    environment: Environment
    say: Callable[[str], None] = _unheard


_current: ContextVar[Surroundings | None] = ContextVar("surroundings", default=None)


@contextmanager
def within(environment: Environment, say: Callable[[str], None] = _unheard) -> Iterator[None]:
    """Flows that are run in this block, and in tasks that are started in it, find themselves here."""
    token = _current.set(Surroundings(environment, say))
    try:
        yield
    finally:
        _current.reset(token)


def current() -> Surroundings:
    """Where the running flow is: as `within` says, else as the process's environment does."""
    return _current.get() or Surroundings(from_environment())
