"""Asking outside of the schedule: the same manners, and nothing to remember them by."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from tasks.fetch.client import Fetcher, Request
from tasks.fetch.outcome import Failure, FailureKind, Response
from tasks.fetch.visit import Visitor
from tests.fetch.conftest import apart
from tests.support.site import Answer, Site, feed
from tests.support.sources import NOW

Ask = Callable[..., Request]
SPACING = 0.2


async def test_b40_a_group_is_asked_one_at_a_time_with_a_pause(
    site: Site, fetcher: Fetcher, ask: Ask, begun: list[datetime]
) -> None:
    for number in range(3):
        site.set(f"/{number}", feed("<rss/>"))
    visitor = Visitor(fetcher, NOW)
    await asyncio.gather(*(visitor.get(ask(f"/{n}"), "a", SPACING, robots=False) for n in range(3)))
    assert site.at_once == 1
    assert len(begun) == 3
    assert apart(begun, SPACING)


async def test_b43_a_page_that_robots_txt_forbids_is_not_asked_for(
    site: Site, fetcher: Fetcher, ask: Ask
) -> None:
    site.set("/robots.txt", Answer(b"User-agent: *\nDisallow: /no/\nSitemap: http://a.example/news.xml"))
    visitor = Visitor(fetcher, NOW)
    assert visitor.sitemaps(site.url("/")) == []
    for _ in range(2):
        outcome = await visitor.get(ask("/no/list"), "a", 0, robots=True)
        assert isinstance(outcome, Failure)
        assert outcome.kind is FailureKind.ROBOTS
    assert [asked.path for asked in site.asked] == ["/robots.txt"]
    assert visitor.sitemaps(site.url("/other")) == ["http://a.example/news.xml"]


async def test_b20_a_site_that_asks_for_patience_is_not_asked_again(
    site: Site, fetcher: Fetcher, ask: Ask
) -> None:
    site.set("/limited", Answer(b"", 429))
    site.set("/feed", feed("<rss/>"))
    visitor = Visitor(fetcher, NOW)
    for path in ("/limited", "/feed"):
        outcome = await visitor.get(ask(path), "a", 0, robots=False)
        assert isinstance(outcome, Failure)
        assert outcome.kind is FailureKind.LIMITED
    assert [asked.path for asked in site.asked] == ["/limited"]
    assert isinstance(await visitor.get(ask("/feed"), "b", 0, robots=False), Response)
