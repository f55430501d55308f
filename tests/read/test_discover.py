"""What a page says of its outlet's sources: feeds declared and linked, or itself as a list."""

import hashlib
import re
from datetime import UTC, datetime

import pytest

from tasks.read.discover import Discovery, parse
from tasks.read.document import Terms

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def discovered(body: str | bytes, url: str = "https://www.herald.example/world/") -> Discovery:
    data = body if isinstance(body, bytes) else body.encode()
    found = parse(data, Terms(url=url, zone="UTC", language="en", now=NOW))
    assert Discovery.from_json(found.to_json()) == found
    return found


def page(content: str, head: str = "", lang: str = "en-GB") -> str:
    return f"<!DOCTYPE html><html lang='{lang}'><head><title>The Herald</title>{head}</head><body>{content}</body></html>"


@pytest.mark.parametrize(
    "kind",
    ["application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json", "text/xml",
     "application/xml", "Application/RSS+XML; charset=utf-8"],
)  # fmt: skip
def test_a_declared_feed_is_found_by_each_type_that_feeds_have(kind: str) -> None:
    head = f'<link REL="Alternate nofollow" type="{kind}" href="/feeds/world" title="World">'
    (candidate,) = discovered(page("", head)).candidates
    assert (candidate.url, candidate.kind, candidate.title) == (
        "https://www.herald.example/feeds/world",
        "feed",
        "World",
    )


@pytest.mark.parametrize(
    "link",
    ['<link rel="alternate" hreflang="de" href="/de/">',
     '<link rel="alternate" type="application/json+oembed" href="/oembed.json">',
     '<link rel="stylesheet" type="text/css" href="/rss.css">',
     '<link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">',
     '<link rel="alternate" type="application/rss+xml" href="/story/comments/feed/">'],
)  # fmt: skip
def test_what_is_no_feed_of_the_outlet_is_left(link: str) -> None:
    assert discovered(page("", link)).candidates == ()


def test_links_that_look_like_feeds_are_found_and_places_that_explain_feeds_are_not() -> None:
    content = """
      <a href="/rss/the-gioi.rss">Thế giới</a> <a href="export/rss2/index.xml">x</a> <a href="/news?format=rss">y</a>
      <a href="/politics.xml">RSS</a> <a href="/about">About us</a> <a href="/feedback">Feedback</a>
      <a href="https://feedly.com/i/subscription/feed/https://www.herald.example/feed">Feedly</a>
      <a href="https://en.wikipedia.org/wiki/RSS">What is RSS?</a> <a href="/express">Express</a>"""
    assert [one.url.removeprefix("https://www.herald.example") for one in discovered(page(content)).candidates] == [
        "/rss/the-gioi.rss", "/world/export/rss2/index.xml", "/news?format=rss", "/politics.xml",
    ]  # fmt: skip


def test_a_feed_that_is_declared_and_linked_is_one() -> None:
    head = '<base href="https://herald.example/"><link rel=alternate type="application/rss+xml" href="feed/">'
    (candidate,) = discovered(page('<a href="/feed">RSS</a>', head)).candidates
    assert (candidate.url, candidate.found) == ("https://herald.example/feed/", "declared by the page")


@pytest.mark.parametrize(
    ("body", "form", "title", "language"),
    [
        ('<?xml version="1.0"?><rss version="2.0"><channel><title>A &amp; B</title><language>zh-cn</language><item><title>x</title></item></channel></rss>', "feed", "A & B", "zh"),
        ('<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="hu"><title>H</title><entry><title>x</title></entry></feed>', "feed", "H", "hu"),
        ('{"version": "https://jsonfeed.org/version/1.1", "title": "J", "language": "sr-Latn-RS", "items": []}', "feed", "J", "sr-Latn"),
        ('<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"></urlset>', "sitemap", "", None),
        ('<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"></sitemapindex>', "sitemap", "", None),
    ],
)  # fmt: skip
def test_an_address_that_is_a_source_itself_is_named(
    body: str, form: str, title: str, language: str | None
) -> None:
    found = discovered(body)
    assert (found.form, found.title, found.language) == (form, title, language)
    assert [(one.url, one.kind) for one in found.candidates] == [("https://www.herald.example/world/", form)]


@pytest.mark.parametrize("body", ["", "{}", "nothing here", '{"items": 1', b"\x89PNG\r\n\x1a\n\0\0"])
def test_what_is_nothing_gives_nothing(body: str | bytes) -> None:
    assert discovered(body) == Discovery("")


def test_the_outlet_s_own_name_goes_before_that_of_the_page() -> None:
    found = discovered(
        page("", '<meta property="og:site_name" content="Herald &amp; Post">', lang="zh-Hant-TW")
    )
    assert (found.form, found.title, found.language) == ("page", "Herald & Post", "zh-Hant")


LISTS = [
    # Addresses of articles as outlets write them, and a pattern that fits them and no rubric.
    ("/20261120/{h}/c.html", r"/\d{8}/[0-9a-f]{32}/c\.html"),
    ("/n3/2026/1120/c90000-1234{i}.html", r"/n3/\d{4}/\d{4}/c\d+-\d+\.html"),
    ("/a/202611/20/WS{h}.html", r"/a/\d{6}/\d{2}/[^/]+\.html"),
    ("/eng/xw/202611/t20261120_1152{i}.shtml", r"/eng/xw/\d{6}/t\d{8}_\d+\.shtml"),
    ("/news/2026-11-20/detail-{h}.shtml", r"/news/\d{4}-\d{2}-\d{2}/[^/]+\.shtml"),
    ("/world/2026/11/20/{w}/", r"/world/\d{4}/\d{2}/\d{2}/[^/]+/"),
]


@pytest.mark.parametrize(("form", "pattern"), LISTS)
def test_b80_without_a_feed_a_page_is_proposed_as_a_list_with_the_pattern_of_its_dated_links(
    form: str, pattern: str
) -> None:
    def url(number: int) -> str:
        return form.format(
            h=hashlib.md5(bytes([number])).hexdigest(), i=number, w=f"some-words-{chr(97 + number)}"
        )

    links = "".join(
        f'<a href="{url(number)}">A headline of story number {number}</a>' for number in range(5, 15)
    )
    rubrics = '<a href="/world/">The world at large</a><a href="/about/contact.html">How to reach us</a><a href="/2026/">Archive</a>'
    (candidate,) = discovered(page(rubrics + links)).candidates
    assert (candidate.kind, candidate.url) == ("list", "https://www.herald.example/world/")
    assert candidate.pattern
    assert all(
        re.search(candidate.pattern, f"https://www.herald.example{url(number)}") for number in range(5, 15)
    )
    assert not any(
        re.search(candidate.pattern, f"https://www.herald.example{other}")
        for other in ("/world/", "/about/contact.html", "/2026/")
    )
    assert re.fullmatch(r"[^|]+", candidate.pattern)
    assert "10 links" in candidate.found
    assert candidate.pattern == pattern


def test_links_whose_day_stands_beside_them_make_a_list_too() -> None:
    rows = "".join(
        f'<li><a href="/vesti/clanak-{n}.html">Naslov vesti broj {n}</a> <span>2{n}.11.2026</span></li>'
        for n in range(3)
    )
    (candidate,) = discovered(page(f"<ul>{rows}</ul>")).candidates
    assert candidate.pattern == r"/vesti/clanak-\d+\.html"


def test_links_elsewhere_or_too_few_of_them_are_no_list() -> None:
    elsewhere = "".join(
        f'<a href="https://other.example/2026/11/20/story-{n}">A story elsewhere</a>' for n in range(9)
    )
    few = '<a href="/2026/11/20/one">The one story</a><a href="/2026/11/21/two">The other story</a>'
    assert discovered(page(elsewhere + few)).candidates == ()


def test_a_page_may_name_ever_so_many_feeds() -> None:
    links = "".join(f'<a href="/rss/{number}.xml">{number}</a>' for number in range(5_000))
    assert len(discovered(page(links)).candidates) == 25
