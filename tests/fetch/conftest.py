"""A site and a fetcher for every test that asks."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import datetime
from itertools import pairwise

import pytest

from tasks.fetch import guard
from tasks.fetch.client import Fetcher, Limits, Request
from tasks.fetch.polite import Clock, Turn
from tasks.store.database import Pool
from tasks.store.database import pool as open_pool
from tests.support import site as support

FAST = Limits(total=5.0, connect=2.0, read=2.0)


class Names(guard.Resolver):
    """A name server for tests; it counts how often each name was asked for."""

    def __init__(self, known: dict[str, list[str]]) -> None:
        super().__init__(threads=1)
        self.known = known
        self.asked: list[str] = []

    async def resolve(self, host: str, port: int) -> list[str]:
        self.asked.append(host)
        await asyncio.sleep(0)
        return self.known[host] if host in self.known else await super().resolve(host, port)


@pytest.fixture
def site() -> Iterator[support.Site]:
    with support.running() as running:
        yield running


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    async with Fetcher("dragoman/0 (+mailto:desk@example.org)", FAST) as client:
        yield client


@pytest.fixture
def ask(site: support.Site) -> Callable[..., Request]:
    """Requests to the site, which is on loopback and on a port of its own."""

    def build(path: str, **values: object) -> Request:
        return Request(site.url(path), ports=frozenset([site.port]), loopback=True, **values)  # type: ignore[arg-type]

    return build


@pytest.fixture
def open_network(monkeypatch: pytest.MonkeyPatch, site: support.Site) -> None:
    """Loopback counts as public and the site's port as the web's: for redirects between two hosts."""
    monkeypatch.setattr(guard, "_FORBIDDEN_4", ())
    monkeypatch.setattr(guard, "PORTS", frozenset([80, 443, site.port]))


@pytest.fixture
def pool(database: str) -> Iterator[Pool]:
    with open_pool(database) as opened:
        yield opened


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """When each request was let go, whatever the machine made of it until it arrived."""
    moments: list[datetime] = []
    taken = Turn.taken

    @asynccontextmanager
    async def noted(
        turn: Turn, clock: Clock, spacing: float, delay: float | None = None
    ) -> AsyncIterator[None]:
        async with taken(turn, clock, spacing, delay):
            moments.append(turn.started_at or clock.now())
            yield

    monkeypatch.setattr(Turn, "taken", noted)
    return moments


def apart(moments: list[datetime], seconds: float) -> bool:
    """Whether each is so much later than the one before; a millisecond is the timer's."""
    return all((later - earlier).total_seconds() >= seconds - 0.001 for earlier, later in pairwise(moments))
