"""B55 from end to end: what a feed, a list page or an article names is never fetched from within."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tasks.fetch.client import Fetcher
from tasks.fetch.pages import get_pages
from tasks.fetch.sources import poll_due
from tasks.read.child import Children
from tasks.read.responses import read_waiting
from tasks.store import items, sources
from tasks.store.database import Connection, Pool
from tests.fetch.conftest import FAST, Names
from tests.support import emptied
from tests.support import site as support
from tests.support.site import Answer, Site, feed, page
from tests.support.sources import NOW, a_source

database = emptied.database
kept_database = emptied.kept_database

LEASE = timedelta(minutes=10)
LATER = NOW + timedelta(minutes=1)


@pytest.fixture(scope="module")
def children() -> Iterator[Children]:
    with Children() as running:
        yield running


@pytest.fixture
def inner() -> Iterator[Site]:
    """Something on this machine that no feed has any business with."""
    with support.running() as running:
        for path in ("/secret", "/robots.txt"):
            running.set(path, Answer(b"<html><body><p>the password is swordfish</p></body></html>"))
        yield running


HOSTS = [
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f.1",
    "0177.0.0.1",
    "[::ffff:127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "127.0.0.1.",
    "127。0。0。1",
    "１２７.０.０.１",
    "localhost",
    "rebound.test",
]


async def fetch_all(db: Connection, pool: Pool, children: Children, outlet: Site) -> None:
    """A whole round: the source, its reading, and the page of every item, whatever the gate would say."""
    names = Names({"outlet.test": ["127.0.0.1"], "rebound.test": ["127.0.0.1"]})
    async with Fetcher("dragoman/0", FAST, resolver=names) as fetcher:
        await poll_due(pool, fetcher, 10, NOW)
        read_waiting(pool, children, 10, NOW)
        found = items.claim(db, "gate", 100, LATER, LEASE)
        assert found
        for stored in found:
            items.await_next(db, stored.number, "page", LATER)
        await get_pages(pool, fetcher, 100, LATER)


def outlet_source(outlet: Site, path: str, **values: object) -> object:
    """An outlet that is on loopback by permission; the permission ends at its own name."""
    return a_source(url=f"http://outlet.test:{outlet.port}{path}", loopback=True, spacing=0, **values)


async def test_b55_no_link_of_a_feed_leads_inside(
    db: Connection, pool: Pool, children: Children, site: Site, inner: Site
) -> None:
    links = [f"http://{host}:{inner.port}/secret" for host in HOSTS] + [
        f"http://{host}/secret" for host in HOSTS
    ]
    rows = "".join(
        f"<item><title>The headline number {n}</title><link>{link}</link><guid>{n}</guid></item>"
        for n, link in enumerate(links)
    )
    site.set("/feed", feed(f"<rss version='2.0'><channel><title>Desk</title>{rows}</channel></rss>"))
    sources.synchronise(db, [outlet_source(site, "/feed")], NOW)  # type: ignore[list-item]
    await fetch_all(db, pool, children, site)
    assert not inner.asked
    assert items.waiting(db).get("page", 0) == 0


async def test_b55_no_link_of_a_list_page_leads_inside(
    db: Connection, pool: Pool, children: Children, site: Site, inner: Site
) -> None:
    links = [f"http://{host}:{inner.port}/secret?{n}" for n, host in enumerate(HOSTS)]
    links += [f"//{host}/secret?{n}" for n, host in enumerate(HOSTS)]
    body = "".join(f"<li><a href='{link}'>The headline number {n}</a></li>" for n, link in enumerate(links))
    site.set("/list", page(f"<html><body><ul>{body}</ul></body></html>"))
    listed = outlet_source(site, "/list", kind="list", links={"pattern": "secret"})
    sources.synchronise(db, [listed], NOW)  # type: ignore[list-item]
    await fetch_all(db, pool, children, site)
    assert not inner.asked


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_b55_no_article_is_redirected_inside(
    db: Connection, pool: Pool, children: Children, site: Site, inner: Site, status: int
) -> None:
    """The article itself is public; where it leads to is not."""
    hosts = [host for host in HOSTS if host.isascii()]
    for number, host in enumerate(hosts):
        site.set(
            f"/a{number}", Answer(status=status, headers={"Location": f"http://{host}:{inner.port}/secret"})
        )
    home = f"http://outlet.test:{site.port}"
    rows = "".join(
        f"<item><title>The headline number {n}</title><link>{home}/a{n}</link><guid>{n}</guid></item>"
        for n in range(len(hosts))
    )
    site.set("/feed", feed(f"<rss version='2.0'><channel><title>Desk</title>{rows}</channel></rss>"))
    sources.synchronise(db, [outlet_source(site, "/feed")], NOW)  # type: ignore[list-item]
    await fetch_all(db, pool, children, site)
    assert len([asked for asked in site.asked if asked.path.startswith("/a")]) == len(hosts)
    assert not inner.asked
