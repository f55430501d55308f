"""List pages to entries."""

from datetime import UTC, datetime

from tasks.model import PublishedBasis
from tasks.read.document import Document
from tasks.read.list_page import parse
from tests.read.conftest import a_terms

URL = "https://gov.example.org/eng/xw/index.html"
PAGE = """<html><body><nav><a href="/">Home</a></nav><ul>
<li><a href="./202611/t20261120_2.html"><img src=x></a>
    <a href="./202611/t20261120_2.html" title="Second round of talks held in the capital">Second round of talks...</a></li>
<li><a href="/eng/xw/202611/t20261119_1.html?utm_source=home">First statement of the spokesperson</a> <span>2026-11-18</span></li>
<li><a href="https://gov.example.org/eng/xw/special.html">A page without a day in its address</a><span>(2026-11-17)</span></li>
<li><a href="javascript:void(0)">Not a link at all</a></li>
<li><a href="//inner.test/eng/xw/t20261101_9.html">Elsewhere but of the same form</a></li>
</ul></body></html>"""


def read(text: str, **values: object) -> Document:
    usual: dict[str, object] = {
        "url": URL,
        "zone": "Asia/Shanghai",
        "pattern": r"/eng/xw/(?:\d+/t\d+_\d+|special)\.html",
    }
    return parse(text.encode(), a_terms(**{**usual, **values}))


def test_b80_links_with_title_address_and_day() -> None:
    found = read(PAGE)
    assert [(entry.title, entry.url) for entry in found.entries] == [
        (
            "Second round of talks held in the capital",
            "https://gov.example.org/eng/xw/202611/t20261120_2.html",
        ),
        ("First statement of the spokesperson", "https://gov.example.org/eng/xw/202611/t20261119_1.html"),
        ("A page without a day in its address", "https://gov.example.org/eng/xw/special.html"),
    ]
    first, second, third = found.entries
    assert first.published == datetime(2026, 11, 19, 16, tzinfo=UTC)
    assert (second.published, second.basis) == (
        datetime(2026, 11, 18, 16, tzinfo=UTC),
        PublishedBasis.ADDRESS,
    )
    assert (third.published, third.basis) == (datetime(2026, 11, 16, 16, tzinfo=UTC), PublishedBasis.PAGE)


def test_b80_the_order_does_not_matter() -> None:
    start, end = PAGE.index("<li>"), PAGE.index("</ul>")
    lines = PAGE[start:end].split("</li>")[:-1]
    turned = PAGE[:start] + "".join(f"{line}</li>" for line in reversed(lines)) + PAGE[end:]
    assert {entry.url for entry in read(turned).entries} == {entry.url for entry in read(PAGE).entries}


def test_b80_a_selector_may_choose_what_holds_or_surrounds_the_link() -> None:
    page = "<ul><li class=n><a href=/a/1>One headline here</a></li><a href=/a/2><b class=n>Another headline</b></a></ul>"
    found = read(page, selector=".n", pattern="/a/")
    assert [entry.title for entry in found.entries] == ["One headline here", "Another headline"]


def test_b81_not_one_link_is_another_layout() -> None:
    found = read("<html><body><a href='/new/design'>Welcome to our new site</a></body></html>")
    assert found.problem == "no link on it fits any more"
    assert "selector" in (read(PAGE, selector="a[[").problem or "")


def test_a_base_of_its_own() -> None:
    page = "<base href='https://other.example.org/x/'><a href='eng/xw/1/t20261120_2.html'>A headline of some words</a>"
    assert read(page).entries[0].url == "https://other.example.org/x/eng/xw/1/t20261120_2.html"
