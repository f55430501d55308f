"""JSON by the paths of a source's entry."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tasks.model import PublishedBasis
from tasks.read.document import MOST_ENTRIES, Document, Fault, Follow
from tasks.read.json_api import parse
from tasks.settings.sources import Api
from tests.read.conftest import a_terms

URL = "https://gov.example.org/api/news?channel=7&page=1"
PATHS = {"items": "data.list", "title": "title", "url": "link"}


def read(data: object, paths: dict[str, Any] | None = None, **values: object) -> Document:
    body = data if isinstance(data, bytes) else json.dumps(data, ensure_ascii=False).encode()
    api = Api.model_validate({**PATHS, **(paths or {})}).model_dump(mode="json")
    given: dict[str, object] = {"url": URL, "zone": "Asia/Shanghai", "language": "zh", **values}
    return parse(body, a_terms(api=api, **given))


def listed(*items: object) -> dict[str, object]:
    return {"code": 0, "data": {"list": list(items)}}


def test_b82_everything_by_its_path() -> None:
    text = "The ministers signed a protocol on joint patrols in the capital on Tuesday. " * 10
    found = read(
        {
            "result": {
                "rows": [
                    {
                        "meta": {"no": 4711, "lang": "en"},
                        "head": ["", "Second round &amp; more"],
                        "lead": "<p>What they said</p>",
                        "text": f"<p>{text}</p>",
                        "at": "2026-11-20 21:40:00",
                    }
                ]
            }
        },
        {
            "items": "result.rows[*]",
            "title": "head[1]",
            "url": "join('', ['/news/', to_string(meta.no), '.html'])",
            "summary": "lead",
            "body": "text",
            "date": "at",
            "id": "meta.no",
            "language": "meta.lang",
        },
    )
    (entry,) = found.entries
    assert (found.kind, found.problem, found.errors) == ("api", None, ())
    assert (entry.title, entry.summary, entry.guid) == ("Second round & more", "What they said", "4711")
    assert entry.url == "https://gov.example.org/news/4711.html"
    assert entry.body == text.strip()
    assert entry.segments
    assert (entry.published, entry.basis) == (datetime(2026, 11, 20, 13, 40, tzinfo=UTC), PublishedBasis.FEED)
    assert entry.language == "en"
    assert Document.from_json(found.to_json()) == found


def test_b82_a_list_that_is_the_document_itself() -> None:
    found = read([{"t": "One", "u": "/1"}, {"t": "Two", "u": "/2"}], {"items": "@", "title": "t", "url": "u"})
    assert [entry.title for entry in found.entries] == ["One", "Two"]


def test_b82_data_that_is_wrapped_as_a_script() -> None:
    body = b'news({"data": {"list": [{"title": "One (1)", "link": "/1"}]}});\n'
    assert read(body).entries[0].title == "One (1)"


@pytest.mark.parametrize(
    ("value", "paths", "expected"),
    [
        (1795208400, {"epoch": "seconds"}, datetime(2026, 11, 20, 21, tzinfo=UTC)),
        ("1795208400", {"epoch": "seconds"}, datetime(2026, 11, 20, 21, tzinfo=UTC)),
        (1795208400123, {"epoch": "milliseconds"}, datetime(2026, 11, 20, 21, 0, 0, 123000, tzinfo=UTC)),
        ("2026-11-20T10:00:00Z", {}, datetime(2026, 11, 20, 10, tzinfo=UTC)),
        # Nobody has said what these count.
        (1795208400, {}, None),
        (20261120, {}, None),
        (1795208400123, {"epoch": "seconds"}, None),
        (float("inf"), {"epoch": "seconds"}, None),
        (10**400, {"epoch": "seconds"}, None),
        ("soon", {"epoch": "seconds"}, None),
        (True, {"epoch": "seconds"}, None),
        (None, {"epoch": "seconds"}, None),
    ],
)
def test_b75_dates(value: object, paths: dict[str, Any], expected: datetime | None) -> None:
    (entry,) = read(listed({"title": "One", "link": "/1", "at": value}), {"date": "at", **paths}).entries
    assert entry.published == expected


def test_b75_dates_in_the_source_s_own_form() -> None:
    item = {"title": "One", "link": "/1", "at": "20/11/26 21h40"}
    (entry,) = read(listed(item), {"date": "at"}, date_format="%d/%m/%y %Hh%M").entries
    assert entry.published == datetime(2026, 11, 20, 13, 40, tzinfo=UTC)


def test_b76_one_malformed_item_costs_one_item() -> None:
    good = [{"title": f"Entry {n}", "link": f"/{n}"} for n in range(29)]
    for bad in (None, "text", 7, [], {}, {"title": "No address"}, {"link": "/x"}, {"title": {}, "link": []}):
        found = read(listed(*good[:10], bad, *good[10:]))
        assert (len(found.entries), len(found.errors), found.problem) == (29, 1, None)


@pytest.mark.parametrize(
    ("data", "word", "fault"),
    [
        ({"data": {"rows": []}}, "`items` (data.list) leads to no list any more", Fault.REDESIGNED),
        ({"data": {"list": {"a": 1}}}, "leads to no list", Fault.REDESIGNED),
        (listed({"headline": "One", "link": "/1"}), "`title` (title) leads to no text", Fault.REDESIGNED),
        (listed({"title": "One", "href": "/1"}), "`url` (link) leads to no address", Fault.REDESIGNED),
        (listed({"title": "One", "link": "javascript:x"}), "leads to no address", Fault.REDESIGNED),
        (listed(), "its list of items is empty", Fault.EMPTY),
        (b"<!DOCTYPE html><html>Log in</html>", "a page for readers and no JSON", Fault.FOREIGN),
        (b"<rss version='2.0'></rss>", "a feed and no JSON", Fault.FOREIGN),
        (b"", "0 bytes of something else and no JSON", Fault.FOREIGN),
        (b'{"data": oops}', "it is no JSON (line 1: Expecting value)", Fault.FOREIGN),
    ],
)
def test_b81_what_is_no_longer_where_it_was_is_told(data: object, word: str, fault: Fault) -> None:
    found = read(data)
    assert word in (found.problem or "")
    assert found.fault is fault


def test_a_path_that_trips_over_what_it_finds_leads_nowhere() -> None:
    found = read(listed({"title": 7, "link": "/1", "tags": 1}), {"summary": "join(' ', tags)"})
    assert (found.entries[0].title, found.entries[0].summary) == ("7", "")


def test_b82_the_next_page_by_its_number() -> None:
    paths: dict[str, Any] = {"page": {"parameter": "page"}, "pages": 3}
    one = listed({"title": "One", "link": "/1"})
    first = read(one, paths)
    second_url = "https://gov.example.org/api/news?channel=7&page=2"
    assert first.follow == (Follow(second_url, "api", catch_up=True),)
    assert not first.restless
    second = read(one, paths, url=second_url, depth=1)
    assert second.follow[0].url.endswith("?channel=7&page=3")
    assert read(one, paths, depth=2).follow == ()


def test_b82_the_next_page_by_how_many_items_are_skipped() -> None:
    paths = {"page": {"parameter": "offset", "first": 0, "step": 20}}
    (follow,) = read(listed({"title": "One", "link": "/1"}), paths, url="https://gov.example.org/api").follow
    assert follow.url == "https://gov.example.org/api?offset=20"


@pytest.mark.parametrize(
    ("following", "expected"),
    [
        ("/api/news?cursor=abc", "https://gov.example.org/api/news?cursor=abc"),
        ("https://gov.example.org/api/p/2", "https://gov.example.org/api/p/2"),
        ("", None),
        (None, None),
        (2, None),
        (URL, None),
        ("file:///etc/passwd", None),
        ("http://user:pw@gov.example.org/", None),
    ],
)
def test_b82_the_next_page_by_a_path(following: object, expected: str | None) -> None:
    data = {**listed({"title": "One", "link": "/1"}), "paging": {"next": following}}
    found = read(data, {"next": "paging.next"})
    assert [follow.url for follow in found.follow] == ([expected] if expected else [])


def test_b66_what_breaks_off_keeps_its_whole_items_and_goes_no_further() -> None:
    body = json.dumps(listed(*({"title": f"Entry {n}", "link": f"/{n}"} for n in range(9)))).encode()
    found = read(body[:-40], {"page": {"parameter": "page"}})
    assert found.truncated
    assert 0 < len(found.entries) < 9
    assert found.follow == ()


def test_b53_hostile_json_is_read_within_bounds() -> None:
    assert "nested too deep" in (read(b'{"data": ' + b"[" * 500_000 + b"]" * 500_000 + b"}").problem or "")
    assert read(b"[" * 1_000_000).fault is Fault.FOREIGN
    twice = b'{"data": 1, "data": {"list": [{"title": NaN, "title": "Last", "link": "/1", "link": "/2"}]}}'
    assert [(entry.title, entry.url) for entry in read(twice).entries] == [
        ("Last", "https://gov.example.org/2")
    ]
    number = b'{"data": {"list": [{"title": ' + b"9" * 1_000_000 + b', "link": "/1"}]}}'
    assert read(number).entries[0].title == "9" * 200


def test_b54_of_many_items_the_first_are_kept_where_nothing_is_dated() -> None:
    found = read(listed(*({"title": f"Entry {n}", "link": f"/{n}"} for n in range(50_000))))
    assert (len(found.entries), found.dropped) == (MOST_ENTRIES, 50_000 - MOST_ENTRIES)
    assert found.entries[0].title == "Entry 0"
