"""News sitemaps, plain ones, and lists of them."""

import gzip
import zlib
from datetime import UTC, datetime, timedelta

import pytest

from tasks.model import PublishedBasis
from tasks.read import feed
from tasks.read.document import MOST_ENTRIES, MOST_FOLLOWED, Document, Fault, Follow
from tasks.read.sitemap import LARGEST, MOST_UNDATED, parse
from tasks.settings.kinds import ARTICLE
from tests.read.conftest import a_terms
from tests.support.sources import NOW

ROOT = "https://map.example.org"
NAMESPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
)


def urlset(*urls: str, namespaces: str = NAMESPACES) -> str:
    inside = "\n".join(f"<url>{url}</url>" for url in urls)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {namespaces}>\n{inside}\n</urlset>'


def index(*sitemaps: str) -> str:
    inside = "".join(f"<sitemap>{one}</sitemap>" for one in sitemaps)
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{inside}</sitemapindex>'


def news(number: int, **values: str) -> str:
    told = {"publication_date": "2026-11-20T10:00:00Z", "title": f"Headline {number}", **values}
    inside = "".join(f"<news:{name}>{value}</news:{name}>" for name, value in told.items() if value)
    return f"<loc>{ROOT}/{number}</loc><news:news>{inside}</news:news>"


def named(path: str, changed: datetime | str | None = None) -> str:
    when = changed.isoformat() if isinstance(changed, datetime) else changed
    return f"<loc>{ROOT}{path}</loc>" + (f"<lastmod>{when}</lastmod>" if when else "")


def read(text: str | bytes, **values: object) -> Document:
    given = {"url": f"{ROOT}/news.xml", **values}
    return parse(text.encode() if isinstance(text, str) else text, a_terms(**given))


def test_b82_a_news_sitemap() -> None:
    publication = "<news:name>The Desk</news:name><news:language>zh-cn</news:language>"
    text = urlset(
        f"<loc>{ROOT}/a</loc><lastmod>2026-11-21T10:00:00Z</lastmod><news:news>"
        f"<news:publication>{publication}</news:publication>"
        "<news:publication_date>2026-11-20T18:00:00+08:00</news:publication_date>"
        "<news:title><![CDATA[第二轮 & more]]></news:title></news:news>",
        f"<loc> {ROOT}/b </loc>" + news(2).partition("</loc>")[2].replace("2026-11-20T10:00:00Z", "soon"),
    )
    found = read(text)
    assert (found.kind, found.problem, found.errors) == ("sitemap", None, ())
    first, second = found.entries
    assert (first.title, first.url, first.language) == ("第二轮 & more", f"{ROOT}/a", "zh")
    # The last change of a page is not its publication.
    assert (first.published, first.basis) == (datetime(2026, 11, 20, 10, tzinfo=UTC), PublishedBasis.FEED)
    assert (second.url, second.published, second.language) == (f"{ROOT}/b", None, None)
    assert Document.from_json(found.to_json()) == found


def test_b82_a_sitemap_under_the_kind_of_feeds_is_read_as_one() -> None:
    found = feed.parse(urlset(news(1)).encode(), a_terms(url=f"{ROOT}/news.xml"))
    assert (found.kind, len(found.entries)) == ("sitemap", 1)


@pytest.mark.parametrize(
    "namespaces",
    [
        'xmlns="https://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="https://www.google.com/schemas/sitemap-news/0.9"',
        'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"',
        'xmlns="http://www.google.com/schemas/sitemap/0.84" xmlns:news="http://www.google.com/schemas/sitemap-news/0.8"',
        'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"',
    ],
)
def test_b82_names_count_however_they_are_declared(namespaces: str) -> None:
    found = read(urlset(news(1), news(2), namespaces=namespaces))
    assert [entry.title for entry in found.entries] == ["Headline 1", "Headline 2"]


def test_the_title_of_a_picture_is_not_that_of_its_page() -> None:
    picture = '<image:image xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"><image:title>A photo</image:title></image:image>'
    found = read(urlset(f"<loc>{ROOT}/a</loc><lastmod>2026-11-22</lastmod>{picture}"))
    assert found.entries == ()
    assert [part.kind for part in found.follow] == [ARTICLE]


def test_b76_one_malformed_entry_costs_one_entry() -> None:
    good = [news(number) for number in range(29)]
    for bad in (news(99, title="Broken <b>title"), "<loc>no address</loc>", news(99, title="\x01<unclosed")):
        found = read(urlset(*good[:10], bad, *good[10:]))
        assert len(found.entries) == 29, bad
        assert found.errors


def test_b66_a_sitemap_that_breaks_off() -> None:
    text = urlset(news(1), news(2), news(3))
    found = read(text[: text.index("Headline 3")])
    assert found.truncated
    assert [entry.title for entry in found.entries] == ["Headline 1", "Headline 2"]


def test_b54_of_many_entries_the_newest_are_kept() -> None:
    many = [news(n, publication_date=f"2026-11-{1 + n % 20:02}T10:00:00Z") for n in range(50_000)]
    found = read(urlset(*many))
    assert (len(found.entries), found.dropped) == (MOST_ENTRIES, 50_000 - MOST_ENTRIES)
    assert min(entry.published for entry in found.entries if entry.published).day == 20


def test_b52_hostile_entities_stay_text() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(10))
    doctype = f'<!DOCTYPE urlset [{laughs}<!ENTITY file SYSTEM "file:///etc/passwd">]>'
    text = urlset(news(1, title="x &l9; &file;")).replace("<urlset", f"{doctype}<urlset", 1)
    assert read(text).entries[0].title == "x &l9; &file;"


def test_b51_a_sitemap_packed_as_a_file() -> None:
    assert len(read(gzip.compress(urlset(news(1)).encode())).entries) == 1
    packed = zlib.compressobj(9, wbits=31)
    bomb = b"".join(packed.compress(b" " * 2**20) for _ in range(LARGEST // 2**20 + 1)) + packed.flush()
    with pytest.raises(ValueError, match="larger than 32 MiB"):
        read(bomb)


@pytest.mark.parametrize(
    ("text", "word", "fault"),
    [
        (
            "<!DOCTYPE html><html><body>Welcome</body></html>",
            "a page for readers and no sitemap",
            Fault.FOREIGN,
        ),
        ("<rss version='2.0'><channel></channel></rss>", "a feed and no sitemap", Fault.FOREIGN),
        ('{"a": 1}', "8 bytes of JSON", Fault.FOREIGN),
        ("", "0 bytes", Fault.FOREIGN),
        (urlset(), "names no addresses", Fault.EMPTY),
        ("<sitemapindex></sitemapindex>", "names no addresses", Fault.EMPTY),
    ],
)
def test_b34_what_is_no_sitemap_says_what_it_is(text: str, word: str, fault: Fault) -> None:
    found = read(text)
    assert word in (found.problem or "")
    assert found.fault is fault


def test_b82_the_new_pages_of_a_plain_sitemap_are_followed_once_each() -> None:
    text = urlset(
        named("/old", "2026-01-01"),
        named("/now", NOW - timedelta(hours=1)),
        named("/today", "2026-11-22"),
        named("/2026/11/21/by-address"),
        named("/nobody-knows"),
    )
    found = read(text)
    assert found.problem is None
    assert found.follow == tuple(
        Follow(f"{ROOT}{path}", ARTICLE, stamp=ARTICLE)
        for path in ("/today", "/now", "/2026/11/21/by-address")
    )
    assert not found.restless
    assert found.newest_at == NOW


def test_of_a_plain_sitemap_at_most_fifty_pages_are_followed() -> None:
    found = read(urlset(*(named(f"/{n}", NOW - timedelta(minutes=n)) for n in range(60))))
    assert len(found.follow) == MOST_FOLLOWED
    assert found.follow[0].url == f"{ROOT}/0"
    assert found.errors == ("10 further new pages were left out",)


def test_a_plain_sitemap_is_caught_up_with_from_when_it_was_last_read() -> None:
    text = urlset(*(named(f"/{days}", NOW - timedelta(days=days)) for days in (1, 5, 9, 40)))
    assert [part.url[-1] for part in read(text).follow] == ["1"]
    since = NOW - timedelta(days=6)
    assert [part.url[-1] for part in read(text, since=since).follow] == ["1", "5"]
    assert len(read(text, since=NOW - timedelta(days=300)).follow) == 3


def test_a_plain_sitemap_that_tells_nothing_is_a_problem() -> None:
    bare = read(urlset(named("/a"), named("/b")))
    assert bare.fault is Fault.FOREIGN
    assert "2 pages without titles or dates" in (bare.problem or "")
    forbidden = read(urlset(named("/a", NOW)), pages=False)
    assert "pages are never fetched" in (forbidden.problem or "")


def test_a_plain_sitemap_in_which_nothing_is_new_is_quiet_and_tells_its_age() -> None:
    found = read(urlset(named("/old", "2026-01-01T10:00:00Z")))
    assert (found.problem, found.follow) == (None, ())
    assert found.newest_at == datetime(2026, 1, 1, 10, tzinfo=UTC)


def test_b82_of_a_list_of_sitemaps_the_changed_ones_are_followed() -> None:
    hour = (NOW - timedelta(hours=1)).isoformat()
    text = index(
        named("/archive-2019.xml", "2019-12-31T10:00:00Z"),
        named("/yesterday.xml", "2026-11-21T09:00:00Z"),
        named("/latest.xml", hour),
        named("/news.xml", hour),
    )
    found = read(text, since=NOW - timedelta(hours=2))
    assert found.kind == "sitemapindex"
    # The list itself is not one of its own parts.
    # And what has not changed for years is looked at once a day, because the list may be wrong.
    assert found.follow == (
        Follow(f"{ROOT}/latest.xml", "sitemap", stamp=hour, daily=True),
        Follow(f"{ROOT}/yesterday.xml", "sitemap", stamp="2026-11-21T09:00:00Z", daily=True),
        Follow(f"{ROOT}/archive-2019.xml", "sitemap", stamp="2019-12-31T10:00:00Z", daily=True),
    )
    assert not found.restless


def test_a_day_that_is_under_way_is_no_state() -> None:
    """A sitemap of today changes all day under the same date."""
    found = read(
        index(named("/today.xml", "2026-11-22"), named("/last-week.xml", "2026-11-15")),
        since=NOW - timedelta(days=6),
    )
    assert [part.stamp for part in found.follow] == [None, "2026-11-15"]
    assert found.restless


def test_sitemaps_that_do_not_say_when_they_changed() -> None:
    months = [named(f"/sitemap-2026-{month:02}.xml") for month in range(1, 12)]
    found = read(index(*months))
    assert [part.url[-11:] for part in found.follow] == [
        f"2026-{month:02}.xml" for month in (11, 10, 9, 8, 7, 6)
    ]
    assert found.restless
    many = read(index(*(named(f"/part{n}.xml") for n in range(20)), named("/the-news.xml")))
    assert len(many.follow) == MOST_UNDATED
    assert many.follow[0].url == f"{ROOT}/the-news.xml"
    assert many.errors == ("16 sitemaps that do not say when they changed were left out",)


def test_of_an_archive_the_likeliest_sitemaps_are_looked_at_once_a_day() -> None:
    old = [named(f"/{year}.xml", f"{year}-12-31T10:00:00Z") for year in range(2001, 2026)]
    found = read(index(*old, named("/news-google.xml", "2005-01-01")))
    names = [part.url.removeprefix(ROOT) for part in found.follow]
    assert names == ["/news-google.xml", "/2025.xml", "/2024.xml", "/2023.xml", "/2022.xml"]
    assert all(part.daily for part in found.follow)


def test_a_list_of_sitemaps_is_followed_one_level_further_and_no_deeper() -> None:
    text = index(named("/inner.xml", NOW))
    assert read(text, depth=1).follow
    deepest = read(text, depth=2)
    assert (deepest.follow, deepest.fault) == ((), Fault.FOREIGN)


def test_of_a_list_of_sitemaps_at_most_fifty_are_followed() -> None:
    found = read(index(*(named(f"/{n}.xml", NOW - timedelta(minutes=n)) for n in range(400))))
    assert len(found.follow) == MOST_FOLLOWED
    assert found.follow[0].url == f"{ROOT}/0.xml"


def test_b55_what_is_no_address_of_the_web_is_not_followed() -> None:
    bad = [
        "file:///etc/passwd",
        "gopher://map.example.org/",
        "https://user:pw@map.example.org/a.xml",
        "javascript:1",
    ]
    found = read(index(*(f"<loc>{url}</loc>" for url in bad), named("/good.xml", NOW)))
    assert [part.url for part in found.follow] == [f"{ROOT}/good.xml"]
