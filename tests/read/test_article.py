"""A page that a sitemap names, read as a document of its own."""

from datetime import UTC, datetime

from tasks.model import PublishedBasis, SegmentRole
from tasks.read.article import parse
from tasks.read.document import Document, Fault
from tests.read.conftest import a_terms

URL = "https://gov.example.org/press/2026/11/19/patrols"
PAGE = (
    "<html><head><title>Ministers sign a protocol on patrols | Ministry</title>"
    "<meta property='og:title' content='Ministers sign a protocol on patrols'>"
    "<meta property='article:published_time' content='2026-11-20T10:00:00Z'></head><body>"
    "<h1>Ministers sign a protocol on patrols</h1><p>The ministers signed a protocol on joint patrols in the"
    " capital on Tuesday.</p><p>It takes effect in July and will be reviewed after two years, according to the"
    " text that was shown to reporters.</p></body></html>"
)


def read(text: str, **values: object) -> Document:
    return parse(text.encode(), a_terms(**{"url": URL, **values}))


def test_b82_a_page_tells_its_own_title_text_and_day() -> None:
    (entry,) = read(PAGE).entries
    assert entry.title == "Ministers sign a protocol on patrols"
    assert entry.url == URL
    assert "It takes effect in July" in (entry.body or "")
    assert (entry.published, entry.basis) == (datetime(2026, 11, 20, 10, tzinfo=UTC), PublishedBasis.PAGE)
    assert entry.segments[0].role is SegmentRole.MAIN


def test_b75_without_a_date_of_its_own_the_address_tells_the_day() -> None:
    (entry,) = read(PAGE.replace("article:published_time", "something:else")).entries
    assert entry.basis is PublishedBasis.ADDRESS


def test_what_is_no_article_is_none() -> None:
    assert read("<html><body></body></html>").fault is Fault.EMPTY
    for text in ("<rss version='2.0'></rss>", '{"a": 1}'):
        assert read(text).fault is Fault.FOREIGN
