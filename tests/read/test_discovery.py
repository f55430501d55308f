"""Aggregators from the wire to the item: a site that behaves like GDELT's, and like Google's."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta

import pytest

from tasks.fetch.client import Fetcher, Limits
from tasks.fetch.follow_ups import AGAIN, TRIES, get_follow_ups
from tasks.fetch.sources import poll_due
from tasks.read.child import Children
from tasks.read.responses import read_waiting
from tasks.settings.sources import Source
from tasks.store import items, sources
from tasks.store.database import Connection, Pool
from tasks.store.items import StoredItem
from tests.read.conftest import rss
from tests.read.test_gdelt import BOMB, TALKS, result
from tests.support import emptied, site
from tests.support.gdelt import LABEL, WANTED, graph, listing, row
from tests.support.site import Answer, Asked, Site, feed
from tests.support.sources import NOW, a_source

database = emptied.database
kept_database = emptied.kept_database

LIST = "/gdeltv2/lastupdate.txt"
FILE = f"/gdeltv2/{LABEL}.gkg.csv.zip"
SEARCH = "/api/v2/doc/doc"
QUARTER = timedelta(minutes=16)
DATA = graph(row("https://www.globaltimes.cn/1", "China, Russia hold talks", translation="srclc:zho;eng:x"))
JSON = {"Content-Type": "application/json; charset=utf-8"}


@pytest.fixture
def outside() -> Iterator[Site]:
    with site.running() as running:
        yield running


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    async with Fetcher("dragoman/0", Limits(total=60.0)) as client:
        yield client


def aggregator(outside: Site, path: str, **values: object) -> Source:
    usual: dict[str, object] = {
        "outlet": "GDELT", "rank": 4, "family": "gdelt", "zone": "UTC", "loopback": True, "spacing": 0,
        "stale_after": 365,
    }  # fmt: skip
    return a_source(str(values.pop("id", "gdelt")), outside.url(path), **{**usual, **values})


def bulk(outside: Site) -> Source:
    return aggregator(outside, LIST, kind="gdelt", gdelt=WANTED)


def serve(outside: Site, data: bytes, *files: Answer, label: str = LABEL, **other: str) -> None:
    """Let the site name a file and give it, or what is to stand in its place."""
    outside.set(LIST, Answer(listing(outside.url("/gdeltv2"), data, label, **other)))
    outside.set(f"/gdeltv2/{label}.gkg.csv.zip", *(files or (Answer(data),)))


class Service:
    """The stations up to the item, one after the other."""

    def __init__(self, db: Connection, pool: Pool, children: Children, fetcher: Fetcher) -> None:
        self.db, self._pool, self._children, self._fetcher = db, pool, children, fetcher

    async def cycle(self, now: datetime = NOW) -> None:
        await poll_due(self._pool, self._fetcher, 10, now)
        read_waiting(self._pool, self._children, 10, now)
        later = now + timedelta(seconds=30)
        await get_follow_ups(self._pool, self._fetcher, 10, later)
        read_waiting(self._pool, self._children, 10, later)

    def found(self) -> list[StoredItem]:
        rows = self.db.execute("select id from item order by id").fetchall()
        return [stored for (number,) in rows if (stored := items.get(self.db, number))]

    def source(self, id: str = "gdelt") -> tuple[str, str]:
        found = self.db.execute(
            "select state, coalesce(reason, '') from source where id = %s", (id,)
        ).fetchone()
        assert found is not None
        return str(found[0]), str(found[1])

    def log(self) -> list[tuple[str, int | None, int | None]]:
        rows = self.db.execute("select outcome, status, items from fetch_log order by id")
        return [(str(outcome), status, count) for outcome, status, count in rows]


@pytest.fixture
def service(db: Connection, pool: Pool, children: Children, fetcher: Fetcher) -> Service:
    return Service(db, pool, children, fetcher)


async def test_the_rows_of_a_file_become_items_of_their_outlets(service: Service, outside: Site) -> None:
    serve(outside, DATA)
    sources.synchronise(service.db, [bulk(outside)], NOW)
    await service.cycle()
    (stored,) = service.found()
    assert (stored.found_at, stored.language, stored.discovery) == ("globaltimes.cn", "zh", False)
    assert stored.item.url == "https://www.globaltimes.cn/1"
    # What is there at the first reading is history.
    assert stored.baseline
    assert service.source()[0] == "ok"


async def test_a_file_is_fetched_once_and_the_next_one_is_news(service: Service, outside: Site) -> None:
    serve(outside, DATA)
    sources.synchronise(service.db, [bulk(outside)], NOW)
    await service.cycle()
    await service.cycle(NOW + QUARTER)
    assert len(outside.requests(FILE)) == 1
    serve(
        outside,
        graph(row("https://tass.com/2", "A second round", label="20261122121500")),
        label="20261122121500",
    )
    outside.set(
        "/gdeltv2/20261122120000.gkg.csv.zip", Answer(graph(row("https://tass.com/1", "Between the two")))
    )
    await service.cycle(NOW + timedelta(hours=1))
    titles = {stored.item.title: stored.baseline for stored in service.found()}
    # The list had named a file and gone on before anybody looked.
    assert titles == {"China, Russia hold talks": True, "A second round": False, "Between the two": False}
    assert len(outside.requests(FILE)) == 1


async def test_b83_a_file_with_another_checksum_counts_for_nothing_until_it_is_right(
    service: Service, outside: Site
) -> None:
    wrong = graph(row("https://evil.example/1", "China, Russia hold talk"))
    wrong += bytes(len(DATA) - len(wrong))
    serve(outside, DATA, Answer(wrong), Answer(DATA))
    sources.synchronise(service.db, [bulk(outside)], NOW)
    await service.cycle()
    assert service.found() == []
    await service.cycle(NOW + AGAIN * TRIES)
    assert [stored.item.url for stored in service.found()] == ["https://www.globaltimes.cn/1"]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer(DATA[:-1]), f"it has {len(DATA) - 1} bytes, and {len(DATA)} were named"),
        (Answer(DATA[:100], length=len(DATA)), f"it has 100 bytes, and {len(DATA)} were named"),
        (Answer(bytes(len(DATA))), "its checksum is not the one that was named"),
        (Answer(b"<html>Not Found</html>", 404), "there is nothing at the address"),
    ],
)
async def test_b83_a_file_that_never_comes_whole_is_told(
    service: Service, outside: Site, answer: Answer, reason: str
) -> None:
    serve(outside, DATA, answer)
    sources.synchronise(service.db, [bulk(outside)], NOW)
    now = NOW
    for _ in range(TRIES):
        await service.cycle(now)
        now += AGAIN * TRIES
    assert service.found() == []
    assert reason in service.source()[1]
    asked = len(outside.requests(FILE))
    await service.cycle(now + QUARTER)
    assert asked == TRIES == len(outside.requests(FILE))


async def test_b51_a_file_that_bursts_costs_itself_alone(service: Service, outside: Site) -> None:
    serve(outside, BOMB)
    outside.set("/feed", feed(rss("<title>A headline of the day</title><guid>1</guid>")))
    desk = a_source(url=outside.url("/feed"), loopback=True, spacing=0)
    sources.synchronise(service.db, [bulk(outside), desk], NOW)
    await service.cycle()
    assert [stored.item.title for stored in service.found()] == ["A headline of the day"]
    assert "its table has more than" in service.source()[1]


async def test_b55_a_list_leads_to_no_other_host(service: Service, outside: Site) -> None:
    with site.running(host="127.0.0.2") as inside:
        outside.set(LIST, Answer(listing(inside.url("/gdeltv2"), DATA)))
        inside.set(FILE, Answer(DATA))
        sources.synchronise(service.db, [bulk(outside)], NOW)
        await service.cycle()
        assert inside.asked == []
    state, reason = service.source()
    assert state == "not_a_feed"
    assert "another host" in reason


async def test_b83_not_sensed_and_nothing_found_are_two_states(service: Service, outside: Site) -> None:
    outside.set(
        SEARCH,
        Answer(b"Your search contained a keyword that was too short.", headers={"Content-Type": "text/html"}),
        Answer(
            b"<!DOCTYPE html><html><body>502 Bad Gateway</body></html>", headers={"Content-Type": "text/html"}
        ),
        Answer(b"{}", headers=JSON),
        Answer(b"[]", headers=JSON),
        Answer(result(TALKS).encode(), headers=JSON),
    )
    sources.synchronise(service.db, [aggregator(outside, SEARCH, kind="gdelt-doc")], NOW)
    states: list[str] = []
    for day in range(5):
        await service.cycle(NOW + timedelta(days=day))
        state, reason = service.source()
        states.append(state)
        if day == 0:
            assert reason == "it did not search: “Your search contained a keyword that was too short.”"
    assert states == ["not_a_feed", "not_a_feed", "ok", "ok", "ok"]
    assert service.log() == [
        ("failed", 200, 0),
        ("failed", 200, 0),
        ("ok", 200, 0),
        ("ok", 200, 0),
        ("ok", 200, 1),
    ]
    assert [stored.found_at for stored in service.found()] == ["globaltimes.cn"]


async def test_b83_a_search_that_says_no_after_a_while_is_left_alone_with_its_whole_group(
    service: Service, outside: Site
) -> None:
    awaited = threading.Event()

    def slow(_: Asked) -> Answer:
        awaited.wait(60)
        return Answer(b"Please limit requests to one every 5 seconds", 429)

    outside.set(SEARCH, slow)
    outside.set(f"{SEARCH}?other", Answer(b"{}", headers=JSON))
    group = {"kind": "gdelt-doc", "rate_group": "search"}
    first = aggregator(outside, SEARCH, **group)
    second = aggregator(outside, f"{SEARCH}?other", id="other", **group)
    sources.synchronise(service.db, [first, second], NOW)
    cycle = asyncio.create_task(service.cycle())
    async with asyncio.timeout(60):
        while not outside.asked:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    assert not cycle.done()
    awaited.set()
    await cycle
    assert service.source() == ("limited", "the site asks for patience (status 429)")
    # One attempt, and nobody else of the group is asked before the wait is over.
    await service.cycle(NOW + timedelta(minutes=14))
    assert [asked.path for asked in outside.asked] == [SEARCH]
    assert service.source("other")[0] == "new"
    await service.cycle(NOW + timedelta(minutes=24))
    assert service.source("other")[0] == "ok"


async def test_b83_a_search_that_never_answers_was_not_made(
    service: Service, outside: Site, fetcher: Fetcher
) -> None:
    given_up = threading.Event()
    fetcher.limits = Limits(total=0.5)

    def hangs(_: Asked) -> Answer:
        given_up.wait(60)
        return Answer(b"{}", headers=JSON)

    outside.set(SEARCH, hangs)
    sources.synchronise(service.db, [aggregator(outside, SEARCH, kind="gdelt-doc")], NOW)
    await service.cycle()
    given_up.set()
    state, reason = service.source()
    assert state == "failing"
    assert "time" in reason or "not done" in reason


async def test_b84_an_item_keeps_its_outlet_and_asks_for_no_page(service: Service, outside: Site) -> None:
    link = outside.url("/rss/articles/CBMi1?oc=5")
    item = f"<title>China, Russia hold talks - TASS</title><link>{link}</link><guid isPermaLink='false'>CBMi1</guid>"
    outside.set("/rss/search", feed(rss(item + '<source url="https://tass.com">TASS</source>')))
    google = aggregator(outside, "/rss/search", id="google-news", outlet="Google News", family="google-news")
    sources.synchronise(service.db, [google], NOW)
    await service.cycle()
    (stored,) = service.found()
    assert (stored.item.title, stored.found_at) == ("China, Russia hold talks", "tass.com")
    # Whatever its entry says of pages: the link is no page of the outlet's.
    assert google.pages == "short"
    assert (stored.discovery, stored.pages) == (True, "never")
