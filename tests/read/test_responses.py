"""Reading what waits: from a response in the store to items in the store."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tasks.model import PublishedBasis, SegmentRole
from tasks.read.child import Bounds, Children
from tasks.read.document import Terms
from tasks.read.reading import TRIES, ReadResult
from tasks.read.responses import LEASE, read_waiting
from tasks.settings.sources import Source
from tasks.store import database as store
from tasks.store import items, responses, sources
from tasks.store.database import Connection, Pool
from tasks.store.items import FoundItem
from tasks.store.sources import Arrived, Attempt, SourceState
from tests.read.conftest import FEED_URL, rss
from tests.support import emptied
from tests.support.sources import NOW, a_source

database = emptied.database
kept_database = emptied.kept_database

ONE = "<title>First headline of the day</title><guid>1</guid><link>https://news.example.org/1</link>"
TWO = "<title>Second headline of the day</title><guid>2</guid><link>https://news.example.org/2</link>"


def waits(
    db: Connection, text: str, now: datetime = NOW, source: Source | None = None, **values: object
) -> None:
    """Put a response of a source where it waits to be read."""
    settings = source or a_source(url=FEED_URL)
    sources.synchronise(db, [settings], now)
    arrived = Arrived(FEED_URL, 200, text.encode(), **{"etag": '"a"', **values})  # type: ignore[arg-type]
    log_id = sources.log(db, settings.id, Attempt(FEED_URL, "ok", 0.1, 200), now)
    sources.put_response(db, settings.id, arrived, now, log_id)


def known(db: Connection) -> dict[str, object]:
    names = "etag, body_hash, read_at, new_item_at, newest_at, state, reason, failures, validators_trusted, due_at, hints"
    row = db.execute(f"select {names} from source").fetchone()
    assert row is not None
    return dict(zip(names.split(", "), row, strict=True))


def test_items_validators_and_the_end_of_the_response_come_together(
    db: Connection, pool: Pool, children: Children
) -> None:
    waits(db, rss(ONE, TWO, head="<ttl>45</ttl>"))
    assert read_waiting(pool, children, 10, NOW) == ReadResult(read=1, items=2, new=2)
    assert responses.waiting(db) == 0
    state = known(db)
    assert (state["etag"], state["state"], state["hints"]) == ('"a"', "ok", {"minutes": 45})
    assert state["read_at"] is not None
    (first, second) = items.claim(db, "gate", 10, NOW + LEASE, LEASE)
    assert (first.item.title, first.item.url) == ("First headline of the day", "https://news.example.org/1")
    assert first.baseline
    assert second.baseline
    row = db.execute("select items, new_items, errors from fetch_log").fetchone()
    assert row == (2, 2, 0)


def test_what_comes_later_is_news(db: Connection, pool: Pool, children: Children) -> None:
    waits(db, rss(ONE))
    read_waiting(pool, children, 10, NOW)
    waits(db, rss(TWO, ONE))
    assert read_waiting(pool, children, 10, NOW) == ReadResult(read=1, items=2, new=1)
    baselines = {
        stored.item.title: stored.baseline for stored in items.claim(db, "gate", 10, NOW + LEASE, LEASE)
    }
    assert baselines == {"First headline of the day": True, "Second headline of the day": False}


def test_b06_what_dies_before_the_end_has_not_happened(
    db: Connection, pool: Pool, children: Children, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits(db, rss(ONE))

    def die(*_: object) -> None:
        raise RuntimeError("the power is gone")

    with monkeypatch.context() as patched:
        patched.setattr(responses, "discard", die)
        with pytest.raises(ExceptionGroup):
            read_waiting(pool, children, 10, NOW)
    assert items.waiting(db) == {}
    assert known(db)["etag"] is None
    # The lease is counted from when the reading began, which was a little after NOW.
    assert read_waiting(pool, children, 10, NOW + LEASE * 2).new == 1


def test_b05_the_hash_of_what_was_read_is_kept(db: Connection, pool: Pool, children: Children) -> None:
    waits(db, rss(ONE))
    read_waiting(pool, children, 10, NOW)
    assert known(db)["body_hash"] is not None


def test_b66_what_was_not_whole_is_read_again(db: Connection, pool: Pool, children: Children) -> None:
    waits(db, rss(ONE, TWO)[:-60])
    assert read_waiting(pool, children, 10, NOW).new == 1
    state = known(db)
    assert (state["etag"], state["body_hash"], state["state"]) == (None, None, "ok")


def test_b04_probes_that_find_news_twice_in_a_row_convict_the_validators(
    db: Connection, pool: Pool, children: Children
) -> None:
    waits(db, rss(ONE))
    read_waiting(pool, children, 10, NOW)
    waits(db, rss(ONE + "<description>a clock</description>"), probe=True)
    read_waiting(pool, children, 10, NOW)
    assert known(db)["validators_trusted"]
    three = (
        "<title>Ministers agree upon a summit</title><guid>3</guid><link>https://news.example.org/3</link>"
    )
    for news, believed in ((rss(ONE, TWO), True), (rss(ONE, TWO, three), False)):
        waits(db, news, probe=True)
        assert read_waiting(pool, children, 10, NOW).new == 1
        assert known(db)["validators_trusted"] is believed


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("<rss></rss>", SourceState.EMPTY),
        (rss(), SourceState.EMPTY),
        ("<!DOCTYPE html><html>moved</html>", SourceState.NOT_A_FEED),
        ("12345678901", SourceState.NOT_A_FEED),
    ],
)
def test_b34_what_holds_nothing_is_no_success(
    db: Connection, pool: Pool, children: Children, text: str, state: SourceState
) -> None:
    waits(db, text)
    assert read_waiting(pool, children, 10, NOW) == ReadResult(read=1, failed=1)
    found = known(db)
    assert (found["state"], found["etag"], found["read_at"]) == (state, None, None)
    assert found["failures"]
    assert sources.due_count(db, NOW) == 0
    assert responses.waiting(db) == 0


def test_b34_how_often_it_was_empty_is_said_and_news_make_it_well(
    db: Connection, pool: Pool, children: Children
) -> None:
    for said in ("it holds no entries", "2 times in a row", "3 times in a row"):
        waits(db, rss())
        read_waiting(pool, children, 10, NOW)
        assert known(db)["state"] == SourceState.EMPTY
        assert str(known(db)["reason"]).endswith(said)
    waits(db, rss(ONE))
    read_waiting(pool, children, 10, NOW)
    assert (known(db)["state"], known(db)["failures"]) == ("ok", 0)


def test_b35_a_feed_of_long_ago_is_stale(db: Connection, pool: Pool, children: Children) -> None:
    waits(db, rss(ONE + "<pubDate>Fri, 05 Jan 2018 10:00:00 GMT</pubDate>"))
    read_waiting(pool, children, 10, NOW)
    assert known(db)["state"] == SourceState.STALE
    assert "2018-01-05" in str(known(db)["reason"])


def test_b53_a_toxic_document_costs_its_source_and_nobody_else(db: Connection, pool: Pool) -> None:
    hostile = (
        "<rss version='2.0'><channel><item "
        + " ".join(f"a{n}='1'" for n in range(60_000))
        + "><title>x</title>"
    )
    waits(db, hostile + "</item></channel></rss>")
    other = a_source("other", "https://other.example.org/feed")
    sources.synchronise(db, [a_source(url=FEED_URL), other], NOW)
    sources.put_response(db, "other", Arrived(FEED_URL, 200, rss(ONE).encode()), NOW, 0)
    with Children(1, Bounds(processor=1)) as children:
        assert read_waiting(pool, children, 10, NOW) == ReadResult(read=2, failed=1, items=1, new=1)
    states = {row["id"]: (row["state"], row["reason"]) for row in sources.states(db)}
    assert states["desk"][0] == SourceState.TOXIC
    assert "processor" in states["desk"][1]
    assert states["other"][0] == "ok"


class Curious(Children):
    """Children that look, while one of them reads, how many responses their worker holds."""

    def __init__(self, dsn: str) -> None:
        super().__init__(1)
        self._dsn = dsn
        self.held: list[int] = []

    def read(self, job: str, terms: Terms, body: bytes) -> Any:
        with store.connect(self._dsn) as db:
            (held,) = db.execute("select count(*) from response where attempts > 0").fetchone() or (0,)
        self.held.append(held)
        return super().read(job, terms, body)


def test_b06_what_was_not_begun_has_cost_no_try(db: Connection, pool: Pool, database: str) -> None:
    """A document that kills its worker again and again must not take its neighbours along."""
    for name in ("a", "b", "c"):
        waits(db, rss(ONE), source=a_source(name, FEED_URL))
    with Curious(database) as curious:
        assert read_waiting(pool, curious, 10, NOW).read == 3
    assert curious.held == [1, 1, 1]


def test_what_never_comes_to_an_end_is_given_up(db: Connection, pool: Pool, children: Children) -> None:
    waits(db, rss(ONE))
    for attempt in range(TRIES):
        assert responses.claim(db, NOW + attempt * LEASE, 1, LEASE)
    read_waiting(pool, children, 10, NOW + TRIES * LEASE)
    assert known(db)["state"] == SourceState.TOXIC
    assert responses.waiting(db) == 0


def test_b77_an_archive_that_moves_is_history(db: Connection, pool: Pool, children: Children) -> None:
    waits(db, rss(ONE))
    read_waiting(pool, children, 10, NOW)
    old = [
        f"<title>An old headline, number {n}</title><guid>old{n}</guid><pubDate>2026-0{1 + n % 8}-10</pubDate>"
        for n in range(20)
    ]
    waits(db, rss(*old))
    assert read_waiting(pool, children, 10, NOW).new == 20
    assert all(stored.baseline for stored in items.claim(db, "gate", 50, NOW + LEASE, LEASE))


def test_b80_a_list_page(db: Connection, pool: Pool, children: Children) -> None:
    source = a_source(url=FEED_URL, kind="list", links={"pattern": r"/2026\d{4}/"}, zone="Asia/Shanghai")
    waits(
        db, "<a href=/20261120/x.html>A headline of some words</a><a href=/about>About us</a>", source=source
    )
    assert read_waiting(pool, children, 10, NOW).new == 1
    (stored,) = items.claim(db, "gate", 10, NOW + LEASE, LEASE)
    assert stored.item.url == "https://news.example.org/20261120/x.html"
    assert stored.item.published == datetime(2026, 11, 19, 16, tzinfo=UTC)
    assert stored.item.published_basis is PublishedBasis.ADDRESS


def test_b81_a_list_page_of_another_layout(db: Connection, pool: Pool, children: Children) -> None:
    source = a_source(url=FEED_URL, kind="list", links={"pattern": r"/2026\d{4}/"})
    waits(db, "<a href=/new-design>Welcome</a>", source=source)
    assert read_waiting(pool, children, 10, NOW).failed == 1
    assert known(db)["state"] == SourceState.REDESIGNED


def page_of_item(db: Connection, html: str, **values: object) -> int:
    (stored,) = items.claim(db, "gate", 1, NOW + LEASE, LEASE)
    items.await_next(db, stored.number, "page", NOW)
    arrived = Arrived("https://news.example.org/1", 200, html.encode(), **values)  # type: ignore[arg-type]
    sources.put_response(db, "desk", arrived, NOW, 0, stored.number)
    return stored.number


PAGE = (
    "<html><head><meta property='article:published_time' content='2026-11-20T10:00:00Z'></head><body>"
    "<h1>First headline of the day</h1><p>The ministers signed a protocol on joint patrols in the capital on"
    " Tuesday, the first headline of the day.</p><p>Photo: Reuters</p><p>It takes effect in July and will be"
    " reviewed after two years, according to the text that was shown to reporters.</p></body></html>"
)


def test_a_page_becomes_the_text_of_its_item(db: Connection, pool: Pool, children: Children) -> None:
    waits(db, rss(ONE))
    read_waiting(pool, children, 10, NOW)
    number = page_of_item(db, PAGE)
    assert read_waiting(pool, children, 10, NOW) == ReadResult(read=1, pages=1)
    stored = items.get(db, number)
    assert stored is not None
    assert items.waiting(db) == {"code": 1}
    assert "It takes effect in July" in (stored.item.body or "")
    assert stored.item.segments[0].role is SegmentRole.MAIN
    assert stored.item.segments[0].text.startswith("First headline of the day")
    assert (stored.item.published, stored.item.published_basis) == (
        datetime(2026, 11, 20, 10, tzinfo=UTC),
        PublishedBasis.PAGE,
    )


def test_a_page_without_an_article_does_not_hold_up_its_item(
    db: Connection, pool: Pool, children: Children
) -> None:
    waits(db, rss(ONE))
    read_waiting(pool, children, 10, NOW)
    number = page_of_item(db, "<html></html>")
    assert read_waiting(pool, children, 10, NOW) == ReadResult(read=1, pages=1, failed=1)
    stored = items.get(db, number)
    assert stored is not None
    assert stored.failure == "its page holds no article"
    assert items.waiting(db) == {"code": 1}


def test_the_page_of_an_item_that_was_edited_meanwhile_does_not_count(
    db: Connection, pool: Pool, children: Children
) -> None:
    waits(db, rss(ONE))
    read_waiting(pool, children, 10, NOW)
    number = page_of_item(db, PAGE)
    corrected = FoundItem(("guid:1",), "First and corrected headline of the day")
    with db.transaction():
        items.add(db, "desk", [corrected], NOW, baseline=False)
    read_waiting(pool, children, 10, NOW)
    stored = items.get(db, number)
    assert stored is not None
    assert (stored.version, stored.awaits, stored.item.body) == (2, "gate", None)
    assert responses.waiting(db) == 0
