"""Terms for reading, and a pool of the test's database."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tasks.read.child import Children
from tasks.read.document import Terms
from tasks.store.database import Pool
from tasks.store.database import pool as open_pool
from tests.support.sources import NOW

FEED_URL = "https://news.example.org/world/feed.xml"


def a_terms(**values: object) -> Terms:
    """Terms of a feed in English from London."""
    base = Terms(FEED_URL, "Europe/London", "en", NOW)
    return replace(base, **values)  # type: ignore[arg-type]


def rss(*items: str, head: str = "") -> str:
    """A feed with these items, given as the inside of `<item>`."""
    inside = "".join(f"<item>{item}</item>" for item in items)
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>Desk</title>{head}{inside}</channel></rss>'
    )


@pytest.fixture(scope="session")
def children() -> Iterator[Children]:
    with Children(2) as some:
        yield some


@pytest.fixture
def pool(database: str) -> Iterator[Pool]:
    with open_pool(database) as opened:
        yield opened
