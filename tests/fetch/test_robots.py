"""robots.txt: obeyed for pages, kept for a day, and no file means no rule."""

import gzip
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from protego import Protego

from tasks.fetch.batch import Batch
from tasks.fetch.client import Fetcher, Request
from tasks.fetch.outcome import Failure, FailureKind, Response
from tasks.fetch.robots import (
    AT_ONCE,
    FRESH,
    LONGEST,
    SOON,
    Robots,
    Verdict,
    _concerning,
    _origin,
    _parse,
    judge,
)
from tasks.store.database import Pool
from tasks.store.robots import StoredRobots
from tests.fetch.conftest import FAST, Names
from tests.support import emptied
from tests.support.site import Answer, Site
from tests.support.sources import NOW, a_source

database = emptied.database
kept_database = emptied.kept_database

Ask = Callable[..., Request]
RULES = b"User-agent: *\nDisallow: /private/\nCrawl-delay: 7\n\nUser-agent: dragoman\nDisallow: /ours/\n"


async def verdict(pool: Pool, fetcher: Fetcher, request: Request, now: object = NOW) -> Verdict:
    batch = Batch.begin(pool, fetcher, NOW)
    return await Robots(pool, fetcher).ask(request, batch.pace(a_source(spacing=0)), now)  # type: ignore[arg-type]


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


@pytest.mark.parametrize(
    "whom", ["User-agent:", "user agent", "USERAGENT:", "User agent", "  User-Agent  :", "user-agent\t"]
)
@pytest.mark.parametrize(
    ("name", "ours"), [("Dragoman", True), ("dragoman/2.0", True), ("drag", False), ("dragomans", False)]
)
def test_b43_rules_are_for_whom_they_name(whom: str, name: str, ours: bool) -> None:
    text = f"{whom} {name} # a comment\nDisallow: /a\n\nUser-agent: somebody\nDisallow: /b\n"
    rules = Protego.parse(_concerning("dragoman", text))
    assert rules.can_fetch("http://a.example/a", "dragoman") is not ours
    assert rules.can_fetch("http://a.example/b", "dragoman")


def test_b43_rules_for_everybody_stay_so() -> None:
    text = "User-agent: other\nUser-agent: *\nDisallow: /a\nUser-agent:\nDisallow: /c\nSitemap: http://a.example/s.xml"
    rules = Protego.parse(_concerning("dragoman", text))
    assert not rules.can_fetch("http://a.example/a", "dragoman")
    assert list(rules.sitemaps) == ["http://a.example/s.xml"]


@pytest.mark.parametrize("whom", ["User-agent:", "user agent ", "Useragent:"])
def test_b43_many_names_times_many_rules_cost_their_sum(whom: str) -> None:
    """Fifteen thousand programs with twelve thousand rules would be gigabytes, and minutes."""
    names = "".join(f"{whom}a{number}\n" for number in range(14_000))
    rules = "".join(f"Disallow:/{number}\n" for number in range(12_000))
    began = time.process_time()
    parsed = _parse(StoredRobots("rules", f"{names}{rules}".encode(), None, NOW, NOW), "dragoman")
    assert time.process_time() - began < 5
    assert parsed is not None
    assert parsed.can_fetch("http://a.example/7", "dragoman")


@pytest.mark.parametrize(
    "pattern", ["/" + "a*" * 5000 + "b", "/*a" * 1000, "/" + "*" * 10_000 + "$", "/%ZZ%", "/[a-z"]
)
def test_b43_no_pattern_costs_more_than_its_length(pattern: str) -> None:
    body = f"User-agent: *\nDisallow: {pattern}\n".encode()
    parsed = _parse(StoredRobots("rules", body, None, NOW, NOW), "dragoman")
    assert parsed is not None
    began = time.process_time()
    parsed.can_fetch("http://a.example/" + "a" * 2000, "dragoman")
    assert time.process_time() - began < 1


@pytest.mark.parametrize("wish", ["86400", "-5", "nan", "inf", "1e400", "abc", "9" * 5000])
async def test_b43_any_wish_for_time_is_a_number_or_none(
    site: Site, pool: Pool, fetcher: Fetcher, ask: Ask, wish: str
) -> None:
    site.set("/robots.txt", Answer(f"User-agent: *\nCrawl-delay: {wish}".encode()))
    found = await verdict(pool, fetcher, ask("/a"))
    assert found.allowed
    assert found.delay is None or found.delay == 86_400


async def test_b43_a_file_for_each_scheme_host_and_port(
    site: Site, pool: Pool, fetcher: Fetcher, ask: Ask
) -> None:
    assert (
        _origin("HTTP://News.Example.ORG.:80/a")
        == _origin("http://news.example.org/b")
        == "http://news.example.org"
    )
    assert _origin("https://news.example.org:80/") == "https://news.example.org:80"
    assert _origin("http://[::1]:8080/a") == "http://[::1]:8080"


async def test_b43_a_redirect_of_the_file_to_where_nobody_may_go_is_no_rule(
    site: Site, pool: Pool, fetcher: Fetcher, ask: Ask
) -> None:
    site.set("/robots.txt", Answer(status=302, headers={"Location": "http://10.0.0.1/robots.txt"}))
    assert (await verdict(pool, fetcher, ask("/a"))).allowed


@pytest.mark.usefixtures("open_network")
async def test_b43_a_redirect_of_the_file_to_another_host_is_followed_and_holds_for_the_first(
    site: Site, pool: Pool
) -> None:
    """RFC 9309, 2.3.1.2: the rules come from elsewhere and are those of the host that was asked."""
    names = Names({"one.test": ["127.0.0.1"], "two.test": ["127.0.0.1"]})
    site.set("/robots.txt", Answer(status=301, headers={"Location": f"http://two.test:{site.port}/rules"}))
    site.set("/rules", Answer(b"User-agent: *\nDisallow: /a"))
    async with Fetcher("dragoman/0", FAST, resolver=names) as fetcher:
        assert not (await verdict(pool, fetcher, Request(f"http://one.test:{site.port}/a"))).allowed
        assert (await verdict(pool, fetcher, Request(f"http://one.test:{site.port}/b"))).allowed


@pytest.mark.parametrize(
    ("answer", "allowed"),
    [
        (Answer(status=401), True),
        (Answer(status=403), True),
        (Answer(status=404), True),
        (Answer(status=410), True),
        (Answer(status=429), False),
        (Answer(status=500), False),
        (Answer(status=503), False),
        (Answer(b"", 503, {"Retry-After": "60"}), False),
        (Answer(status=302), True),
        (Answer(b"this is not gzip", headers={"Content-Encoding": "gzip"}), False),
    ],
)
async def test_b43_what_each_status_means(
    site: Site, pool: Pool, fetcher: Fetcher, ask: Ask, answer: Answer, allowed: bool
) -> None:
    site.set("/robots.txt", answer)
    assert (await verdict(pool, fetcher, ask("/a"))).allowed is allowed


async def test_b43_a_file_longer_than_500_kib_that_is_packed_is_cut_as_well(
    site: Site, pool: Pool, fetcher: Fetcher, ask: Ask
) -> None:
    long = b"User-agent: *\nDisallow: /a\n" + b"# padding\n" * 3_000_000 + b"Disallow: /b\n"
    site.set("/robots.txt", Answer(gzip.compress(long), headers={"Content-Encoding": "gzip"}))
    assert not (await verdict(pool, fetcher, ask("/a"))).allowed
    assert (await verdict(pool, fetcher, ask("/b"))).allowed


async def test_b43_a_file_that_broke_off_holds_as_far_as_it_goes_and_is_asked_for_again_soon(
    site: Site, pool: Pool, fetcher: Fetcher, ask: Ask
) -> None:
    half = b"User-agent: *\nDisallow: /a\n"
    site.set("/robots.txt", Answer(half, length=1000), Answer(half + b"Disallow: /b\n"))
    assert not (await verdict(pool, fetcher, ask("/a"))).allowed
    assert (await verdict(pool, fetcher, ask("/b"))).allowed
    assert not (await verdict(pool, fetcher, ask("/b"), NOW + SOON)).allowed
