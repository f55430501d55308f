"""How sites are treated that say no, ask for patience, have moved, or are many on one host: poll by poll."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from email.utils import format_datetime

import pytest

from tasks.fetch import due
from tasks.fetch.batch import Fetched
from tasks.fetch.client import Fetcher, Limits
from tasks.fetch.polite import LONGEST_DELAY, Clock, Turn
from tasks.fetch.sources import poll_due
from tasks.read.child import Children
from tasks.read.responses import read_waiting
from tasks.settings.sources import Source, rate_group
from tasks.store import sources
from tasks.store.database import Connection, Pool
from tests.fetch.conftest import FAST, Names, apart
from tests.support import emptied
from tests.support import site as support
from tests.support.site import Answer, Asked, Crowd, Site, feed, page
from tests.support.sources import NOW, a_source

database = emptied.database
kept_database = emptied.kept_database

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
RSS = (
    "<rss version='2.0'><channel><title>Desk</title><item><title>The first headline</title>"
    "<link>http://a.example/1</link><guid>1</guid></item></channel></rss>"
)


PATIENCE = 60.0
"""Seconds for what a busy machine gets done in one."""


@pytest.fixture(scope="module")
def children() -> Iterator[Children]:
    with Children() as running:
        yield running


def at(site: Site, path: str, id: str = "desk", **values: object) -> Source:
    usual: dict[str, object] = {"loopback": True, "spacing": 0}
    return a_source(id, site.url(path), **{**usual, **values})


def state(db: Connection, id: str = "desk") -> dict[str, object]:
    return next(row for row in sources.states(db) if row["id"] == id)


def patience(db: Connection) -> datetime:
    (until,) = db.execute("select max(not_before) from rate_group").fetchone() or (None,)
    assert isinstance(until, datetime)
    return until


# --- a site that has moved ---------------------------------------------------------------------------------

HTML = "<!DOCTYPE html><html><head><title>Welcome</title></head><body><a href=/login>Log in</a></body></html>"


@pytest.mark.parametrize(
    "answer",
    [
        page(HTML),
        page(HTML, ETag='"a"'),
        page("<html><body>This domain is for sale</body></html>"),
        Answer(b"", 304),
    ],
    ids=["home page", "page that says it has not changed", "parked", "not modified for ever"],
)
async def test_b12_a_permanent_redirect_to_a_page_is_never_believed(
    db: Connection, pool: Pool, fetcher: Fetcher, site: Site, children: Children, answer: Answer
) -> None:
    """Ten days and thirty polls of the same redirect, and the source is still asked where it was."""
    site.set("/feed", feed(RSS, ETag='"a"'))
    sources.synchronise(db, [at(site, "/feed", minutes=15)], NOW)
    await poll_due(pool, fetcher, 10, NOW)
    read_waiting(pool, children, 10, NOW)
    site.set("/feed", Answer(status=301, headers={"Location": "/welcome"}))
    answer = Answer(answer.body, answer.status, answer.headers, revalidates="ETag" in answer.headers)
    site.set("/welcome", answer if answer.status == 304 else lambda asked: answer)
    for turn in range(30):
        now = NOW + (turn + 1) * 10 * DAY / 30
        db.execute("update source set due_at = %s", (now,))
        await poll_due(pool, fetcher, 10, now)
        read_waiting(pool, children, 10, now)
    assert state(db)["url"] == site.url("/feed")
    assert (db.execute("select address from source").fetchone() or ("?",))[0] is None
    assert len(site.requests("/feed")) >= 30
    assert state(db)["state"] in ("moved", "not_a_feed", "failing")
    assert "welcome" in str(state(db)["reason"]) or "not modified" in str(state(db)["reason"])


async def test_b10_a_permanent_redirect_to_the_same_feed_is_believed_after_a_week(
    db: Connection, pool: Pool, fetcher: Fetcher, site: Site, children: Children
) -> None:
    site.set("/feed", feed(RSS))
    sources.synchronise(db, [at(site, "/feed", minutes=15)], NOW)
    await poll_due(pool, fetcher, 10, NOW)
    read_waiting(pool, children, 10, NOW)
    site.set("/feed", Answer(status=301, headers={"Location": "/new"}))
    site.set("/new", feed(RSS, ETag='"n"'))
    for turn in range(30):
        now = NOW + (turn + 1) * 10 * DAY / 30
        db.execute("update source set due_at = %s", (now,))
        await poll_due(pool, fetcher, 10, now)
        read_waiting(pool, children, 10, now)
    assert state(db)["url"] == site.url("/new")
    assert 20 <= len(site.requests("/feed")) < 30


# --- a site that asks for patience -------------------------------------------------------------------------


def later(hours: float) -> str:
    return format_datetime(NOW + timedelta(hours=hours), usegmt=True)


FORMS = [
    ({"Retry-After": "7200"}, 2 * HOUR),
    ({"Retry-After": " 7200 "}, 2 * HOUR),
    ({"Retry-After": "120"}, 15 * MINUTE),
    ({"Retry-After": "0"}, 15 * MINUTE),
    ({"Retry-After": later(3)}, 3 * HOUR),
    ({"Retry-After": later(-3)}, 15 * MINUTE),
    # The server's clock is four hours fast, and both of its dates are.
    ({"Retry-After": later(6), "Date": later(4)}, 2 * HOUR),
    ({"Retry-After": "Sunday, 22-Nov-26 15:00:00 GMT"}, 3 * HOUR),
    ({"Retry-After": "-5"}, 15 * MINUTE),
    ({"Retry-After": "abc"}, 15 * MINUTE),
    ({"Retry-After": ""}, 15 * MINUTE),
    ({"Retry-After": "1e9"}, 15 * MINUTE),
    ({"Retry-After": "120.5"}, 15 * MINUTE),
    ({"Retry-After": "Thu, 99 Foo 2026"}, 15 * MINUTE),
    ({"Retry-After": "Fri, 31 Dec 9999 23:59:59 GMT"}, DAY),
    ({"Retry-After": "999999999"}, DAY),
    ({"Retry-After": "9" * 5000}, DAY),
    ({"Retry-After": "0" * 5000}, 15 * MINUTE),
]


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(("headers", "wait"), FORMS)
async def test_b20_the_whole_group_waits_as_long_as_the_site_says(
    db: Connection,
    pool: Pool,
    fetcher: Fetcher,
    site: Site,
    status: int,
    headers: dict[str, str],
    wait: timedelta,
) -> None:
    site.set("/0", Answer(status=status, headers=headers))
    site.set("/1", feed(RSS))
    sources.synchronise(db, [at(site, "/0", "s0", minutes=15), at(site, "/1", "s1", minutes=15)], NOW)
    assert await poll_due(pool, fetcher, 10, NOW) == Fetched(polled=1, failed=1, left=1)
    assert state(db, "s0")["state"] == "limited"
    # Without a usable word a quarter of an hour; and always a little more, so that not all come at once.
    spread = due.WIDE_SPREAD if wait == 15 * MINUTE else due.SPREAD
    assert wait <= patience(db) - NOW <= wait * (1 + spread) + MINUTE
    assert await poll_due(pool, fetcher, 10, NOW + wait - MINUTE) == Fetched()
    assert not site.requests("/1")


async def test_b20_a_503_without_a_word_is_a_failure_and_no_wish(
    db: Connection, pool: Pool, fetcher: Fetcher, site: Site
) -> None:
    site.set("/0", Answer(status=503))
    site.set("/1", feed(RSS))
    sources.synchronise(db, [at(site, "/0", "s0"), at(site, "/1", "s1")], NOW)
    assert await poll_due(pool, fetcher, 10, NOW) == Fetched(polled=2, failed=1, bodies=1)


async def test_b21_without_a_word_the_group_waits_twice_as_long_each_time(
    db: Connection, pool: Pool, fetcher: Fetcher, site: Site
) -> None:
    site.set("/feed", Answer(status=429))
    sources.synchronise(db, [at(site, "/feed", minutes=1)], NOW)
    now, waits = NOW, []
    for _ in range(4):
        await poll_due(pool, fetcher, 10, now)
        waits.append(patience(db) - now)
        now = patience(db) + 30 * MINUTE
    for wait, expected in zip(waits, (15, 30, 60, 120), strict=True):
        assert expected * MINUTE <= wait <= expected * MINUTE * 1.5 + MINUTE
    site.set("/feed", feed(RSS))
    await poll_due(pool, fetcher, 10, now)
    site.set("/feed", Answer(status=429))
    db.execute("update source set due_at = %s", (now,))
    db.execute("update rate_group set not_before = null")
    await poll_due(pool, fetcher, 10, now)
    assert patience(db) - now <= 15 * MINUTE * 1.5 + MINUTE


def test_b21_the_spread_is_random_and_wide() -> None:
    waits = {due.patience({}, MINUTE, 0, NOW, spread / 10) for spread in range(11)}
    assert (min(waits), max(waits)) == (15 * MINUTE, 22.5 * MINUTE)
    assert len(waits) == 11


# --- a site that says no -----------------------------------------------------------------------------------


def _only_for_browsers(asked: Asked) -> Answer:
    known = "mozilla" in asked.headers["user-agent"].lower()
    return feed(RSS) if known else Answer(b"Forbidden", 403)


CHALLENGE = "<!DOCTYPE html><html><head><script>{}</script></head><body></body></html>"
WALLS: list[tuple[str, Answer | Callable[[Asked], Answer]]] = [
    ("403 for everybody", Answer(b"Forbidden", 403)),
    ("403 for this user agent", _only_for_browsers),
    ("451", Answer(b"", 451)),
    ("cf-mitigated", Answer(b"", 403, {"cf-mitigated": "challenge"})),
    ("cf-mitigated with 200", page("<html></html>", **{"cf-mitigated": "challenge"})),
    ("cf-mitigated with 503", Answer(b"", 503, {"CF-Mitigated": "Challenge"})),
    ("TSPD", page(CHALLENGE.format('window["bobcmn"] = "101110";'))),
    ("TSPD by its script", page('<html><head><script src="/TSPD/08e1?type=7"></script></head></html>')),
    ("jsluid 521", Answer(b"<script>x</script>", 521, {"Set-Cookie": "__jsluid_h=ab; path=/"})),
    ("jsl clearance 521", Answer(b"<script>document.cookie='__jsl_clearance=1'</script>", 521)),
    ("jsl clearance 200", page("<script>document.cookie=('__jsl_clearance')+('=')</script>")),
    ("Ruishu 412", Answer(CHALLENGE.format("$_ts=window['$_ts'];if(!$_ts)$_ts={};").encode(), 412)),
    ("Ruishu 202", Answer(CHALLENGE.format("$_ts.nsd=7;").encode(), 202)),
    ("Aliyun", page("<!-- comment --><html><script>var arg1='3A';setCookie('acw_sc__v2')</script></html>")),
    ("Incapsula", page('<html><iframe src="/_Incapsula_Resource?x=1"></iframe></html>')),
    ("challenge called a feed", feed(CHALLENGE.format("window._cf_chl_opt={};"))),
]


@pytest.mark.parametrize("answer", [answer for _, answer in WALLS], ids=[name for name, _ in WALLS])
async def test_b22_behind_a_wall_a_source_is_blocked_and_asked_seldom_and_never_in_disguise(
    db: Connection, pool: Pool, fetcher: Fetcher, site: Site, answer: Answer | Callable[[Asked], Answer]
) -> None:
    site.set("/feed", answer)
    sources.synchronise(db, [at(site, "/feed")], NOW)
    assert (await poll_due(pool, fetcher, 10, NOW)).failed == 1
    found = state(db)
    assert found["state"] == "blocked"
    assert "the site" in str(found["reason"])
    assert sources.due_count(db, NOW + 6 * HOUR - MINUTE) == 0
    assert sources.due_count(db, NOW + 8 * HOUR) == 1
    # One request, by our own name.
    assert [asked.headers["user-agent"] for asked in site.asked] == [fetcher.agent]


@pytest.mark.parametrize(
    "body",
    [
        "<rss version='2.0'><channel><item><title>How __jsl_clearance and bobcmn work</title></item></channel></rss>",
        "<?xml version='1.0'?><!-- _cf_chl_opt --><rss version='2.0'><channel><item><title>a</title></item></channel></rss>",
    ],
)
async def test_b22_a_feed_that_speaks_of_walls_is_none(
    db: Connection, pool: Pool, fetcher: Fetcher, site: Site, body: str
) -> None:
    site.set("/feed", feed(body))
    sources.synchronise(db, [at(site, "/feed")], NOW)
    assert (await poll_due(pool, fetcher, 10, NOW)).bodies == 1


async def test_b23_what_the_site_has_given_up_is_told_and_asked_once_a_month(
    db: Connection, pool: Pool, fetcher: Fetcher, site: Site
) -> None:
    site.set("/feed", Answer(status=410))
    sources.synchronise(db, [at(site, "/feed")], NOW)
    await poll_due(pool, fetcher, 10, NOW)
    assert state(db)["state"] == "gone"
    assert "410" in str(state(db)["reason"])
    assert sources.due_count(db, NOW + 30 * DAY - MINUTE) == 0
    site.set("/feed", feed(RSS))
    assert (await poll_due(pool, fetcher, 10, NOW + 30 * DAY + MINUTE)).bodies == 1
    assert state(db)["state"] != "gone"


@pytest.mark.parametrize(
    ("answer", "weight"),
    [
        (Answer(status=404), 0.5),
        (Answer(status=500), 0.5),
        (Answer(b"x", length=2**40), 1.0),
        (Answer(b"", 304), 1.0),
    ],
    ids=["404", "500", "too large", "not modified unasked"],
)
async def test_b24_failures_have_their_weight_and_nobody_is_given_up(
    db: Connection, pool: Pool, fetcher: Fetcher, site: Site, answer: Answer, weight: float
) -> None:
    site.set("/feed", answer)
    sources.synchronise(db, [at(site, "/feed")], NOW)
    for turn in range(3):
        await poll_due(pool, fetcher, 10, NOW + turn * DAY)
        assert state(db)["failures"] == weight * (turn + 1)
    assert sources.due_count(db, NOW + 4 * DAY) == 1
    assert state(db)["enabled"]


async def test_b24_a_dead_host_weighs_by_how_it_is_dead(db: Connection, pool: Pool) -> None:
    """A name that does not exist must be mended by somebody; a name server in trouble mends itself."""
    from tests.fetch import name_server

    codes = {
        "missing.example.com": name_server.NO_SUCH_NAME,
        "trouble.example.net": name_server.SERVER_FAILURE,
    }
    with name_server.running(lambda name, kind: codes.get(name)) as server:
        names = name_server.Asking(server)
        many = [a_source(name.partition(".")[0], f"http://{name}/feed") for name in codes]
        sources.synchronise(db, many, NOW)
        async with Fetcher("dragoman/0", FAST, resolver=names) as fetcher:
            await poll_due(pool, fetcher, 10, NOW)
    assert (state(db, "missing")["failures"], state(db, "trouble")["failures"]) == (0.5, 0.25)


# --- many on one host --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "group"),
    [
        ("https://www.fmprc.gov.cn/a", "fmprc.gov.cn"),
        ("https://a.b.news.cn/", "news.cn"),
        ("https://news.cn./", "news.cn"),
        ("https://NEWS.cn:8443/feed", "news.cn"),
        ("http://one.tumblr.com/rss", "tumblr.com"),
        ("http://two.tumblr.com/rss", "tumblr.com"),
        ("https://a.bbc.co.uk/", "bbc.co.uk"),
        ("https://правда.рф/rss", "xn--80aafi6cg.xn--p1ai"),
        ("https://xn--80aafi6cg.xn--p1ai/rss", "xn--80aafi6cg.xn--p1ai"),
        ("https://news.google.com/rss/search?q=a", "news.google.com"),
        ("https://news.google.com.:443/rss", "news.google.com"),
        ("https://www.google.com/", "google.com"),
        ("https://api.gdeltproject.org/api/v2/doc/doc", "gdelt"),
        ("http://data.gdeltproject.org/gdeltv2/lastupdate.txt", "gdelt"),
        ("http://192.0.2.1:8000/feed", "192.0.2.1:8000"),
    ],
)
def test_b40_a_group_is_a_site_under_all_its_names(url: str, group: str) -> None:
    assert rate_group(url) == group


def test_b40_gdelt_gets_its_five_seconds_whatever_the_entry_says() -> None:
    url = "https://api.gdeltproject.org/api/v2/doc/doc?query=a&format=rss"
    assert a_source(url=url, spacing=0).pause == 5
    assert a_source(url=url, spacing=9).pause == 9
    assert a_source(url="https://data.gdeltproject.org/feed").group == a_source(url=url).group
    assert a_source(spacing=1).pause == 1


async def test_b40_fifty_feeds_of_one_host_in_turns_and_apart(
    db: Connection, pool: Pool, fetcher: Fetcher, site: Site, begun: list[datetime]
) -> None:
    paths = [f"/feed/{number}" for number in range(50)]
    for path in paths:
        site.set(path, feed(RSS))
    many = [at(site, path, f"s{number}", spacing=0.02) for number, path in enumerate(paths)]
    sources.synchronise(db, many, NOW)
    assert (await poll_due(pool, fetcher, 50, NOW)).bodies == 50
    assert site.at_once == 1
    assert len(begun) == len(site.asked) == 50
    assert apart(begun, 0.02)


async def test_b40_one_source_that_needs_longer_slows_its_group(
    db: Connection, pool: Pool, fetcher: Fetcher, site: Site, begun: list[datetime]
) -> None:
    for number in range(4):
        site.set(f"/{number}", feed(RSS))
    many = [at(site, f"/{number}", f"s{number}", spacing=0.2 if number == 3 else 0) for number in range(4)]
    sources.synchronise(db, many, NOW)
    await poll_due(pool, fetcher, 10, NOW)
    assert len(begun) == len(site.asked) == 4
    assert apart(begun, 0.2)


def test_b40_two_seconds_are_what_a_source_has_by_default() -> None:
    assert a_source().pause == 2


async def test_b41_never_more_than_sixteen_at_a_time_though_one_host_hangs(
    db: Connection, pool: Pool
) -> None:
    free, full = threading.Event(), threading.Event()
    crowd = Crowd()

    def slowly(asked: Asked) -> Answer:
        """As long as there may come another one, until there are as many as there may be."""
        with crowd.joined() as now:
            if now >= 16:
                full.set()
            full.wait(PATIENCE)
            return feed(RSS)

    def hang(asked: Asked) -> Answer:
        with crowd.joined():
            free.wait(PATIENCE)
            return feed(RSS)

    with support.running() as site:
        site.set("/hang", hang)
        many = [at(site, "/hang", "hang", rate_group="hang")]
        for number in range(60):
            site.set(f"/{number}", slowly)
            many.append(at(site, f"/{number}", f"s{number}", rate_group=f"g{number}"))
        sources.synchronise(db, many, NOW)
        async with Fetcher("dragoman/0", Limits(total=PATIENCE, read=PATIENCE)) as fetcher:
            polling = asyncio.create_task(poll_due(pool, fetcher, 100, NOW))
            async with asyncio.timeout(PATIENCE / 2):
                while len(site.asked) < 61 or crowd.now > 1:  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
            assert not polling.done()
            free.set()
            assert (await polling).bodies == 61
    assert crowd.most == 16


# --- robots.txt --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spacing", "wish", "pause"),
    [
        (2.0, 86_400.0, LONGEST_DELAY),
        (2.0, None, 2.0),
        (2.0, 7.0, 7.0),
        (5.0, 1.0, 5.0),
        (60.0, 86_400.0, 60.0),
    ],
)
async def test_b43_a_wish_for_a_day_between_pages_is_heard_as_half_a_minute(
    monkeypatch: pytest.MonkeyPatch, spacing: float, wish: float | None, pause: float
) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr("tasks.fetch.polite.asyncio.sleep", sleep)
    async with Turn(NOW).taken(Clock(NOW), spacing, wish):
        pass
    assert slept == [pytest.approx(pause, abs=0.1)]


async def test_b43_where_a_list_page_redirects_to_is_asked_for_as_well(
    db: Connection, pool: Pool, fetcher: Fetcher, site: Site
) -> None:
    site.set("/robots.txt", Answer(b"User-agent: *\nDisallow: /closed"))
    site.set("/list", Answer(status=302, headers={"Location": "/closed/list"}))
    site.set("/closed/list", page("<a href=/a>a</a>"))
    sources.synchronise(db, [at(site, "/list", kind="list", links={"pattern": "/a"})], NOW)
    assert (await poll_due(pool, fetcher, 10, NOW)).failed == 1
    assert not site.requests("/closed/list")
    assert state(db)["state"] == "robots"
    (row,) = db.execute("select url, reason from fetch_log").fetchall()
    assert row[0].endswith("/closed/list")


@pytest.mark.usefixtures("open_network")
async def test_b43_another_host_is_asked_by_its_own_rules(db: Connection, pool: Pool, site: Site) -> None:
    """A redirect leads to another site: what counts there is what its robots.txt says."""
    names = Names({"one.test": ["127.0.0.1"], "two.test": ["127.0.0.1"]})

    def robots(asked: Asked) -> Answer:
        ours = asked.headers["host"].startswith("one.test")
        return Answer(b"User-agent: *\nAllow: /" if ours else b"User-agent: *\nDisallow: /")

    site.set("/robots.txt", robots)
    elsewhere = {"Location": f"http://two.test:{site.port}/list2"}
    site.set("/list", Answer(status=301, headers=elsewhere))
    site.set("/list2", page("<a href=/a>a</a>"))
    listed = a_source(
        url=f"http://one.test:{site.port}/list", spacing=0, kind="list", links={"pattern": "/a"}
    )
    sources.synchronise(db, [listed], NOW)
    async with Fetcher("dragoman/0", FAST, resolver=names) as fetcher:
        await poll_due(pool, fetcher, 10, NOW)
    assert not site.requests("/list2")
    assert [asked.headers["host"] for asked in site.requests("/robots.txt")] == [
        f"one.test:{site.port}",
        f"two.test:{site.port}",
    ]


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.2/",
        "http://other.test:99999/",
        "http://[::1",
        "file:///etc/passwd",
        "http://10.0.0.1:8080/",
    ],
)
async def test_b55_no_site_is_asked_about_where_nobody_may_go(
    db: Connection, pool: Pool, fetcher: Fetcher, site: Site, location: str
) -> None:
    site.set("/list", Answer(status=302, headers={"Location": location}))
    sources.synchronise(db, [at(site, "/list", kind="list", links={"pattern": "/a"})], NOW)
    assert (await poll_due(pool, fetcher, 10, NOW)).failed == 1
    assert state(db)["state"] == "refused"
    assert [asked.path for asked in site.asked] == ["/robots.txt", "/list"]


async def test_b43_a_permitted_redirect_takes_its_turn(
    db: Connection, pool: Pool, fetcher: Fetcher, site: Site, begun: list[datetime]
) -> None:
    site.set("/list", Answer(status=302, headers={"Location": "/new"}))
    site.set("/new", page("<a href=/a>a</a>"))
    sources.synchronise(db, [at(site, "/list", kind="list", links={"pattern": "/a"}, spacing=0.2)], NOW)
    assert (await poll_due(pool, fetcher, 10, NOW)).bodies == 1
    assert [asked.path for asked in site.asked] == ["/robots.txt", "/list", "/new"]
    assert len(begun) == 3
    assert apart(begun, 0.2)


async def test_b43_patience_that_is_asked_for_robots_txt_is_asked_of_the_group(
    db: Connection, pool: Pool, fetcher: Fetcher, site: Site
) -> None:
    site.set("/robots.txt", Answer(status=429, headers={"Retry-After": "7200"}))
    listed = at(site, "/list", "a-list", kind="list", links={"pattern": "/a"})
    sources.synchronise(db, [listed, at(site, "/feed", "b-feed")], NOW)
    await poll_due(pool, fetcher, 10, NOW)
    assert state(db, "a-list")["state"] == "limited"
    assert patience(db) - NOW >= 2 * HOUR
    assert [asked.path for asked in site.asked] == ["/robots.txt"]


async def test_b43_the_feed_of_a_site_that_wants_no_programs_is_polled_unless_its_entry_says_otherwise(
    db: Connection, pool: Pool, fetcher: Fetcher, site: Site
) -> None:
    site.set("/robots.txt", Answer(b"User-agent: *\nDisallow: /"))
    site.set("/feed", feed(RSS))
    many = [at(site, "/feed", "usual"), at(site, "/feed", "strict", robots="always")]
    sources.synchronise(db, many, NOW)
    assert await poll_due(pool, fetcher, 10, NOW) == Fetched(polled=2, bodies=1, failed=1)
    assert (state(db, "usual")["state"], state(db, "strict")["state"]) == ("new", "robots")
