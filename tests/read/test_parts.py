"""Further parts of a source, from their naming to their items; and nothing lost wherever it dies."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from tasks.read.child import Children
from tasks.read.reading import ReadResult
from tasks.read.responses import LEASE, read_waiting
from tasks.settings.sources import Source
from tasks.store import follow_ups, items, responses, sources
from tasks.store.database import Connection, Pool
from tasks.store.follow_ups import UNREAD, FollowUp
from tasks.store.sources import Arrived, Attempt, SourceState
from tests.read.test_article import PAGE
from tests.read.test_sitemap import ROOT, index, named, news, urlset
from tests.support import emptied
from tests.support.sources import NOW, a_source

database = emptied.database
kept_database = emptied.kept_database

INDEX = f"{ROOT}/index.xml"
HOUR = timedelta(hours=1)
# A reading takes its time, and names parts at its end.
SOON = NOW + timedelta(minutes=1)
API = {"items": "list", "title": "title", "url": "url", "page": {"parameter": "page"}, "pages": 3}


def a_map(**values: object) -> Source:
    return a_source(**{"url": INDEX, "kind": "sitemap", **values})  # type: ignore[arg-type]


def arrives(db: Connection, text: str, source: Source | None = None, etag: str = '"a"') -> None:
    """The source's own document waits to be read."""
    settings = source or a_map()
    sources.synchronise(db, [settings], NOW)
    url = str(settings.url)
    log_id = sources.log(db, settings.id, Attempt(url, "ok", 0.1, 200), NOW)
    sources.put_response(db, settings.id, Arrived(url, 200, text.encode(), etag=etag), NOW, log_id)


def fetched(db: Connection, bodies: dict[str, str], now: datetime = SOON) -> list[str]:
    """The parts that are due wait to be read as well; their addresses."""
    parts: list[FollowUp] = follow_ups.claim(db, now, 100, LEASE)
    for part in parts:
        arrived = Arrived(part.url, 200, bodies[part.url].encode(), etag=f'"{part.url}"')
        follow_ups.keep(db, part, arrived, Attempt(part.url, "ok", 0.1, 200), now)
    return [part.url for part in parts]


def known(db: Connection) -> dict[str, Any]:
    names = "etag, body_hash, read_at, new_item_at, newest_at, content, state, reason, failures, last_items, last_new"
    row = db.execute(f"select {names} from source").fetchone()
    assert row is not None
    return dict(zip(names.split(", "), row, strict=True))


def stored(db: Connection) -> dict[str, bool]:
    """Titles, and whether they are history."""
    return {
        str(title): bool(old) for title, old in db.execute("select title, baseline from item order by id")
    }


def test_b82_from_a_list_of_sitemaps_to_items(db: Connection, pool: Pool, children: Children) -> None:
    arrives(db, index(named("/inner.xml", NOW - HOUR)))
    assert read_waiting(pool, children, 10, NOW) == ReadResult(read=1)
    assert (known(db)["etag"], known(db)["state"]) == ('"a"', "ok")
    assert fetched(db, {f"{ROOT}/inner.xml": index(named("/1.xml", NOW - HOUR), named("/2.xml", NOW - HOUR))})
    read_waiting(pool, children, 10, NOW)
    bodies = {f"{ROOT}/1.xml": urlset(news(1), news(2)), f"{ROOT}/2.xml": urlset(news(3))}
    assert len(fetched(db, bodies)) == 2
    assert read_waiting(pool, children, 10, NOW) == ReadResult(read=2, items=3, new=3)
    # All of it came with the first reading of the source.
    assert stored(db) == {"Headline 1": True, "Headline 2": True, "Headline 3": True}
    state = known(db)
    assert (state["state"], state["last_items"], state["last_new"]) == ("ok", 3, 3)
    assert state["etag"] == '"a"'
    assert follow_ups.due_count(db, NOW + HOUR) == 0


def test_b82_later_only_what_has_changed_is_fetched_and_is_news(
    db: Connection, pool: Pool, children: Children
) -> None:
    one, two = f"{ROOT}/1.xml", f"{ROOT}/2.xml"
    arrives(db, index(named("/1.xml", NOW - HOUR), named("/2.xml", NOW - HOUR)))
    read_waiting(pool, children, 10, NOW)
    fetched(db, {one: urlset(news(1)), two: urlset(news(2))})
    read_waiting(pool, children, 10, NOW)
    arrives(db, index(named("/1.xml", NOW - HOUR), named("/2.xml", NOW)))
    later = SOON + HOUR
    read_waiting(pool, children, 10, NOW + HOUR)
    assert fetched(db, {two: urlset(news(2), news(3, publication_date=NOW.isoformat()))}, later) == [two]
    assert read_waiting(pool, children, 10, later) == ReadResult(read=1, items=2, new=1)
    assert stored(db) == {"Headline 1": True, "Headline 2": True, "Headline 3": False}


def test_a_list_whose_parts_change_by_themselves_is_read_at_every_poll(
    db: Connection, pool: Pool, children: Children
) -> None:
    arrives(db, index(named("/1.xml")))
    read_waiting(pool, children, 10, NOW)
    assert (known(db)["etag"], known(db)["body_hash"]) == (None, None)


def test_b04_a_list_that_is_wrong_about_its_parts_is_found_out_within_a_day(
    db: Connection, pool: Pool, children: Children
) -> None:
    """It says that its sitemap has not changed for years, and is itself never changed again."""
    url = f"{ROOT}/1.xml"
    arrives(db, index(named("/1.xml", "2019-12-31T10:00:00Z")))
    read_waiting(pool, children, 10, NOW)
    fetched(db, {url: urlset(news(1))})
    read_waiting(pool, children, 10, NOW)
    assert fetched(db, {}, NOW + 20 * HOUR) == []
    for day in (1, 2):
        later = SOON + timedelta(days=day, minutes=day)
        assert fetched(db, {url: urlset(news(1), news(1 + day))}, later) == [url]
        assert read_waiting(pool, children, 10, later).new == 1
    assert stored(db)["Headline 3"] is False


def test_b82_a_plain_sitemap_gives_the_pages_that_are_new(
    db: Connection, pool: Pool, children: Children
) -> None:
    page = f"{ROOT}/press/1"
    arrives(db, urlset(named("/press/1", NOW - HOUR), named("/about", "2019-01-01")))
    read_waiting(pool, children, 10, NOW)
    assert fetched(db, {page: PAGE}) == [page]
    assert read_waiting(pool, children, 10, NOW).new == 1
    assert list(stored(db)) == ["Ministers sign a protocol on patrols"]
    arrives(db, urlset(named("/press/1", NOW), named("/press/2", NOW)))
    read_waiting(pool, children, 10, NOW)
    assert fetched(db, {f"{ROOT}/press/2": PAGE}) == [f"{ROOT}/press/2"]


def listed(*numbers: int) -> str:
    inside = ",".join(f'{{"title": "Headline number {n}", "url": "/n/{n}"}}' for n in numbers)
    return f'{{"list": [{inside}]}}'


def test_b82_older_pages_of_an_api_are_fetched_as_long_as_all_on_them_is_new(
    db: Connection, pool: Pool, children: Children
) -> None:
    source = a_source(url=f"{ROOT}/api", kind="api", api=API)
    pages = {f"{ROOT}/api?page=2": listed(4, 5, 6), f"{ROOT}/api?page=3": listed(7)}
    arrives(db, listed(1, 2, 3), source)
    seen = []
    while read_waiting(pool, children, 10, NOW).read:
        seen += fetched(db, pages)
    assert seen == list(pages)
    assert len(stored(db)) == 7
    # A poll that finds something known goes no further.
    arrives(db, listed(8, 1, 2), source)
    read_waiting(pool, children, 10, NOW)
    assert fetched(db, pages) == []
    # After an outage everything on the first page is new: one page back it meets what it knows.
    arrives(db, listed(11, 12, 13), source)
    read_waiting(pool, children, 10, NOW)
    assert fetched(db, {f"{ROOT}/api?page=2": listed(9, 10, 8)}) == [f"{ROOT}/api?page=2"]
    read_waiting(pool, children, 10, NOW)
    assert fetched(db, pages) == []


def test_b81_an_api_that_has_changed_is_told_as_redesigned(
    db: Connection, pool: Pool, children: Children
) -> None:
    arrives(db, '{"rows": []}', a_source(url=f"{ROOT}/api", kind="api", api=API))
    assert read_waiting(pool, children, 10, NOW).failed == 1
    assert known(db)["state"] == SourceState.REDESIGNED
    assert "`items` (list)" in known(db)["reason"]


def test_b34_a_page_in_place_of_json_is_not_what_it_should_be(
    db: Connection, pool: Pool, children: Children
) -> None:
    arrives(db, "<!DOCTYPE html><html>Log in</html>", a_source(url=f"{ROOT}/api", kind="api", api=API))
    read_waiting(pool, children, 10, NOW)
    assert known(db)["state"] == SourceState.NOT_A_FEED


def test_a_part_that_is_no_sitemap_is_told_of_its_source(
    db: Connection, pool: Pool, children: Children
) -> None:
    arrives(db, index(named("/1.xml", NOW), named("/2.xml", NOW)))
    read_waiting(pool, children, 10, NOW)
    wall = "<!DOCTYPE html><html>Please wait</html>"
    fetched(db, {f"{ROOT}/1.xml": wall, f"{ROOT}/2.xml": wall})
    assert read_waiting(pool, children, 10, NOW).failed == 2
    assert known(db)["state"] == "failing"
    assert "2 of its 2 parts cannot be had" in known(db)["reason"]
    # The list itself being well does not make the source so.
    arrives(db, index(named("/1.xml", NOW), named("/2.xml", NOW)))
    read_waiting(pool, children, 10, NOW)
    assert known(db)["state"] == "failing"
    arrives(db, index(named("/1.xml", NOW), named("/2.xml", NOW + HOUR)))
    read_waiting(pool, children, 10, NOW)
    fetched(db, {f"{ROOT}/2.xml": urlset(news(1))})
    read_waiting(pool, children, 10, NOW)
    assert known(db)["state"] == "ok"
    assert "1 of its 2 parts cannot be had" in known(db)["reason"]


def test_a_part_without_entries_is_quiet(db: Connection, pool: Pool, children: Children) -> None:
    arrives(db, index(named("/1.xml", NOW)))
    read_waiting(pool, children, 10, NOW)
    fetched(db, {f"{ROOT}/1.xml": urlset()})
    assert read_waiting(pool, children, 10, NOW) == ReadResult(read=1)
    assert known(db)["state"] == "ok"


def test_b35_a_list_in_which_nothing_changes_any_more_is_stale(
    db: Connection, pool: Pool, children: Children
) -> None:
    arrives(db, index(named("/1.xml", "2018-01-05T10:00:00Z")))
    read_waiting(pool, children, 10, NOW)
    assert known(db)["state"] == SourceState.STALE
    assert "2018-01-05" in known(db)["reason"]


def test_a_part_that_is_no_longer_wanted_is_thrown_away(
    db: Connection, pool: Pool, children: Children
) -> None:
    arrives(db, index(named("/1.xml", NOW)))
    read_waiting(pool, children, 10, NOW)
    fetched(db, {f"{ROOT}/1.xml": urlset(news(1))})
    sources.synchronise(db, [a_map(url=f"{ROOT}/elsewhere.xml")], NOW)
    assert read_waiting(pool, children, 10, NOW) == ReadResult()
    assert responses.waiting(db) == 0
    assert stored(db) == {}


@pytest.mark.parametrize(
    ("module", "step"),
    [
        (items, "add"),
        (follow_ups, "name"),
        (follow_ups, "trouble"),
        (sources, "mark_read"),
        (responses, "discard"),
    ],
)
def test_b06_what_dies_while_parts_are_named_names_them_again(
    db: Connection, pool: Pool, children: Children, monkeypatch: pytest.MonkeyPatch, module: Any, step: str
) -> None:
    arrives(db, index(named("/1.xml", NOW)))
    _dies(monkeypatch, module, step, lambda: read_waiting(pool, children, 10, NOW))
    assert follow_ups.due_count(db, NOW + LEASE) == 0
    assert (known(db)["etag"], known(db)["read_at"]) == (None, None)
    assert read_waiting(pool, children, 10, NOW + 2 * LEASE).read == 1
    assert follow_ups.due_count(db, NOW + 3 * LEASE) == 1
    assert known(db)["etag"] == '"a"'


@pytest.mark.parametrize(
    ("module", "step"),
    [
        (items, "add"),
        (follow_ups, "finish"),
        (follow_ups, "trouble"),
        (sources, "mark_part_read"),
        (responses, "discard"),
    ],
)
def test_b06_what_dies_while_a_part_is_read_reads_it_again(
    db: Connection, pool: Pool, children: Children, monkeypatch: pytest.MonkeyPatch, module: Any, step: str
) -> None:
    arrives(db, index(named("/1.xml", NOW)))
    read_waiting(pool, children, 10, NOW)
    fetched(db, {f"{ROOT}/1.xml": urlset(news(1), news(2))})
    _dies(monkeypatch, module, step, lambda: read_waiting(pool, children, 10, NOW))
    assert stored(db) == {}
    assert db.execute("select etag, done from follow_up").fetchall() == [(None, False)]
    assert read_waiting(pool, children, 10, NOW + 2 * LEASE) == ReadResult(read=1, items=2, new=2)
    assert db.execute("select done from follow_up").fetchall() == [(True,)]


def test_b06_a_body_of_a_part_that_is_lost_is_fetched_again_though_its_source_is_unchanged(
    db: Connection, pool: Pool, children: Children
) -> None:
    """The validators of the source have moved, and so nobody names the part a second time."""
    arrives(db, index(named("/1.xml", NOW)))
    read_waiting(pool, children, 10, NOW)
    body = {f"{ROOT}/1.xml": urlset(news(1))}
    fetched(db, body)
    db.execute("truncate response")
    assert fetched(db, body, SOON + UNREAD) == list(body)
    assert read_waiting(pool, children, 10, SOON + UNREAD).new == 1
    assert stored(db) == {"Headline 1": True}


def _dies(monkeypatch: pytest.MonkeyPatch, module: Any, step: str, run: Callable[[], object]) -> None:
    def die(*_: object, **__: object) -> None:
        raise RuntimeError("the power is gone")

    with monkeypatch.context() as patched:
        patched.setattr(module, step, die)
        with pytest.raises(ExceptionGroup):
            run()
