"""The article on a page, whatever it is laid out like."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.read.page import parse, read
from tests.read.conftest import a_terms


def article(html: str, url: str | None, title: str, selector: str | None = None) -> str | None:
    return read(html, url, title, selector).text


TITLE = "Ministers sign protocol on joint river patrols"
STORY = [
    "The ministers of the interior signed a protocol on joint river patrols in the capital on Tuesday, officials said.",
    "It follows eleven rounds of talks between the two ministries, which began two years ago in the south.",
    "The protocol takes effect in July and will be reviewed after two years, according to the text.",
]
OTHER = [
    "Growers in the north have been waiting for a dry week since the middle of June, their union said on Monday.",
    "The union puts the loss at a fifth of the crop and calls on the government to bring forward its payments.",
    "A longer paragraph about the weather makes this story longer than the first one on the page. " * 4,
]


def story(title: str, paragraphs: list[str], tag: str = "div", name: str = "story", rank: str = "h2") -> str:
    inside = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f"<{tag} class='{name}'><{rank}>{title}</{rank}>{inside}</{tag}>"


def page(body: str, head: str = "") -> str:
    return (
        f"<!DOCTYPE html><html><head><meta property='og:title' content='{TITLE}'>{head}<title>{TITLE} | Site</title>"
        f"</head><body><nav><a href=/>Home</a></nav>{body}<footer>All rights reserved</footer></body></html>"
    )


LAYOUTS = {
    "plain": story(TITLE, STORY, rank="h1"),
    "stacked blocks": "<main>"
    + story(TITLE, STORY)
    + story("Harvest held up", OTHER)
    + story("Third", OTHER)
    + "</main>",
    "stacked articles": story(TITLE, STORY, "article") + story("Harvest held up", OTHER, "article"),
    "related box": story(TITLE, STORY, rank="h1")
    + "<div class='related-articles'>"
    + story("Harvest", OTHER)
    + "</div>",
    "rows of one name": f"<div class=row><h1>{TITLE}</h1></div><div class=row>{''.join(f'<p>{p}</p>' for p in STORY)}</div>",
    "table of a government": f"<table><tr><td><b>{TITLE}</b><br><br>{'<br><br>'.join(STORY)}</td></tr></table>",
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_page_s_own_story_and_no_other(layout: str) -> None:
    text = article(page(LAYOUTS[layout]), "https://news.example.org/a", TITLE)
    assert text is not None
    lines = text.splitlines()
    assert all(paragraph in lines for paragraph in STORY)
    assert "Growers" not in text


def test_a_selector_that_somebody_looked_up() -> None:
    html = page(f"<div id=text><p>{STORY[0]}</p><p>{STORY[1]}</p></div><div>{story('Harvest', OTHER)}</div>")
    assert article(html, None, TITLE, "#text") == f"{STORY[0]}\n{STORY[1]}"
    assert article(html, None, TITLE, "#gone") is not None


def test_linked_data_where_the_page_hides_its_text() -> None:
    body = " ".join(STORY)
    head = f'<script type="application/ld+json">{{"@graph": [{{"@type": "NewsArticle", "articleBody": "{body}"}}]}}</script>'
    assert article(page("<div id=app></div>", head), None, TITLE) == body


@pytest.mark.parametrize(
    "html", ["", "<html></html>", "<html><body></body></html>", "\x00", "<p>", "plain words"]
)
def test_nothing_much(html: str) -> None:
    assert article(html, None, TITLE) in (None, "plain words")


DAY, OTHER_DAY = "2026-11-20T10:00:00+01:00", "2026-11-01T10:00:00+01:00"


def linked(*entries: str) -> str:
    return f'<script type="application/ld+json">[{", ".join(entries)}]</script>'


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        ("<meta property='article:published_time' content='2026-11-20'>", "", ["2026-11-20"]),
        ("<meta name=pubdate content='20.11.2026'>", "", ["20.11.2026"]),
        (linked(f'{{"@type": "NewsArticle", "datePublished": "{DAY}"}}'), "", [DAY]),
        (linked('{"@graph": 5}', "[[[]]]", '"x"', "null"), "", []),
        (linked('{"@graph": [{'), "", []),
        (linked(f'{{"@graph": [{{"@type": "NewsArticle", "datePublished": "{DAY}"}}]}}'), "", [DAY]),
        # Of several stories the one with the page's title is its own.
        (
            linked(
                f'{{"headline": "Harvest held up", "datePublished": "{OTHER_DAY}"}}',
                f'{{"headline": "{TITLE}", "datePublished": "{DAY}"}}',
            ),
            "",
            [DAY],
        ),
        # Nobody can tell whose they are.
        (linked(f'{{"datePublished": "{DAY}"}}', f'{{"datePublished": "{OTHER_DAY}"}}'), "", []),
        (linked(f'{{"datePublished": ["{DAY}"]}}', '{"datePublished": null}'), "", []),
        ("", f"<time datetime='{DAY}'>today</time>", [DAY]),
        ("", f"<time datetime='{DAY}' pubdate>a</time><time datetime='{OTHER_DAY}'>b</time>", [DAY]),
        ("", f"<time datetime='{DAY}'>a</time><time datetime='{OTHER_DAY}'>b</time>", []),
        # The clock in the head of the page, the list at its side, comments below.
        ("", f"<header><time datetime='{OTHER_DAY}'>now</time></header>", []),
        ("", f"<aside><time datetime='{OTHER_DAY}'>x</time></aside><time datetime='{DAY}'>a</time>", [DAY]),
        ("", f"<div class=comments><p><time datetime='{OTHER_DAY}'>x</time></p></div>", []),
        ("", "<time>20 November 2026</time>", []),
    ],
)
def test_b75_what_a_page_says_of_its_date(head: str, body: str, expected: list[str]) -> None:
    assert list(read(page(LAYOUTS["plain"] + body, head), None, TITLE).dates) == expected


def test_b75_the_surest_is_read_first_and_what_is_no_date_is_passed_over() -> None:
    meta = "<meta name=date content='soon'><meta property='article:published_time' content='2041-01-01'>"
    terms = a_terms(title=TITLE)
    assert parse(page(LAYOUTS["plain"], meta).encode(), terms)["published"] is None
    both = page(LAYOUTS["plain"], meta + linked(f'{{"datePublished": "{DAY}"}}'))
    assert parse(both.encode(), terms)["published"] == "2026-11-20T09:00:00+00:00"


def test_a_page_as_it_came_over_the_wire() -> None:
    html = page(LAYOUTS["plain"], "<meta name=pubdate content='2026-11-20 10:00'>").replace(
        "river", "Donau–river"
    )
    found = parse(html.encode("cp1252"), a_terms(title=TITLE, content_type="text/html; charset=windows-1252"))
    assert "Donau–river" in found["text"]
    assert found["published"] == "2026-11-20T10:00:00+00:00"
    assert found["segments"][0][:2] == ["main", 0]


def test_nested_blocks_are_removed_once() -> None:
    share = "<div class='share'><ul class='social'><p class='tags'>x</p></ul></div>" * 20
    html = page(f"{share}<div class='sidebar'>{share}</div>{LAYOUTS['plain']}")
    text = article(html, None, TITLE)
    assert text is not None
    assert STORY[0] in text


PIECES = st.sampled_from(
    ["<div class=related>", "</div>", "<p>", "<h1>", "</h1>", "<h2>Two words</h2>", "<article>", "<table><tr><td>", "<form>",
     "<meta property='article:published_time' content='", "<script type='application/ld+json'>", '{"@graph":', "[", "</script>",
     "<time datetime='2026'>", *STORY, TITLE, "<!--", "&#0;", "\x00", "<br>", "|"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES | st.text(max_size=10), max_size=40).map("".join), st.sampled_from(["", TITLE]))
def test_b65_whatever_comes_a_page_is_read_and_can_be_stored(markup: str, title: str) -> None:
    found = parse(markup.encode(errors="replace"), a_terms(title=title))
    assert "\0" not in (found["text"] or "") + found["title"]
    ((found["text"] or "") + found["title"]).encode()
    # As `item_text` puts them together.
    text = "\n\n".join(part for part in (title, found["text"] or "") if part)
    assert all(text[start : start + len(part)] == part for _, start, part in found["segments"])
