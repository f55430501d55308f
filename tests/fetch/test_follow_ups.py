"""Fetching further parts of sources: against a real site, into a real store."""

import asyncio
from datetime import datetime, timedelta
from hashlib import md5, sha256
from typing import Any

from tasks.fetch.batch import LEASE, Fetched
from tasks.fetch.client import Fetcher
from tasks.fetch.follow_ups import AGAIN, TRIES, get_follow_ups
from tasks.fetch.sources import poll_due
from tasks.settings.kinds import ARTICLE
from tasks.store import follow_ups, responses, sources
from tasks.store.database import Connection, Pool
from tasks.store.follow_ups import Named
from tests.fetch.conftest import apart
from tests.support import emptied
from tests.support.site import Answer, Site, feed
from tests.support.sources import NOW, a_source

database = emptied.database
kept_database = emptied.kept_database

BODY = b"<urlset></urlset>"


def name(db: Connection, site: Site, *parts: Named, **values: Any) -> None:
    """A source at the site, which has named these parts."""
    usual: dict[str, Any] = {"kind": "sitemap", "loopback": True, "spacing": 0}
    sources.synchronise(db, [a_source(url=site.url("/index.xml"), **{**usual, **values})], NOW)
    with db.transaction():
        follow_ups.name(db, "desk", parts, NOW, parent=None, baseline=False, absent_since=None)


def part(site: Site, path: str, kind: str = "sitemap", **values: object) -> Named:
    return Named(site.url(path), kind, **{"stamp": "then", **values})  # type: ignore[arg-type]


def attempts(db: Connection) -> list[tuple[str, int | None]]:
    return [
        (str(word), status)
        for word, status in db.execute("select outcome, status from fetch_log order by id")
    ]


def read_all(db: Connection, now: datetime = NOW) -> None:
    """Stand in for reading: every body is good."""
    for response in responses.claim(db, now, 100, LEASE):
        digest = sha256(response.body).digest()
        follow_ups.finish(db, response.follow_up_id or 0, now, etag=response.etag, body_hash=digest)
        responses.discard(db, response.id)


async def test_b82_a_part_waits_to_be_read_and_is_not_asked_for_again(
    db: Connection, pool: Pool, fetcher: Fetcher, site: Site
) -> None:
    site.set("/1.xml", Answer(BODY, headers={"ETag": '"a"'}))
    name(db, site, part(site, "/1.xml"))
    assert await get_follow_ups(pool, fetcher, 10, NOW) == Fetched(polled=1, bodies=1)
    assert await get_follow_ups(pool, fetcher, 10, NOW) == Fetched()
    (response,) = responses.claim(db, NOW, 10, LEASE)
    assert (response.body, response.etag, response.source_id) == (BODY, '"a"', "desk")
    assert response.follow_up_id is not None
    assert "xml" in site.requests("/1.xml")[0].headers["accept"]
    assert attempts(db) == [("ok", 200)]


async def test_a_part_that_is_named_again_is_asked_for_with_its_own_validators(
    db: Connection, pool: Pool, fetcher: Fetcher, site: Site
) -> None:
    site.set("/1.xml", Answer(BODY, headers={"ETag": '"a"'}, revalidates=True))
    name(db, site, part(site, "/1.xml", stamp=None))
    await get_follow_ups(pool, fetcher, 10, NOW)
    read_all(db)
    name(db, site, part(site, "/1.xml", stamp=None))
    assert await get_follow_ups(pool, fetcher, 10, NOW) == Fetched(polled=1, unchanged=1)
    assert site.requests("/1.xml")[1].headers["if-none-match"] == '"a"'
    assert responses.waiting(db) == 0
    site.set("/1.xml", Answer(BODY))
    name(db, site, part(site, "/1.xml", stamp=None))
    assert await get_follow_ups(pool, fetcher, 10, NOW) == Fetched(polled=1, unchanged=1)


async def test_a_body_that_is_not_the_one_that_was_named_is_tried_again(
    db: Connection, pool: Pool, fetcher: Fetcher, site: Site
) -> None:
    site.set("/1.zip", Answer(BODY[:-1] + b"?"), Answer(BODY + b" "), Answer(BODY))
    digest = md5(BODY, usedforsecurity=False).hexdigest().upper()
    name(db, site, part(site, "/1.zip", size=len(BODY), md5=digest))
    assert (await get_follow_ups(pool, fetcher, 10, NOW)).failed == 1
    assert (await get_follow_ups(pool, fetcher, 10, NOW + AGAIN)).failed == 0
    assert (await get_follow_ups(pool, fetcher, 10, NOW + 2 * AGAIN)).failed == 1
    assert (await get_follow_ups(pool, fetcher, 10, NOW + 5 * AGAIN)).bodies == 1
    reasons = [
        str(reason) for (reason,) in db.execute("select reason from fetch_log where reason is not null")
    ]
    assert "checksum" in reasons[0]
    assert "bytes" in reasons[1]


async def test_a_part_that_fails_is_tried_so_often_and_then_told(
    db: Connection, pool: Pool, fetcher: Fetcher, site: Site
) -> None:
    site.set("/1.xml", Answer(b"not yet", 404))
    name(db, site, part(site, "/1.xml"))
    for hours in range(TRIES + 2):
        await get_follow_ups(pool, fetcher, 10, NOW + timedelta(hours=hours))
    assert len(site.requests("/1.xml")) == TRIES
    (state,) = sources.states(db)
    assert state["state"] == "failing"
    assert "1 of its 1 parts cannot be had" in state["reason"]
    assert "404" in state["reason"]


async def test_b20_a_site_that_asks_for_patience_is_left_alone_and_nothing_is_lost(
    db: Connection, pool: Pool, fetcher: Fetcher, site: Site
) -> None:
    for path in ("/1.xml", "/2.xml"):
        site.set(path, Answer(status=429, headers={"Retry-After": "3600"}), Answer(BODY))
    name(db, site, part(site, "/1.xml"), part(site, "/2.xml"))
    assert await get_follow_ups(pool, fetcher, 10, NOW) == Fetched(polled=1, failed=1, left=1)
    soon = NOW + timedelta(minutes=30)
    assert (await get_follow_ups(pool, fetcher, 10, soon)).polled == 0
    assert (await poll_due(pool, fetcher, 10, soon)).polled == 0
    assert len(site.asked) == 1


async def test_b40_parts_take_turns_with_everything_else_of_their_site(
    db: Connection, pool: Pool, fetcher: Fetcher, site: Site
) -> None:
    paths = [f"/{number}.xml" for number in range(10)]
    for path in paths:
        site.set(path, Answer(BODY))
    site.set("/index.xml", feed("<sitemapindex/>"))
    name(db, site, *(part(site, path) for path in paths))
    later = NOW + timedelta(minutes=1)
    await asyncio.gather(
        poll_due(pool, fetcher, 10, NOW),
        get_follow_ups(pool, fetcher, 5, NOW),
        get_follow_ups(pool, fetcher, 5, NOW),
    )
    for _ in range(3):
        await get_follow_ups(pool, fetcher, 10, later)
        await poll_due(pool, fetcher, 10, later)
    assert site.at_once == 1
    assert all(len(site.requests(path)) == 1 for path in paths)


async def test_b43_a_page_is_fetched_only_if_robots_txt_allows_and_a_sitemap_in_any_case(
    db: Connection, pool: Pool, fetcher: Fetcher, site: Site
) -> None:
    site.set("/robots.txt", Answer(b"User-agent: *\nDisallow: /"))
    site.set("/1.xml", Answer(BODY))
    site.set("/page", Answer(b"<html></html>"))
    name(db, site, part(site, "/1.xml"), part(site, "/page", ARTICLE))
    assert await get_follow_ups(pool, fetcher, 10, NOW) == Fetched(polled=2, bodies=1, failed=1)
    assert not site.requests("/page")


async def test_b43_a_source_that_asks_always_asks_for_its_parts_too(
    db: Connection, pool: Pool, fetcher: Fetcher, site: Site
) -> None:
    site.set("/robots.txt", Answer(b"User-agent: *\nDisallow: /1"))
    site.set("/1.xml", Answer(BODY))
    name(db, site, part(site, "/1.xml"), robots="always")
    assert (await get_follow_ups(pool, fetcher, 10, NOW)).failed == 1
    assert not site.requests("/1.xml")


async def test_b55_a_part_in_the_inner_network_is_refused_whatever_its_source_may(
    db: Connection, pool: Pool, fetcher: Fetcher, site: Site
) -> None:
    inner = [
        Named(url, "sitemap", "then")
        for url in (
            "http://127.0.0.1/1.xml",
            "http://[::1]/1.xml",
            "http://169.254.169.254/latest/meta-data",
            "http://2130706433/1.xml",
            f"http://127.0.0.1:{site.port + 1 if site.port < 65_000 else site.port - 1}/1.xml",
        )
    ]
    name(db, site, *inner)
    assert (await get_follow_ups(pool, fetcher, 10, NOW)).failed == len(inner)
    assert not site.asked
    assert {word for word, _ in attempts(db)} == {"refused"}


async def test_b55_a_part_may_not_lead_into_the_inner_network(
    db: Connection, pool: Pool, fetcher: Fetcher, site: Site
) -> None:
    site.set("/1.xml", Answer(status=302, headers={"Location": "http://169.254.169.254/latest"}))
    name(db, site, part(site, "/1.xml"))
    assert (await get_follow_ups(pool, fetcher, 10, NOW)).failed == 1
    assert [word for word, _ in attempts(db)] == ["refused"]


async def test_b50_a_part_that_is_too_large_is_given_up_at_once(
    db: Connection, pool: Pool, fetcher: Fetcher, site: Site
) -> None:
    site.set("/1.xml", Answer(b"", length=50 * 2**20))
    name(db, site, part(site, "/1.xml"))
    for hours in range(3):
        await get_follow_ups(pool, fetcher, 10, NOW + timedelta(hours=hours))
    assert len(site.requests("/1.xml")) == 1


async def test_b40_the_longest_pause_that_one_source_needs_holds_for_the_parts_of_its_group(
    db: Connection, pool: Pool, fetcher: Fetcher, site: Site, begun: list[datetime]
) -> None:
    usual: dict[str, Any] = {"kind": "sitemap", "loopback": True}
    pauses = {"quick": 0, "slow": 0.2}
    sources.synchronise(
        db,
        [a_source(id, site.url(f"/{id}.xml"), spacing=pause, **usual) for id, pause in pauses.items()],
        NOW,
    )
    for id in pauses:
        parts = [part(site, f"/{id}-{number}.xml") for number in range(2)]
        for number in range(2):
            site.set(f"/{id}-{number}.xml", Answer(BODY))
        follow_ups.name(db, id, parts, NOW, parent=None, baseline=False, absent_since=None)
    assert (await get_follow_ups(pool, fetcher, 10, NOW)).polled == 4
    assert len(begun) == len(site.asked) == 4
    assert apart(begun, 0.2)


async def test_b42_two_workers_ask_for_each_part_once(
    db: Connection, pool: Pool, fetcher: Fetcher, site: Site
) -> None:
    paths = [f"/{number}.xml" for number in range(8)]
    for path in paths:
        site.set(path, Answer(BODY))
    name(db, site, *(part(site, path) for path in paths))
    await asyncio.gather(*(get_follow_ups(pool, fetcher, 20, NOW) for _ in range(3)))
    await get_follow_ups(pool, fetcher, 20, NOW + AGAIN)
    assert all(len(site.requests(path)) == 1 for path in paths)
