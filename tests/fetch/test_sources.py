"""Polling what is due: against a real site, into a real store."""

import asyncio
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256

import pytest

from tasks.fetch.batch import LEASE, Batch, Fetched
from tasks.fetch.client import Fetcher, Limits
from tasks.fetch.sources import poll_due
from tasks.settings.sources import Source
from tasks.store import responses, sources
from tasks.store.database import Connection, Pool
from tasks.store.sources import Found, SourceState
from tests.fetch.conftest import Names, apart
from tests.support import emptied
from tests.support.site import Answer, Asked, Crowd, Site, feed, page
from tests.support.sources import NOW, a_source

database = emptied.database
kept_database = emptied.kept_database

RSS = "<rss version='2.0'><channel><item><title>one</title></item></channel></rss>"


def at(site: Site, path: str, id: str = "desk", **values: object) -> Source:
    usual: dict[str, object] = {"loopback": True, "spacing": 0}
    return a_source(id, site.url(path), **{**usual, **values})


def outcomes(db: Connection) -> list[tuple[str, int | None]]:
    return [
        (str(word), status)
        for word, status in db.execute("select outcome, status from fetch_log order by id")
    ]


def read_all(db: Connection, now: datetime = NOW) -> None:
    """Stand in for reading: every body is good."""
    for response in responses.claim(db, now, 100, LEASE):
        found = Found(SourceState.OK, None, 1, 1, 0, etag=response.etag, last_modified=response.last_modified)
        sources.mark_read(db, response.source_id, found, now, response.log_id)
        responses.discard(db, response.id)


async def test_a_body_waits_to_be_read_and_the_source_is_due_later(
    db: Connection, pool: Pool, fetcher: Fetcher, site: Site
) -> None:
    site.set("/feed", feed(RSS, ETag='"a"', Last_Modified="then"))
    sources.synchronise(db, [at(site, "/feed")], NOW)
    assert await poll_due(pool, fetcher, 10, NOW) == Fetched(polled=1, bodies=1)
    (response,) = responses.claim(db, NOW, 10, LEASE)
    assert (response.body, response.etag, response.last_modified) == (RSS.encode(), '"a"', "then")
    assert await poll_due(pool, fetcher, 10, NOW) == Fetched()
    assert sources.due_count(db, NOW + timedelta(minutes=14)) == 0
    assert outcomes(db) == [("ok", 200)]


async def test_b06_a_crash_before_reading_costs_nothing(
    db: Connection, pool: Pool, fetcher: Fetcher, site: Site
) -> None:
    """The table of responses is unlogged and may be empty after a crash of the server."""
    site.set("/feed", feed(RSS, ETag='"a"'))
    sources.synchronise(db, [at(site, "/feed")], NOW)
    await poll_due(pool, fetcher, 10, NOW)
    db.execute("truncate response")
    again = NOW + timedelta(hours=1)
    assert (await poll_due(pool, fetcher, 10, again)).bodies == 1
    assert "if-none-match" not in site.requests("/feed")[1].headers


async def test_b01_b02_conditional_from_the_second_poll_on(
    db: Connection, pool: Pool, fetcher: Fetcher, site: Site
) -> None:
    answer = feed(RSS, ETag='W/"a-gzip"', Last_Modified="then")
    site.set("/feed", Answer(answer.body, headers=answer.headers, revalidates=True))
    sources.synchronise(db, [at(site, "/feed")], NOW)
    await poll_due(pool, fetcher, 10, NOW)
    read_all(db)
    fetched = await poll_due(pool, fetcher, 10, NOW + timedelta(hours=1))
    assert fetched == Fetched(polled=1, unchanged=1)
    sent = site.requests("/feed")[1].headers
    assert (sent["if-none-match"], sent["if-modified-since"]) == ('W/"a-gzip"', "then")


async def test_b04_a_server_that_says_not_modified_for_ever_is_caught(
    db: Connection, pool: Pool, fetcher: Fetcher, site: Site
) -> None:
    site.set("/feed", feed(RSS, ETag='"a"'))
    sources.synchronise(db, [at(site, "/feed")], NOW)
    await poll_due(pool, fetcher, 10, NOW)
    read_all(db)
    newer = RSS.replace("one", "two")
    site.set("/feed", lambda asked: Answer(b"", 304) if "if-none-match" in asked.headers else feed(newer))
    for hours in (1, 2):
        assert (await poll_due(pool, fetcher, 10, NOW + timedelta(hours=hours))).unchanged == 1
    tomorrow = NOW + timedelta(hours=26)
    assert (await poll_due(pool, fetcher, 10, tomorrow)).bodies == 1
    (response,) = responses.claim(db, tomorrow, 1, LEASE)
    assert response.probe
    assert response.body == newer.encode()
    assert outcomes(db)[-2:] == [("unchanged", 304), ("ok", 200)]


async def test_b04_an_honest_server_is_asked_twice_once_a_day(
    db: Connection, pool: Pool, fetcher: Fetcher, site: Site
) -> None:
    answer = feed(RSS, ETag='"a"')
    site.set("/feed", Answer(answer.body, headers=answer.headers, revalidates=True))
    sources.synchronise(db, [at(site, "/feed")], NOW)
    await poll_due(pool, fetcher, 10, NOW)
    (response,) = responses.claim(db, NOW, 1, LEASE)
    digest = sha256(response.body).digest()
    found = Found(SourceState.OK, None, 1, 1, 0, etag='"a"', body_hash=digest)
    sources.mark_read(db, "desk", found, NOW, response.log_id)
    responses.discard(db, response.id)
    for hours in (26, 27):
        fetched = await poll_due(pool, fetcher, 10, NOW + timedelta(hours=hours))
        assert (fetched.unchanged, fetched.bodies) == (1, 0)
    assert len(site.requests("/feed")) == 4


@pytest.mark.parametrize(
    ("answer", "logged", "patient"),
    [
        (Answer(status=500), [("failed", 500), ("unchanged", 304)], False),
        (Answer(status=429), [("unchanged", 304), ("failed", 429)], True),
    ],
)
async def test_b04_b20_b90_a_probe_that_fails_is_logged_and_patience_is_had_with_it(
    db: Connection,
    pool: Pool,
    fetcher: Fetcher,
    site: Site,
    answer: Answer,
    logged: list[tuple[str, int]],
    patient: bool,
) -> None:
    site.set("/feed", feed(RSS, ETag='"a"'))
    sources.synchronise(db, [at(site, "/feed"), at(site, "/other", "other", minutes=1440)], NOW)
    site.set("/other", feed(RSS))
    await poll_due(pool, fetcher, 10, NOW)
    read_all(db)
    site.set("/feed", lambda asked: Answer(b"", 304) if "if-none-match" in asked.headers else answer)
    site.set("/other", feed(RSS))
    tomorrow = NOW + timedelta(hours=23)
    db.execute("update source set probed_at = %s where id = 'desk'", (NOW - timedelta(days=1),))
    await poll_due(pool, fetcher, 10, tomorrow)
    assert outcomes(db)[-2:] == logged
    waits = db.execute("select not_before > %s from rate_group where not_before is not null", (tomorrow,))
    assert waits.fetchall() == [(True,)] * patient
    (state,) = (row["state"] for row in sources.states(db) if row["id"] == "desk")
    assert state == (SourceState.LIMITED if patient else SourceState.OK)
    # It was made, and is not made again at every poll of the day.
    made = len(site.requests("/feed"))
    db.execute("update rate_group set not_before = null")
    db.execute("update source set due_at = %s where id = 'desk'", (tomorrow,))
    await poll_due(pool, fetcher, 10, tomorrow + timedelta(hours=6))
    assert len(site.requests("/feed")) == made + 1


async def test_b20_patience_stops_the_whole_group(
    db: Connection, pool: Pool, fetcher: Fetcher, site: Site
) -> None:
    site.set("/0", Answer(status=429, headers={"Retry-After": "7200"}))
    site.set("/1", feed(RSS))
    sources.synchronise(db, [at(site, "/0", "s0"), at(site, "/1", "s1")], NOW)
    assert await poll_due(pool, fetcher, 10, NOW) == Fetched(polled=1, failed=1, left=1)
    assert await poll_due(pool, fetcher, 10, NOW + timedelta(minutes=119)) == Fetched()
    site.set("/0", feed(RSS))
    assert (await poll_due(pool, fetcher, 10, NOW + timedelta(hours=3))).bodies == 2


async def test_b24_a_failure_is_counted_told_and_forgiven(
    db: Connection, pool: Pool, fetcher: Fetcher, site: Site
) -> None:
    site.set("/feed", Answer(status=500), Answer(status=500), Answer(b"", 304))
    sources.synchronise(db, [at(site, "/feed")], NOW)
    sources.mark_read(db, "desk", Found(SourceState.OK, None, 1, 1, 0, etag='"a"'), NOW, None)
    for hours in (0, 1):
        assert (await poll_due(pool, fetcher, 10, NOW + timedelta(hours=hours))).failed == 1
    (state,) = sources.states(db)
    assert (state["state"], state["failures"], state["since"]) == ("failing", 1.0, state["since"])
    assert "500" in state["reason"]
    assert state["since"] < NOW + timedelta(minutes=5)
    await poll_due(pool, fetcher, 10, NOW + timedelta(hours=3))
    (state,) = sources.states(db)
    assert (state["state"], state["failures"]) == ("ok", 0.0)


async def test_b40_of_one_site_one_at_a_time(
    db: Connection, pool: Pool, fetcher: Fetcher, site: Site
) -> None:
    paths = [f"/feed/{number}" for number in range(20)]
    for path in paths:
        site.set(path, feed(RSS))
    sources.synchronise(db, [at(site, path, f"s{number}") for number, path in enumerate(paths)], NOW)
    assert (await poll_due(pool, fetcher, 50, NOW)).bodies == 20
    assert site.at_once == 1


async def test_b30_rank_1_is_asked_before_the_others_of_its_site(
    db: Connection, pool: Pool, fetcher: Fetcher, site: Site
) -> None:
    ids = [*(f"outlet-{number}" for number in range(4)), "party"]
    for id in ids:
        site.set(f"/{id}", feed(RSS))
    sources.synchronise(db, [at(site, f"/{id}", id, rank=1 if id == "party" else 3) for id in ids], NOW)
    db.execute("update source set due_at = %s where id <> 'party'", (NOW - timedelta(hours=1),))
    await poll_due(pool, fetcher, 10, NOW)
    assert [asked.path for asked in site.asked] == ["/party", *(f"/outlet-{n}" for n in range(4))]


async def test_b40_the_pause_of_a_source_that_is_not_due_holds_for_its_site(
    db: Connection, pool: Pool, fetcher: Fetcher, site: Site, begun: list[datetime]
) -> None:
    pauses = {"one": 0.0, "two": 0.0, "slow": 0.3}
    for id in pauses:
        site.set(f"/{id}", feed(RSS))
    sources.synchronise(db, [at(site, f"/{id}", id, spacing=pause) for id, pause in pauses.items()], NOW)
    db.execute("update source set due_at = %s where id = 'slow'", (NOW + timedelta(days=1),))
    assert (await poll_due(pool, fetcher, 10, NOW)).bodies == 2
    assert len(begun) == 2
    assert apart(begun, 0.3)


async def test_b42_what_comes_to_its_turn_after_the_budget_is_left_for_later(
    db: Connection, pool: Pool, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long a request has stood in the queue: its lease may be another worker's by then."""
    site.set("/feed", feed(RSS))
    sources.synchronise(db, [at(site, "/feed")], NOW)
    # Before the source is taken up there is time, and when its turn has come there is none.
    spent = iter([False, True])
    monkeypatch.setattr(Batch, "over", lambda batch: next(spent, False))
    async with Fetcher("dragoman/0", Limits(connections=1)) as fetcher:
        assert await poll_due(pool, fetcher, 10, NOW) == Fetched(left=1)
        assert (site.asked, outcomes(db)) == ([], [])
        assert await poll_due(pool, fetcher, 10, NOW) == Fetched(polled=1, bodies=1)


@pytest.mark.usefixtures("open_network")
@pytest.mark.parametrize("kind", ["feed", "list"])
async def test_b40_whoever_is_led_to_one_host_takes_a_turn_there(
    db: Connection, pool: Pool, site: Site, kind: str
) -> None:
    """Twelve sources of twelve sites, each of which redirects to the same third one."""
    hosts = [f"site-{number}.test" for number in range(12)]
    hub = f"http://hub.test:{site.port}"
    crowd = Crowd()

    def linger(asked: Asked) -> Answer:
        with crowd.joined():
            threading.Event().wait(0.05)
            return feed(RSS)

    site.set("/robots.txt", Answer(b"", 404))
    site.set("/old", Answer(status=301, headers={"Location": f"{hub}/new"}))
    site.set("/new", linger)
    how: dict[str, object] = {"spacing": 0}
    if kind == "list":
        how |= {"kind": "list", "links": {"pattern": "/a"}}
    sources.synchronise(db, [a_source(h[:-5], f"http://{h}:{site.port}/old", **how) for h in hosts], NOW)
    names = Names({host: ["127.0.0.1"] for host in (*hosts, "hub.test")})
    async with Fetcher("dragoman/0", Limits(total=60), resolver=names) as fetcher:
        assert (await poll_due(pool, fetcher, 20, NOW)).bodies == 12
    assert len(site.requests("/new")) == 12
    assert crowd.most == 1
    # The rules of the third one are asked for once.
    asked = [one for one in site.requests("/robots.txt") if one.headers["host"].startswith("hub.")]
    assert len(asked) == (1 if kind == "list" else 0)


async def test_b41_a_site_that_hangs_holds_up_nobody_else(db: Connection, pool: Pool, site: Site) -> None:
    free = threading.Event()

    def hang() -> Iterator[bytes]:
        free.wait(60)
        yield b""

    site.set("/hang", Answer(chunks=hang()))
    good = [f"/good/{number}" for number in range(5)]
    for path in good:
        site.set(path, feed(RSS))
    many = [at(site, path, f"g{number}", rate_group=f"g{number}") for number, path in enumerate(good)]
    sources.synchronise(db, [at(site, "/hang", "hang", rate_group="hang"), *many], NOW)
    async with Fetcher("dragoman/0", Limits(total=60, read=60)) as fetcher:
        polling = asyncio.create_task(poll_due(pool, fetcher, 10, NOW))
        async with asyncio.timeout(30):
            while await asyncio.to_thread(responses.waiting, db) < len(good):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        assert not polling.done()
        free.set()
        await polling


async def test_b42_two_polls_at_once_ask_each_source_once(
    db: Connection, pool: Pool, fetcher: Fetcher, site: Site
) -> None:
    paths = [f"/feed/{number}" for number in range(12)]
    for path in paths:
        site.set(path, feed(RSS))
    many = [at(site, path, f"s{n}", rate_group=f"g{n}") for n, path in enumerate(paths)]
    sources.synchronise(db, many, NOW)
    both = await asyncio.gather(*(poll_due(pool, fetcher, 20, NOW) for _ in range(2)))
    assert sum(fetched.bodies for fetched in both) == 12
    assert all(len(site.requests(path)) == 1 for path in paths)


async def test_b43_a_list_page_is_asked_for_only_if_robots_txt_allows(
    db: Connection, pool: Pool, fetcher: Fetcher, site: Site
) -> None:
    site.set("/robots.txt", Answer(b"User-agent: *\nDisallow: /list"))
    site.set("/list", page("<a href=/a>a</a>"))
    site.set("/feed", feed(RSS))
    listed = at(site, "/list", "listed", kind="list", links={"pattern": "/a"})
    sources.synchronise(db, [listed, at(site, "/feed", "plain")], NOW)
    fetched = await poll_due(pool, fetcher, 10, NOW)
    assert (fetched.bodies, fetched.failed) == (1, 1)
    assert not site.requests("/list")
    states = {state["id"]: state["state"] for state in sources.states(db)}
    assert states["listed"] == "robots"


async def test_b55_a_source_on_loopback_needs_permission(
    db: Connection, pool: Pool, fetcher: Fetcher, site: Site
) -> None:
    site.set("/feed", feed(RSS))
    sources.synchronise(db, [at(site, "/feed", loopback=False)], NOW)
    assert (await poll_due(pool, fetcher, 10, NOW)).failed == 1
    (state,) = sources.states(db)
    assert state["state"] == "refused"
    assert not site.asked


async def test_nothing_stops_the_other_sources(
    db: Connection, pool: Pool, fetcher: Fetcher, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        site.set(f"/{number}", feed(RSS))
    many = [at(site, f"/{number}", f"s{number}", rate_group=f"g{number}") for number in range(3)]
    sources.synchronise(db, many, NOW)
    real = sources.record

    def record(db: Connection, source: sources.DueSource, *rest: object) -> bool:
        if source.id == "s1":
            raise RuntimeError("the disk is full")
        return real(db, source, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(sources, "record", record)
    with pytest.raises(ExceptionGroup):
        await poll_due(pool, fetcher, 10, NOW)
    assert responses.waiting(db) == 2
