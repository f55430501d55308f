"""The pages behind items: fetched politely, given up soon, and never from where nobody may go."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tasks.fetch.batch import LEASE, Fetched
from tasks.fetch.client import Fetcher
from tasks.fetch.pages import UNREAD, get_pages
from tasks.store import items, responses, sources
from tasks.store.database import Connection, Pool
from tasks.store.items import FoundItem
from tests.support import emptied
from tests.support.site import Answer, Site, page
from tests.support.sources import NOW, a_source

database = emptied.database
kept_database = emptied.kept_database


def await_page(db: Connection, site: Site, *urls: str | None) -> list[int]:
    sources.synchronise(db, [a_source(url=site.url("/feed"), loopback=True, spacing=0)], NOW)
    base = FoundItem(("guid:1",), "A title")
    found = [replace(base, keys=(f"guid:{url}",), title=str(url), url=url) for url in urls]
    items.add(db, "desk", found, NOW, baseline=False)
    claimed = items.claim(db, "gate", 100, NOW, LEASE)
    for stored in claimed:
        items.await_next(db, stored.number, "page", NOW)
    return [stored.number for stored in claimed]


def failure(db: Connection, number: int) -> str:
    stored = items.get(db, number)
    assert stored is not None
    return stored.failure or ""


async def test_a_page_waits_to_be_read(db: Connection, pool: Pool, fetcher: Fetcher, site: Site) -> None:
    url = site.set("/a", page("<p>words</p>"))
    (number,) = await_page(db, site, url)
    assert await get_pages(pool, fetcher, 10, NOW) == Fetched(polled=1, bodies=1)
    (response,) = responses.claim(db, NOW, 10, LEASE)
    assert (response.item_id, response.body, response.url) == (number, b"<p>words</p>", url)
    assert await get_pages(pool, fetcher, 10, NOW) == Fetched()
    assert items.waiting(db) == {"page": 1}


async def test_a_page_that_vanished_unread_is_fetched_again(
    db: Connection, pool: Pool, fetcher: Fetcher, site: Site
) -> None:
    await_page(db, site, site.set("/a", page("<p>words</p>")))
    await get_pages(pool, fetcher, 10, NOW)
    db.execute("truncate response")
    later = NOW + UNREAD + timedelta(minutes=1)
    assert (await get_pages(pool, fetcher, 10, later)).bodies == 1


def test_b42_who_has_lost_a_page_frees_it_for_nobody(db: Connection, site: Site) -> None:
    await_page(db, site, site.url("/a"))
    (late,) = items.claim(db, "page", 1, NOW, LEASE)
    at = NOW + LEASE
    (newer,) = items.claim(db, "page", 1, at, LEASE)
    items.hand_back(db, [late], at)
    assert not items.defer(db, late, at)
    assert items.claim(db, "page", 1, at, LEASE) == []
    assert items.defer(db, newer, at + UNREAD)


@pytest.mark.parametrize("status", [404, 410, 403])
async def test_what_will_not_pass_is_given_up_at_once(
    db: Connection, pool: Pool, fetcher: Fetcher, site: Site, status: int
) -> None:
    (number,) = await_page(db, site, site.set("/a", Answer(status=status)))
    await get_pages(pool, fetcher, 10, NOW)
    assert items.waiting(db) == {"code": 1}
    assert str(status) in failure(db, number)


async def test_what_may_pass_is_tried_three_times(
    db: Connection, pool: Pool, fetcher: Fetcher, site: Site
) -> None:
    await_page(db, site, site.set("/a", Answer(status=500)))
    now: datetime = NOW
    for _ in range(2):
        assert (await get_pages(pool, fetcher, 10, now)).failed == 1
        assert items.waiting(db) == {"page": 1}
        assert await get_pages(pool, fetcher, 10, now) == Fetched()
        now += timedelta(minutes=30)
    await get_pages(pool, fetcher, 10, now)
    assert items.waiting(db) == {"code": 1}
    assert len(site.requests("/a")) == 3


async def test_b43_robots_txt_is_asked_for_every_page(
    db: Connection, pool: Pool, fetcher: Fetcher, site: Site
) -> None:
    site.set("/robots.txt", Answer(b"User-agent: *\nDisallow: /a"))
    await_page(db, site, site.set("/a", page("no")), site.set("/b", page("yes")))
    assert await get_pages(pool, fetcher, 10, NOW) == Fetched(polled=2, bodies=1, failed=1)
    assert not site.requests("/a")
    assert len(site.requests("/robots.txt")) == 1


@pytest.mark.parametrize(
    "url",
    [
        None,
        "http://127.0.0.1/secret",
        "http://[::ffff:127.0.0.1]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://2130706433/",
        "http://[::1",
        "file:///etc/passwd",
        "http://example.org:22/",
    ],
)
async def test_b55_no_page_from_the_inner_network(
    db: Connection, pool: Pool, fetcher: Fetcher, site: Site, url: str | None
) -> None:
    (number,) = await_page(db, site, url)
    assert (await get_pages(pool, fetcher, 10, NOW)).failed == 1
    assert items.waiting(db) == {"code": 1}
    assert failure(db, number)
    assert not site.asked


async def test_the_permission_of_a_source_ends_at_its_own_host(
    db: Connection, pool: Pool, fetcher: Fetcher, site: Site
) -> None:
    await_page(db, site, f"http://localhost:{site.port}/a")
    await get_pages(pool, fetcher, 10, NOW)
    assert not site.asked


async def test_a_page_that_is_no_text_is_given_up(
    db: Connection, pool: Pool, fetcher: Fetcher, site: Site
) -> None:
    (number,) = await_page(
        db, site, site.set("/a", Answer(b"%PDF", headers={"Content-Type": "application/pdf"}))
    )
    await get_pages(pool, fetcher, 10, NOW)
    assert "application/pdf" in failure(db, number)


async def test_b20_patience_leaves_the_rest_for_later(
    db: Connection, pool: Pool, fetcher: Fetcher, site: Site
) -> None:
    await_page(db, site, *(site.set(f"/{n}", Answer(status=429)) for n in range(3)))
    assert await get_pages(pool, fetcher, 10, NOW) == Fetched(polled=1, failed=1, left=2)
    assert items.waiting(db) == {"page": 3}
    assert (await get_pages(pool, fetcher, 10, NOW + timedelta(minutes=10))).polled == 0
