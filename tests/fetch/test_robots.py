"""robots.txt: obeyed for pages, kept for a day, and no file means no rule."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tasks.fetch.batch import Batch
from tasks.fetch.client import Fetcher, Request
from tasks.fetch.outcome import Failure, FailureKind, Response
from tasks.fetch.robots import AT_ONCE, FRESH, LONGEST, SOON, Robots, Verdict, judge
from tasks.store.database import Pool
from tests.support import emptied
from tests.support.site import Answer, Site
from tests.support.sources import NOW

database = emptied.database
kept_database = emptied.kept_database

Ask = Callable[..., Request]
RULES = b"User-agent: *\nDisallow: /private/\nCrawl-delay: 7\n\nUser-agent: dragoman\nDisallow: /ours/\n"


async def verdict(pool: Pool, fetcher: Fetcher, request: Request, now: object = NOW) -> Verdict:
    batch = Batch.begin(pool, fetcher, NOW)
    return await Robots(pool, fetcher).ask(request, batch.turn(None), 0, now)  # type: ignore[arg-type]


async def test_b43_rules_for_us_are_obeyed(site: Site, pool: Pool, fetcher: Fetcher, ask: Ask) -> None:
    site.set("/robots.txt", Answer(RULES))
    assert (await verdict(pool, fetcher, ask("/news/a.html"))).allowed
    refused = await verdict(pool, fetcher, ask("/ours/a.html"))
    assert not refused.allowed
    assert "robots.txt" in (refused.reason or "")
    # A group of our own stands instead of the one for everybody.
    assert (await verdict(pool, fetcher, ask("/private/a.html"))).allowed


async def test_b43_the_file_is_kept_for_a_day(site: Site, pool: Pool, fetcher: Fetcher, ask: Ask) -> None:
    site.set("/robots.txt", Answer(b"User-agent: *\nCrawl-delay: 7"))
    for hours in (0, 23):
        found = await verdict(pool, fetcher, ask("/a"), NOW + timedelta(hours=hours))
        assert found == Verdict(True, delay=7.0)
    assert len(site.requests("/robots.txt")) == 1
    await verdict(pool, fetcher, ask("/a"), NOW + timedelta(hours=25))
    assert len(site.requests("/robots.txt")) == 2


async def test_b43_no_file_no_rule(site: Site, pool: Pool, fetcher: Fetcher, ask: Ask) -> None:
    assert (await verdict(pool, fetcher, ask("/a"))).allowed


async def test_b43_a_redirect_is_followed(site: Site, pool: Pool, fetcher: Fetcher, ask: Ask) -> None:
    site.set("/robots.txt", Answer(status=301, headers={"Location": "/real"}))
    site.set("/real", Answer(b"User-agent: *\nDisallow: /"))
    assert not (await verdict(pool, fetcher, ask("/a"))).allowed


async def test_b43_a_server_in_trouble_is_left_alone(
    site: Site, pool: Pool, fetcher: Fetcher, ask: Ask
) -> None:
    site.set("/robots.txt", Answer(status=500), Answer(RULES))
    assert not (await verdict(pool, fetcher, ask("/a"))).allowed
    assert (await verdict(pool, fetcher, ask("/a"), NOW + SOON)).allowed


async def test_b43_what_stands_behind_500_kib_is_not_read(
    site: Site, pool: Pool, fetcher: Fetcher, ask: Ask
) -> None:
    filler = b"# " + b"x" * 98 + b"\n"
    long = b"User-agent: *\nDisallow: /a\n" + filler * 10_000 + b"Disallow: /b\n"
    assert len(long) > LONGEST
    site.set("/robots.txt", Answer(long))
    assert not (await verdict(pool, fetcher, ask("/a"))).allowed
    assert (await verdict(pool, fetcher, ask("/b"))).allowed


@pytest.mark.parametrize(
    "body", [b"\xff\xfe\x00\x01", b"<html>not a file</html>", b"Disallow: " + b"*" * 5000]
)
async def test_b43_garbage_is_no_rule(
    site: Site, pool: Pool, fetcher: Fetcher, ask: Ask, body: bytes
) -> None:
    site.set("/robots.txt", Answer(body))
    assert (await verdict(pool, fetcher, ask("/a"))).allowed


def test_b43_an_old_copy_holds_while_the_server_is_in_trouble() -> None:
    old = judge(Response("u", 200, {}, RULES, 0.1), None, NOW)
    assert old.expires_at == NOW + FRESH
    trouble = Failure("u", FailureKind.TIMEOUT, "no answer", 30.0)
    again = judge(trouble, old, NOW + FRESH)
    assert (again.verdict, again.body) == ("rules", RULES)
    assert judge(trouble, None, NOW).verdict == "deny"
    assert judge(Failure("u", FailureKind.LIMITED, "wait", 0.1, 429), None, NOW).verdict == "deny"
    assert judge(Failure("u", FailureKind.BLOCKED, "forbids", 0.1, 403), None, NOW).verdict == "allow"


def test_a_way_that_failed_is_no_refusal_and_is_tried_again_at_once() -> None:
    away = judge(
        Failure("http://a.example/robots.txt", FailureKind.NAME, "the host's name does not exist", 0.0),
        None,
        NOW,
    )
    assert (away.verdict, away.expires_at - NOW) == ("deny", AT_ONCE)
    guarded = judge(
        Failure("http://10.0.0.1/robots.txt", FailureKind.REFUSED, "an inner address", 0.0), None, NOW
    )
    assert (guarded.verdict, guarded.expires_at - NOW) == ("deny", FRESH)
