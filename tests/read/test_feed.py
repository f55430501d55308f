"""Feeds to entries: every format, every sloppiness, and no harm from a hostile one."""

from datetime import UTC, datetime

import pytest

from tasks.model import PublishedBasis, SegmentRole
from tasks.read.document import MOST_ENTRIES, Document, Fault
from tasks.read.feed import parse
from tests.read.conftest import a_terms, rss


def read(text: str | bytes, **values: object) -> Document:
    return parse(text.encode() if isinstance(text, str) else text, a_terms(**values))


ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://atom.example.org/x/">
<title>Desk</title><entry><id>urn:1</id><title type="html">One &amp;lt; two</title>
<link href="../a.html"/><updated>2026-11-20T10:00:00Z</updated><published>2026-11-19T10:00:00Z</published>
<summary>Words</summary></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>Desk</title></channel>
<item rdf:about="https://rdf.example.org/a"><title>One</title><link>https://rdf.example.org/a</link>
<dc:date>2026-11-20T10:00:00+09:00</dc:date></item></rdf:RDF>"""
SITEMAP = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>https://map.example.org/a</loc><news:news><news:publication_date>2026-11-20T10:00:00Z</news:publication_date>
<news:title>One</news:title></news:news></url><url><loc>https://map.example.org/b</loc></url></urlset>"""


def test_rss() -> None:
    found = read(
        rss(
            "<title>One</title><link>https://news.example.org/a?utm_source=rss</link><guid>g1</guid>"
            "<description>&lt;p&gt;First.&lt;/p&gt;&lt;p&gt;Second&amp;nbsp;one.&lt;/p&gt;</description>"
            "<pubDate>Fri, 20 Nov 2026 10:00:00 GMT</pubDate>"
        )
    )
    (entry,) = found.entries
    assert (found.kind, found.problem, found.errors) == ("rss20", None, ())
    assert (entry.title, entry.guid, entry.url) == ("One", "g1", "https://news.example.org/a")
    assert entry.summary == "First.\nSecond one."
    assert entry.published == datetime(2026, 11, 20, 10, tzinfo=UTC)
    assert entry.basis is PublishedBasis.FEED
    assert entry.body is None


def test_b74_atom_with_a_base_of_its_own() -> None:
    (entry,) = read(ATOM).entries
    assert entry.url == "https://atom.example.org/a.html"
    assert entry.title == "One < two"
    assert entry.published == datetime(2026, 11, 19, 10, tzinfo=UTC)


def test_rdf() -> None:
    (entry,) = read(RDF).entries
    assert (entry.url, entry.published) == (
        "https://rdf.example.org/a",
        datetime(2026, 11, 20, 1, tzinfo=UTC),
    )


def test_b82_a_news_sitemap() -> None:
    found = read(SITEMAP)
    (entry,) = found.entries
    assert (found.kind, entry.title, entry.url) == ("sitemap", "One", "https://map.example.org/a")
    assert entry.published == datetime(2026, 11, 20, 10, tzinfo=UTC)


def test_the_text_of_the_feed_is_the_body_with_its_segments() -> None:
    text = "The ministers signed a protocol on joint patrols on the river on Tuesday in the capital. " * 8
    content = f"<p>{text}</p><p>Photo: Reuters</p><p>{text}</p>"
    feed = rss(
        f"<title>One</title><description>Short.</description><content:encoded><![CDATA[{content}]]></content:encoded>"
    )
    (entry,) = read(
        feed.replace("<rss ", '<rss xmlns:content="http://purl.org/rss/1.0/modules/content/" ')
    ).entries
    assert entry.summary == "Short."
    assert entry.body is not None
    assert entry.body.splitlines()[1] == "Photo: Reuters"
    assert SegmentRole.CAPTION in {part.role for part in entry.segments}


def test_b74_links_in_every_dress() -> None:
    found = read(
        rss(
            "<title>relative</title><link>../a</link>",
            "<title>empty and atom</title><link/><atom:link xmlns:atom='http://www.w3.org/2005/Atom' rel='alternate' href='/b'/>",
            "<title>cdata</title><link><![CDATA[ https://news.example.org/c ]]></link>",
            "<title>guid</title><guid>https://news.example.org/d</guid>",
            "<title>guid that is none</title><guid isPermaLink='false'>https://news.example.org/e</guid>",
            "<title>hostile</title><link>javascript:alert(1)</link>",
            "<title>the feed itself</title><link>https://news.example.org/world/feed.xml</link>",
        )
    )
    assert [entry.url for entry in found.entries] == [
        "https://news.example.org/a",
        "https://news.example.org/b",
        "https://news.example.org/c",
        "https://news.example.org/d",
        None,
        None,
        None,
    ]


def test_b71_an_entry_with_a_title_alone_is_kept() -> None:
    (entry,) = read(rss("<title>Only a title</title>")).entries
    assert (entry.title, entry.url, entry.guid) == ("Only a title", None, None)


def test_b76_one_bad_entry_costs_one_entry() -> None:
    good = [f"<title>Entry {number}</title><guid>{number}</guid>" for number in range(29)]
    found = read(rss(*good[:10], "<guid></guid>", *good[10:]))
    assert len(found.entries) == 29
    assert len(found.errors) == 1


def test_b76_broken_markup_in_one_entry() -> None:
    good = [f"<title>Entry {number}</title><guid>{number}</guid>" for number in range(29)]
    found = read(rss(*good[:10], "<title>Broken <b>title</title><guid>x</guid>", *good[10:]))
    assert len(found.entries) >= 29


@pytest.mark.parametrize("text", ["<rss></rss>", rss(), "<feed xmlns='http://www.w3.org/2005/Atom'></feed>"])
def test_b34_a_feed_without_entries_is_empty(text: str) -> None:
    found = read(text)
    assert found.kind != ""
    assert found.problem == "it holds no entries"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("<!DOCTYPE html><html><body>Welcome</body></html>", "a page for readers"),
        ("", "0 bytes"),
        ("not found", "9 bytes"),
        ("\x00\x01\x02", "3 bytes"),
        ('{"items": []}', "13 bytes of JSON"),
    ],
)
def test_b34_what_is_no_feed_says_what_it_is(text: str, word: str) -> None:
    found = read(text)
    assert (found.kind, found.fault) == ("", Fault.FOREIGN)
    assert word in (found.problem or "")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (rss("<title>One</title>", "<title>Two</title>", "<title>Three</title>")[:-40], 2),
        (rss("<title>One</title>", "<title>Two</title>").replace("</channel></rss>", ""), 2),
        (ATOM.replace("</feed>", "<entry><title>Two</title><summ"), 1),
        (RDF.replace("</rdf:RDF>", "<item><title>Tw"), 1),
    ],
)
def test_b66_of_a_document_that_breaks_off_the_whole_entries_are_kept(text: str, kept: int) -> None:
    found = read(text)
    assert found.truncated
    assert len(found.entries) == kept
    assert found.entries[0].title.startswith("One")


def test_b66_a_whole_document_is_not_truncated() -> None:
    for text in (
        rss("<title>One</title>"),
        ATOM,
        RDF,
        SITEMAP,
        rss("<title>One</title>") + "<!-- served by 3 -->\n",
    ):
        assert not read(text).truncated
    assert read(ATOM, truncated=True).truncated


def test_b65_sloppy_text() -> None:
    found = read(rss("<title>A & B&nbsp;C \x0b&hellip; <![CDATA[D & <i>E</i>]]></title>"))
    assert found.entries[0].title == "A & B C … D & E"


def test_double_escaped_titles() -> None:
    found = read(rss("<title>&amp;quot;One&amp;quot; &amp;amp; &amp;#39;two&amp;#39;</title>"))
    assert found.entries[0].title == "\"One\" & 'two'"


def test_no_markup_survives() -> None:
    found = read(
        rss(
            "<title>&lt;script&gt;alert(1)&lt;/script&gt;One</title><description>&lt;img src=x onerror=alert(1)&gt;Two\u202e</description>"
        )
    )
    assert (found.entries[0].title, found.entries[0].summary) == ("One", "Two")


def test_b54_the_newest_500_are_kept_and_the_rest_counted() -> None:
    many = [
        f"<title>Entry {number}</title><guid>{number}</guid><pubDate>2026-10-{1 + number % 28:02} 10:00</pubDate>"
        for number in range(1200)
    ]
    found = read(rss(*many))
    assert len(found.entries) == MOST_ENTRIES
    assert found.dropped == 700
    assert min(entry.published for entry in found.entries if entry.published) > datetime(
        2026, 10, 16, tzinfo=UTC
    )


def test_b54_without_dates_the_first_are_kept() -> None:
    found = read(rss(*(f"<title>Entry {number}</title>" for number in range(600))))
    assert found.entries[0].title == "Entry 0"
    assert found.entries[-1].title == "Entry 499"


def test_b75_the_address_dates_what_the_feed_does_not() -> None:
    found = read(
        rss("<title>One</title><link>https://news.example.org/2026/11/20/a</link><pubDate>soon</pubDate>")
    )
    assert found.entries[0].basis is PublishedBasis.ADDRESS
    undated = read(rss("<title>One</title><pubDate>soon</pubDate>")).entries[0]
    assert (undated.published, undated.basis) == (None, PublishedBasis.UNKNOWN)


def test_b30_what_the_document_says_of_its_rhythm() -> None:
    found = read(
        rss(
            "<title>One</title>",
            head="<ttl>45</ttl><skipHours><hour>3</hour><hour>24</hour></skipHours><skipDays><day>Sunday</day></skipDays>",
        )
    )
    assert (found.minutes, found.skip_hours, found.skip_days) == (45, (0, 3), (6,))
    head = '<sy:updatePeriod xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">hourly</sy:updatePeriod>'
    assert read(rss("<title>One</title>", head=head)).minutes == 60
    assert read(rss("<title>One</title>", head="<ttl>-5</ttl>")).minutes is None


def test_b84_the_outlet_behind_an_aggregator_s_title_is_cut() -> None:
    found = read(
        rss("<title>Ministers meet - The Outlet</title><source url='https://o.test'>The Outlet</source>")
    )
    assert found.entries[0].title == "Ministers meet"


def test_b52_hostile_entities_stay_text() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(10))
    hostile = (
        f'<?xml version="1.0"?><!DOCTYPE rss [{laughs}<!ENTITY file SYSTEM "file:///etc/passwd">]>'
        "<rss version='2.0'><channel><item><title>x &l9; &file;</title></item></channel></rss>"
    )
    assert read(hostile).entries[0].title == "x &l9; &file;"


def test_a_document_goes_as_json_and_comes_back() -> None:
    for text in (rss("<title>One</title>"), ATOM, "<rss/>"):
        found = read(text)
        assert Document.from_json(found.to_json()) == found
