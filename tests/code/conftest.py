"""The project's own configuration, compiled once."""

from collections.abc import Callable
from datetime import datetime

import pytest

from tasks.code.coder import Coding, code
from tasks.code.rules import Rules, compile_rules
from tasks.model import Item
from tasks.settings import configuration
from tasks.settings.configuration import Configuration
from tasks.settings.environment import ROOT

Coder = Callable[..., Coding]


@pytest.fixture(scope="session")
def settings() -> Configuration:
    return configuration.load(ROOT / "config")


@pytest.fixture(scope="session")
def rules(settings: Configuration) -> Rules:
    return compile_rules(settings)


@pytest.fixture(scope="session")
def coder(rules: Rules) -> Coder:
    """Code a title and a body published, or first seen, at a time in ISO 8601."""

    def run(
        title: str,
        body: str | None = None,
        published: str | None = None,
        language: str | None = None,
        seen: str | None = None,
    ) -> Coding:
        when = datetime.fromisoformat(published) if published else None
        first = datetime.fromisoformat(seen) if seen else None
        item = Item(
            id="t", source="t", title=title, body=body, language=language, published=when, first_seen=first
        )
        return code(item, rules)

    return run
