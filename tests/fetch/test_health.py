"""How a source is asked that is well, and one that is not: against real servers, into a real store."""

import logging
import random
import struct
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from hashlib import sha256
from itertools import pairwise
from socket import SO_LINGER, SOL_SOCKET, socket

import pytest

from tasks.fetch import concerns, due
from tasks.fetch.batch import LEASE
from tasks.fetch.client import Fetcher, Limits
from tasks.fetch.sources import poll_due
from tasks.settings.sources import Source
from tasks.store import responses, sources
from tasks.store.database import Connection, Pool
from tasks.store.sources import DueSource, Found, Hints, SourceState
from tests.fetch import name_server, raw
from tests.support import emptied
from tests.support.site import Answer, Site, feed, page
from tests.support.sources import NOW, a_source

database = emptied.database
kept_database = emptied.kept_database

RSS = "<rss version='2.0'><channel><item><title>one</title></item></channel></rss>"
NO_HINTS = Hints()
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def at(url: str, id: str = "desk", **values: object) -> Source:
    usual: dict[str, object] = {"loopback": True, "spacing": 0}
    return a_source(id, url, **{**usual, **values})


def state(db: Connection, id: str = "desk") -> dict[str, object]:
    return next(row for row in sources.states(db) if row["id"] == id)


def wait(db: Connection, now: datetime, id: str = "desk") -> timedelta:
    """How long the source is left alone, without what is added at random."""
    due_at = state(db, id)["due_at"]
    assert isinstance(due_at, datetime)
    # Requests take a moment.
    return timedelta(seconds=round((due_at - now).total_seconds() / 30) * 30)


@pytest.fixture(autouse=True)
def no_spread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is added at random."""
    monkeypatch.setattr("tasks.fetch.sources.random", lambda: 0.0)


def read_all(db: Connection, now: datetime, items: int = 1, new: int = 0, hints: Hints = NO_HINTS) -> None:
    """Stand in for reading: every body is good, and holds so many items."""
    for response in responses.claim(db, now, 100, LEASE):
        found = Found(
            SourceState.OK,
            None,
            items,
            new,
            items - new,
            hints=hints,
            body_hash=sha256(response.body).digest(),
        )
        sources.mark_read(db, response.source_id, found, now, response.log_id)
        responses.discard(db, response.id)


async def test_b05_the_same_bytes_are_not_read_again_and_asked_for_less(
    db: Connection, pool: Pool, fetcher: Fetcher, site: Site
) -> None:
    """The server ignores conditions. But for the row of the attempt nothing is written of its items."""
    site.set("/feed", feed(RSS, ETag='"a"'))
    sources.synchronise(db, [at(site.url("/feed"))], NOW)
    await poll_due(pool, fetcher, 1, NOW)
    read_all(db, NOW)
    waits = []
    for hours in (1, 2, 3):
        now = NOW + hours * HOUR
        fetched = await poll_due(pool, fetcher, 1, now)
        assert (fetched.unchanged, fetched.bodies) == (1, 0)
        waits.append(wait(db, now))
    assert responses.waiting(db) == 0
    assert waits == [25 * MINUTE, 30 * MINUTE, 30 * MINUTE]


def http(moment: datetime) -> str:
    return format_datetime(moment, usegmt=True)


@pytest.mark.parametrize(
    ("headers", "patience"),
    [
        ({"Retry-After": "7200"}, 2 * HOUR),
        ({"Retry-After": "120"}, 15 * MINUTE),
        ({"Retry-After": http(NOW + 3 * HOUR)}, 3 * HOUR),
        ({"Retry-After": http(NOW + 9 * DAY), "Date": http(NOW + 9 * DAY - HOUR)}, HOUR),
        ({"Retry-After": "-5"}, 15 * MINUTE),
        ({"Retry-After": "abc"}, 15 * MINUTE),
        ({"Retry-After": "999999999"}, DAY),
    ],
)
async def test_b20_the_whole_group_is_patient_across_restarts(
    db: Connection, pool: Pool, fetcher: Fetcher, site: Site, headers: dict[str, str], patience: timedelta
) -> None:
    site.set("/0", Answer(status=429, headers=headers))
    site.set("/1", feed(RSS))
    pair = [at(site.url("/0"), "s0", rank=1), at(site.url("/1"), "s1", rank=1)]
    sources.synchronise(db, pair, NOW)
    await poll_due(pool, fetcher, 10, NOW)
    assert abs(wait(db, NOW, "s0") - patience) <= MINUTE
    # A restart, and even an entry that wants it more often, do not make it any earlier.
    eager = [replace_minutes(source, 1) for source in pair]
    sources.synchronise(db, eager, NOW)
    assert (await poll_due(pool, fetcher, 10, NOW + patience - MINUTE)).polled == 0
    assert not site.requests("/1")
    site.set("/0", feed(RSS))
    assert (await poll_due(pool, fetcher, 10, NOW + patience + MINUTE)).bodies == 2


def replace_minutes(source: Source, minutes: int) -> Source:
    return source.model_copy(update={"minutes": minutes})


async def test_b21_patience_without_a_word_doubles_until_it_answers(
    db: Connection, pool: Pool, fetcher: Fetcher, site: Site
) -> None:
    site.set("/feed", *[Answer(status=429)] * 3, feed(RSS), Answer(status=429))
    sources.synchronise(db, [at(site.url("/feed"))], NOW)
    now, waits = NOW, []
    for _ in range(5):
        await poll_due(pool, fetcher, 1, now)
        waits.append(wait(db, now))
        read_all(db, now)
        now += DAY
    assert waits == [15 * MINUTE, 30 * MINUTE, HOUR, 15 * MINUTE, 15 * MINUTE]


WALLS = {
    "forbidden": Answer(b"no", 403),
    "cloudflare": Answer(b"", 503, {"cf-mitigated": "challenge"}),
    "jiasule": Answer(b"", 521, {"Set-Cookie": "__jsluid_h=1"}),
    "f5": page("<html><script src='/TSPD/1'></script></html>"),
}


@pytest.mark.parametrize("answer", WALLS.values(), ids=WALLS.keys())
async def test_b22_a_wall_is_told_and_not_climbed(
    db: Connection, pool: Pool, fetcher: Fetcher, site: Site, answer: Answer
) -> None:
    site.set("/feed", answer)
    sources.synchronise(db, [at(site.url("/feed"), rank=1)], NOW)
    await poll_due(pool, fetcher, 1, NOW)
    assert state(db)["state"] == SourceState.BLOCKED
    assert wait(db, NOW) == 6 * HOUR
    assert concerns.judged(concerns.conditions(db), NOW)[1] == []
    later = NOW + 6 * HOUR + MINUTE
    await poll_due(pool, fetcher, 1, later)
    (told,) = concerns.judged(concerns.conditions(db), later)[1]
    assert told.kind == "blocked"
    assert str(state(db)["reason"]) in told.said
    # No other face is tried on.
    assert {asked.headers["user-agent"] for asked in site.asked} == {fetcher.agent}


async def test_b23_what_is_gone_is_told_at_once_and_looked_for_monthly(
    db: Connection, pool: Pool, fetcher: Fetcher, site: Site
) -> None:
    site.set("/feed", Answer(status=410), feed(RSS))
    sources.synchronise(db, [at(site.url("/feed"), rank=1)], NOW)
    await poll_due(pool, fetcher, 1, NOW)
    assert wait(db, NOW) == 30 * DAY
    told = concerns.judged(concerns.conditions(db), NOW)[1]
    assert [concern.kind for concern in told] == ["gone", "no_live_source"]
    assert (await poll_due(pool, fetcher, 1, NOW + 31 * DAY)).bodies == 1


def reset(connection: socket) -> None:
    """Read the request and break off with a reset."""
    raw.request(connection)
    connection.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))


async def failing(
    db: Connection, pool: Pool, url: str, fetcher: Fetcher, polls: int = 2
) -> list[tuple[float, timedelta]]:
    """The weight of the failures so far and how long the source is left alone, poll by poll."""
    sources.synchronise(db, [at(url)], NOW)
    found, now = [], NOW
    for _ in range(polls):
        await poll_due(pool, fetcher, 1, now)
        found.append((float(str(state(db)["failures"])), wait(db, now)))
        now += 2 * DAY
    assert state(db)["state"] == SourceState.FAILING
    assert state(db)["reason"]
    return found


HALF = [(0.5, 22.5 * MINUTE), (1.0, 30 * MINUTE)]
QUARTER = [(0.25, 19 * MINUTE), (0.5, 22.5 * MINUTE)]


@pytest.mark.parametrize("status", [404, 500, 502])
async def test_b24_a_failure_by_status(
    db: Connection, pool: Pool, fetcher: Fetcher, site: Site, status: int
) -> None:
    site.set("/feed", Answer(status=status))
    assert await failing(db, pool, site.url("/feed"), fetcher) == HALF


async def test_b24_a_connection_that_is_reset(db: Connection, pool: Pool, fetcher: Fetcher) -> None:
    with raw.serving(reset) as server:
        assert await failing(db, pool, server.url("/feed"), fetcher) == HALF


async def test_b24_a_connection_that_is_refused(db: Connection, pool: Pool, fetcher: Fetcher) -> None:
    with raw.serving(None) as server:
        url = server.url("/feed")
    assert await failing(db, pool, url, fetcher) == HALF


async def test_b24_what_does_not_speak_tls(db: Connection, pool: Pool, fetcher: Fetcher, site: Site) -> None:
    url = site.url("/feed").replace("http:", "https:")
    assert await failing(db, pool, url, fetcher) == HALF


@pytest.mark.parametrize(
    ("code", "weights"), [(name_server.NO_SUCH_NAME, HALF), (name_server.SERVER_FAILURE, QUARTER)]
)
async def test_b24_a_name_that_does_not_exist_weighs_more_than_one_that_nobody_could_tell(
    db: Connection, pool: Pool, code: int, weights: list[tuple[float, timedelta]]
) -> None:
    with name_server.running(lambda *_: code) as names:
        async with Fetcher("dragoman/0", Limits(), resolver=name_server.Asking(names)) as fetcher:
            assert await failing(db, pool, "http://desk.example.org/feed", fetcher) == weights


async def test_b24_never_given_up_and_forgiven_at_once(
    db: Connection, pool: Pool, fetcher: Fetcher, site: Site
) -> None:
    site.set("/feed", Answer(status=500))
    sources.synchronise(db, [at(site.url("/feed"))], NOW)
    db.execute("update source set failures = 400")
    await poll_due(pool, fetcher, 1, NOW)
    assert wait(db, NOW) == DAY
    site.set("/feed", feed(RSS))
    later = NOW + DAY + MINUTE
    await poll_due(pool, fetcher, 1, later)
    read_all(db, later)
    assert (state(db)["failures"], state(db)["state"], state(db)["unwell_since"]) == (0, "ok", None)


@pytest.mark.parametrize(
    ("rank", "headers", "hints", "minutes"),
    [
        (2, {"Cache-Control": "max-age=3600"}, Hints(), 60),
        (2, {"Cache-Control": "max-age=7200"}, Hints(), 15),
        (2, {}, Hints(minutes=40), 40),
        (2, {}, Hints(skip_hours=frozenset([13])), 15),
        (1, {"Cache-Control": "max-age=3600"}, Hints(), 9),
        (1, {}, Hints(minutes=40, skip_hours=frozenset(range(24))), 9),
        (1, {"Cache-Control": "max-age=60"}, Hints(), 9),
    ],
)
async def test_b30_hints_are_heard_within_the_promise(
    db: Connection,
    pool: Pool,
    fetcher: Fetcher,
    site: Site,
    rank: int,
    headers: dict[str, str],
    hints: Hints,
    minutes: float,
) -> None:
    site.set("/feed", Answer(RSS.encode(), headers=headers))
    sources.synchronise(db, [at(site.url("/feed"), rank=rank)], NOW)
    await poll_due(pool, fetcher, 1, NOW)
    read_all(db, NOW, items=2, new=1, hints=hints)
    site.set("/feed", Answer(RSS.replace("one", "two").encode(), headers=headers))
    later = NOW + DAY
    await poll_due(pool, fetcher, 1, later)
    assert wait(db, later) == minutes * MINUTE


async def test_b31_a_hint_that_is_not_followed_is_logged_once_and_kept(
    db: Connection, pool: Pool, fetcher: Fetcher, site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    site.set("/feed", feed(RSS, Cache_Control="max-age=31536000"))
    sources.synchronise(db, [at(site.url("/feed"))], NOW)
    with caplog.at_level(logging.INFO, "tasks.fetch.sources"):
        for hours in range(3):
            await poll_due(pool, fetcher, 1, NOW + hours * HOUR)
            read_all(db, NOW + hours * HOUR)
    assert state(db)["remark"] == "it asks to be polled every 8760 hours, and is polled more often"
    assert sum("8760 hours" in record.getMessage() for record in caplog.records) == 1


async def test_b32_twenty_restarts_ask_nobody_earlier(
    db: Connection, pool: Pool, fetcher: Fetcher, site: Site
) -> None:
    site.set("/feed", feed(RSS, Cache_Control="max-age=2400"))
    sources.synchronise(db, [at(site.url("/feed"))], NOW)
    await poll_due(pool, fetcher, 1, NOW)
    read_all(db, NOW)
    for minute in range(20):
        sources.synchronise(db, [at(site.url("/feed"))], NOW + minute * MINUTE)
        await poll_due(pool, fetcher, 1, NOW + minute * MINUTE)
    assert len(site.requests("/feed")) == 1


async def test_b33_bursts_are_followed_and_quiet_is_left_in_peace(
    db: Connection, pool: Pool, fetcher: Fetcher, site: Site
) -> None:
    sources.synchronise(db, [at(site.url("/feed"), minutes=20)], NOW)
    waits = []
    for number, new in enumerate([30, 0, 0, 1, 28, 30, 0]):
        site.set("/feed", feed(RSS.replace("one", f"number {number}")))
        now = NOW + number * 2 * HOUR
        await poll_due(pool, fetcher, 1, now)
        waits.append(wait(db, now) / MINUTE)
        read_all(db, now, items=30, new=new)
    # What a reading finds decides from the next poll on.
    assert waits == [20, 20, 30, 40, 40, 20, 20]


def test_a_partys_channel_is_never_asked_less_often_than_every_quarter_of_an_hour() -> None:
    """A day of cycles that begin every five minutes and take up to a minute to reach a source."""
    dice = random.Random(11)
    for minutes in (5, 15, 20, 120):
        source = DueSource("desk", a_source(rank=1, minutes=minutes), "group", NOW, hints=Hints(minutes=240))
        asked = [NOW]
        due_at = NOW
        for cycle in range(1, 24 * 12):
            now = NOW + cycle * 5 * MINUTE + MINUTE * dice.random()
            if due_at > NOW + cycle * 5 * MINUTE:
                continue
            rhythm = due.rhythm(
                source, {"cache-control": "max-age=86400"}, now, unchanged=dice.random() < 0.9
            )
            source = replace(source, pace=rhythm.pace)
            due_at = due.after_success(rhythm, Hints(skip_hours=frozenset(range(24))), now, dice.random())
            asked.append(now)
        assert max(later - one for one, later in pairwise(asked)) <= 15 * MINUTE


async def test_b90_every_attempt_leaves_a_row_and_every_host_its_count(
    db: Connection, pool: Pool, fetcher: Fetcher, site: Site
) -> None:
    site.set("/good", feed(RSS))
    site.set("/bad", Answer(status=500))
    sources.synchronise(db, [at(site.url("/good"), "good"), at(site.url("/bad"), "bad")], NOW)
    for hours in (0, 1):
        await poll_due(pool, fetcher, 10, NOW + hours * HOUR)
        read_all(db, NOW, items=5, new=4)
    rows = db.execute(
        "select source_id, outcome, status, bytes, items, new_items, body_hash is not null, elapsed > 0, reason"
        " from fetch_log order by source_id, id"
    ).fetchall()
    failed = ("bad", "failed", 500, None, None, None, False, True, rows[0][-1])
    assert "500" in rows[0][-1]
    size = len(RSS)
    assert rows == [
        failed,
        failed,
        ("good", "ok", 200, size, 5, 4, True, True, None),
        ("good", "unchanged", 200, size, None, None, True, True, None),
    ]
    (host,) = sources.hosts(db, NOW - HOUR)
    milliseconds = host.pop("milliseconds")
    assert 0 <= milliseconds < 1000
    assert host == {
        "host": f"127.0.0.1:{site.port}",
        "asked": 4,
        "ok": 1,
        "unchanged": 1,
        "failed": 2,
        "bytes": 2 * size,
        "items": 5,
        "new_items": 4,
        "states": {"failing": 1, "ok": 1},
    }
