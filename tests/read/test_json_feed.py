"""JSON Feed, sniffed under the kind of all feeds."""

import json
from datetime import UTC, datetime

import pytest

from tasks.model import PublishedBasis
from tasks.read.document import MOST_ENTRIES, Document, Fault
from tasks.read.feed import parse
from tests.read.conftest import FEED_URL, a_terms

VERSION = "https://jsonfeed.org/version/1.1"


def read(*items: object, head: dict[str, object] | None = None, **values: object) -> Document:
    feed = {"version": VERSION, "title": "Desk", "items": list(items), **(head or {})}
    return parse(json.dumps(feed).encode(), a_terms(**values))


def raw(text: str | bytes, **values: object) -> Document:
    return parse(text.encode() if isinstance(text, str) else text, a_terms(**values))


def test_b82_a_json_feed_is_a_feed() -> None:
    found = read(
        {
            "id": "urn:1",
            "url": "https://news.example.org/a?utm_source=feed",
            "external_url": "https://elsewhere.example/a",
            "title": "Ministers sign &amp; leave",
            "content_html": "<p>First.</p><p>Second<script>x()</script>.</p>",
            "summary": "What they signed",
            "date_published": "2026-11-20T10:00:00+01:00",
            "date_modified": "2026-11-21T10:00:00+01:00",
            "authors": [{"name": "Nobody"}],
        },
        head={"hubs": [{"type": "WebSub", "url": "https://hub.example/"}], "home_page_url": "/"},
    )
    (entry,) = found.entries
    assert (found.kind, found.problem, found.errors) == ("json11", None, ())
    assert (entry.guid, entry.title) == ("urn:1", "Ministers sign & leave")
    assert entry.url == "https://news.example.org/a"
    assert (entry.summary, entry.body) == ("What they signed", None)
    assert (entry.published, entry.basis) == (datetime(2026, 11, 20, 9, tzinfo=UTC), PublishedBasis.FEED)
    assert (found.channel.title, found.channel.home) == ("Desk", "https://news.example.org/")
    assert Document.from_json(found.to_json()) == found


def test_b82_version_one_with_numbers_for_ids_and_no_titles() -> None:
    found = read(
        {"id": 17, "content_text": "A short note < without\n a title.\n\nMore of it."},
        {"id": "https://news.example.org/b", "title": "An id that is an address"},
        {"id": "b-3", "title": "A link elsewhere", "external_url": "https://elsewhere.example/c"},
        {"id": "relative", "url": "../d", "title": "A relative address"},
        head={"version": "https://jsonfeed.org/version/1"},
    )
    assert found.kind == "json1"
    assert [(entry.guid, entry.url) for entry in found.entries] == [
        ("17", None),
        ("https://news.example.org/b", "https://news.example.org/b"),
        ("b-3", "https://elsewhere.example/c"),
        ("relative", "https://news.example.org/d"),
    ]
    assert found.entries[0].summary == "A short note < without\na title.\nMore of it."
    assert found.entries[0].title.startswith("A short note")


def test_b75_a_date_that_is_none_is_unknown() -> None:
    dates = ["yesterday", "2041-01-01T00:00:00Z", "", 1763632800, None, ["2026-11-20"]]
    found = read(*({"id": n, "title": "One", "date_published": date} for n, date in enumerate(dates)))
    assert {entry.published for entry in found.entries} == {None}
    assert {entry.basis for entry in found.entries} == {PublishedBasis.UNKNOWN}


def test_an_entry_in_another_language_than_its_source_says_so() -> None:
    found = read(
        {"id": "1", "title": "One", "language": "zh-CN"},
        {"id": "2", "title": "Two", "language": "en-US"},
        {"id": "3", "title": "Three", "language": "no language at all"},
        {"id": "4", "title": "Four"},
        head={"language": "hu"},
    )
    assert [entry.language for entry in found.entries] == ["zh", None, None, "hu"]


def test_b76_one_malformed_item_costs_one_item() -> None:
    good = [{"id": n, "title": f"Entry {n}"} for n in range(29)]
    for bad in ("a text", None, 7, [], {}, {"id": "x", "title": {"a": 1}, "content_text": [1]}):
        found = read(*good[:10], bad, *good[10:])
        assert (len(found.entries), len(found.errors)) == (29, 1)


@pytest.mark.parametrize(
    ("text", "word", "fault"),
    [
        ('{"version": "2", "items": []}', "JSON and no feed", Fault.FOREIGN),
        ('[{"version": "https://jsonfeed.org/version/1"}]', "JSON and no feed", Fault.FOREIGN),
        ('{"error": "not found"}', "JSON and no feed", Fault.FOREIGN),
        (f'{{"version": "{VERSION}"}}', "no list of items", Fault.FOREIGN),
        (f'{{"version": "{VERSION}", "items": {{"a": 1}}}}', "no list of items", Fault.FOREIGN),
        (f'{{"version": "{VERSION}", "items": []}}', "no entries", Fault.EMPTY),
        (f'{{"version": "{VERSION}", "items": [}}', "it is no JSON (line 1", Fault.FOREIGN),
    ],
)
def test_b34_what_is_no_json_feed_says_what_it_is(text: str, word: str, fault: Fault) -> None:
    found = raw(text)
    assert word in (found.problem or "")
    assert found.fault is fault


def test_b66_of_a_feed_that_breaks_off_the_whole_items_are_kept() -> None:
    items = [
        {"id": str(n), "title": f"Entry }} ] {n}", "authors": [{"name": "x"}], "tags": ["y"]}
        for n in range(5)
    ]
    text = json.dumps({"version": VERSION, "items": items})
    for cut in range(text.index("Entry } ] 3"), text.index("Entry } ] 4"), 7):
        found = raw(text[:cut])
        assert found.truncated
        assert [entry.guid for entry in found.entries] in (["0", "1", "2"], ["0", "1", "2", "3"])
    assert not raw(text).truncated


def test_b53_hostile_json_is_read_within_bounds() -> None:
    deep = "[" * 200_000
    assert "nested too deep" in (
        raw(f'{{"version": "{VERSION}", "items": {deep}{"]" * 200_000}}}').problem or ""
    )
    assert raw("[" * 200_000).fault is Fault.FOREIGN
    hostile = (
        f'{{"version": "{VERSION}", "items": [{{"id": {"9" * 100_000}, "title": "One \\u0000\\ud800\\u202e two",'
        ' "title": "The last \\ud83d of two \\uffff", "rank": NaN, "size": -Infinity, "far": 1e999}]}'
    )
    (entry,) = raw(hostile).entries
    assert entry.title == "The last of two"
    assert entry.guid == "9" * 200
    json.dumps(entry.to_json()).encode()


def test_b54_of_many_items_the_newest_are_kept() -> None:
    many = [
        {"id": n, "title": f"Entry {n}", "date_published": f"2026-10-{1 + n % 28:02}T10:00:00Z"}
        for n in range(50_000)
    ]
    found = read(*many)
    assert (len(found.entries), found.dropped) == (MOST_ENTRIES, 50_000 - MOST_ENTRIES)
    assert {entry.published for entry in found.entries} == {datetime(2026, 10, 28, 10, tzinfo=UTC)}


def test_b64_a_mark_and_a_line_before_the_document() -> None:
    text = json.dumps({"version": VERSION, "items": [{"id": "1", "title": "條約"}]}, ensure_ascii=False)
    for body in (b"\xef\xbb\xbf" + text.encode(), b"\n\n" + text.encode()):
        assert raw(body).entries[0].title == "條約"


def test_b55_an_address_of_another_scheme_is_none() -> None:
    for url in ("javascript:alert(1)", "file:///etc/passwd", "https://user:pw@news.example.org/"):
        assert read({"id": "1", "title": "One", "url": url}).entries[0].url is None
    assert FEED_URL.startswith("https:")
