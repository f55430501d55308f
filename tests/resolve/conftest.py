"""Items go through the coder and the resolver on a real store, one after the other."""

from collections.abc import Callable
from typing import Any

import pytest

from dragoman.replay import Line, Replay
from tasks.settings import configuration, register
from tasks.settings.configuration import Configuration
from tasks.settings.environment import ROOT
from tasks.settings.register import Register
from tasks.store.database import Connection


@pytest.fixture(scope="session")
def settings() -> Configuration:
    return configuration.load(ROOT / "config")


@pytest.fixture(scope="session")
def history() -> Register:
    return register.read(ROOT / "seeds" / "register.yaml")


@pytest.fixture
def replaying(db: Connection, settings: Configuration, history: Register) -> Callable[..., Replay]:
    def begin(**options: Any) -> Replay:
        return Replay(db, settings, history, **options)

    return begin


def line(number: int, title: str, body: str | None = None, published: str | None = None, **more: Any) -> Line:
    """An item of a replay."""
    values = {"id": f"x{number}", "title": title, "body": body, "published": published, **more}
    return Line.model_validate(values)
