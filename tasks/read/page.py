"""The article on a page: its text, a paragraph a line.

A page is first freed of other stories that stand on it in the same dress as its own, because an
extractor takes the longest story for the page's. Then a careful extraction is held against a
simple reading of the whole page: what lost the title's words or most of the text is not believed.
What is left besides the story is for `tasks.read.segment` to tell.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import trafilatura
from selectolax.lexbor import LexborHTMLParser, LexborNode

from tasks.model import SegmentRole
from tasks.read import charset
from tasks.read.document import Terms
from tasks.read.entries import published_at, reader_for
from tasks.read.plain import LONGEST_BODY, LONGEST_HTML, line, lines, paragraphs
from tasks.read.segment import segment
from tasks.read.shape import overlap, split

# A text that keeps less than this share of the simple reading's story has lost it.
LOST = 0.4
# The title's words occur early in its story; how early, and what share of them.
EARLY = 600
SAID = 0.34
SHORTEST = 80
_FURNITURE = "script, style, noscript, template, svg, iframe, nav, aside, footer, form, button, select"
# Names of elements that hold what is put around a story. A page may call its own story anything else.
_AROUND = re.compile(
    r"(?:^|[\s_-])(?:related|recommend(?:ed|ations?)?|read-?(?:also|more|next)|share|sharing|social|comments?|sidebar"
    r"|promo|newsletter|subscribe|most-?read|trending|popular|breadcrumbs?|tags?|menu|cookies?|advert\w*)(?:$|[\s_-])",
    re.IGNORECASE,
)
_ROW = re.compile(r"^\|.{300,}$", re.MULTILINE)
_STORIES = frozenset({"article", "div", "section", "li", "td"})
_DATES = (
    "meta[property='article:published_time']",
    "meta[itemprop='datePublished']",
    "meta[name='pubdate']",
    "meta[name='publishdate']",
    "meta[name='PubDate']",
    "meta[name='publish_date']",
    "meta[name='DC.date.issued']",
    "meta[name='date']",
)


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says of itself: its title, its text if it has one, and texts that may be its date."""

    title: str
    text: str | None
    dates: tuple[str, ...]


def article(html: str, url: str | None, title: str, selector: str | None = None) -> str | None:
    """The text of the article on a page, a paragraph a line; None if there is none.

    `title` is what the story is known as, `url` helps with pages that hold their address, and
    `selector` names the element that holds the text, where somebody has looked it up.
    """
    tree = LexborHTMLParser(html[:LONGEST_HTML])
    return _text(tree, url, title, selector)


def read(html: str, url: str | None, title: str, selector: str | None = None) -> Page:
    """A page with all that can be read from it."""
    tree = LexborHTMLParser(html[:LONGEST_HTML])
    data = list(_linked_data(tree))
    dates = tuple(_dates(tree, data))
    own = _own_title(tree)
    return Page(own, _text(tree, url, title or own, selector), dates)


def parse(body: bytes, terms: Terms) -> dict[str, Any]:
    """A page as it came over the wire, as JSON: title, text, segments, and when it was published.

    `terms.title` is what the item is called; offsets of segments count in its text with that title.
    """
    markup = charset.decode(body, terms.content_type, terms.charset, terms.language)
    found = read(markup, terms.url, terms.title, terms.article)
    reader = reader_for(terms)
    published, _ = published_at(found.dates, None, terms, reader)
    parts = segment(terms.title, found.text, terms.language) if found.text else ()
    return {
        "title": found.title,
        "text": found.text,
        "segments": [[part.role.value, part.start, part.text] for part in parts],
        "published": published.isoformat() if published else None,
    }


def _text(tree: LexborHTMLParser, url: str | None, title: str, selector: str | None) -> str | None:
    if selector and (chosen := _selected(tree, selector)):
        return chosen
    names = [name for name in (title, _own_title(tree)) if name]
    told = next((body for body in _bodies(tree)), None)
    heading = _heading(tree, names)
    _drop_neighbours(heading)
    _drop_around(tree, heading)
    markup = tree.html or ""
    whole = _whole(tree)
    least = LOST * len(_story(names, whole))
    for text in _candidates(markup, url, told):
        if len(text) >= max(least, SHORTEST if not _wide(text) else SHORTEST // 3) and _about(names, text):
            return text
    return whole or None


def _candidates(markup: str, url: str | None, told: str | None) -> Iterator[str]:
    for precise in (True, False):
        text = trafilatura.extract(
            markup,
            url=url,
            fast=True,
            favor_precision=precise,
            include_comments=False,
            include_tables=True,
            include_formatting=False,
        )
        # A page that is laid out as a table comes out as one row.
        if text and not _ROW.search(text):
            yield lines(text)
    if told:
        yield lines(told)


def _selected(tree: LexborHTMLParser, selector: str) -> str | None:
    parts = [paragraphs(node.html or "") for node in tree.css(selector)]
    return "\n".join(part for part in parts if part)[:LONGEST_BODY] or None


def _drop_around(tree: LexborHTMLParser, heading: LexborNode | None) -> None:
    """Remove what calls itself related, recommended or shared, but for what the title stands in."""
    kept: set[int] = set()
    node = heading
    while node is not None:
        kept.add(node.mem_id)
        node = node.parent
    around: list[LexborNode] = []
    for element in tree.css("div, section, ul, p")[:5000]:
        attributes = element.attributes or {}
        named = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
        if element.mem_id not in kept and _AROUND.search(named):
            around.append(element)
    _remove(around)


def _remove(nodes: list[LexborNode]) -> None:
    """Remove nodes from their tree. What stands within another one of them goes with it: to touch
    it afterwards would be to touch freed memory.
    """
    doomed = {node.mem_id for node in nodes}
    outermost = []
    for node in nodes:
        above = node.parent
        while above is not None and above.mem_id not in doomed:
            above = above.parent
        if above is None:
            outermost.append(node)
    for node in outermost:
        node.decompose()


def _drop_neighbours(heading: LexborNode | None) -> None:
    """Remove blocks beside the one with the page's title that are dressed like it and have titles too."""
    node = heading.parent if heading else None
    while node is not None and node.tag not in ("body", "html", "-undef"):
        if node.tag in _STORIES and _tells(node):
            alike = [other for other in _siblings(node) if _dress(other) == _dress(node)]
            _remove([other for other in alike if other.css_first("h1, h2, h3") and _tells(other)])
        node = node.parent


def _heading(tree: LexborHTMLParser, names: list[str]) -> LexborNode | None:
    """The heading that gives the page's title, or else its first of the highest rank."""
    headings = tree.css("h1, h2, h3")
    for heading in headings:
        said = _words(heading.text())
        if any(overlap(_words(name), said) >= 0.8 for name in names):
            return heading
    return tree.css_first("h1")


def _siblings(node: LexborNode) -> list[LexborNode]:
    found: list[LexborNode] = []
    for step in ("prev", "next"):
        other = getattr(node, step)
        while other is not None and len(found) < 500:
            found.append(other)
            other = getattr(other, step)
    return [other for other in found if other.tag == node.tag]


def _dress(node: LexborNode) -> tuple[str | None, str | None]:
    return node.tag, (node.attributes or {}).get("class")


def _tells(node: LexborNode) -> bool:
    """Whether a block holds text enough for a story."""
    return sum(len(part.text()) for part in node.css("p")[:50]) >= 200 or len(node.text()) >= 1000


def _whole(tree: LexborHTMLParser) -> str:
    """Everything on the page that is no furniture by its tags, from the title on."""
    _remove(tree.css(_FURNITURE))
    heading = tree.css_first("h1")
    text = paragraphs(tree.body.html or "") if tree.body else ""
    title = line(heading.text()) if heading else ""
    start = text.find(title) if title else -1
    return text[start:] if start > 0 else text


def _story(names: list[str], text: str) -> str:
    parts = segment(names[0] if names else "", text, None)
    start = len(names[0]) if names else 0
    return "".join(part.text for part in parts if part.role is SegmentRole.MAIN)[start:]


def _about(names: list[str], text: str) -> bool:
    """Whether the beginning of a text speaks of one of the names."""
    said = _words(text[:EARLY])
    return not names or any(overlap(_words(name), said) >= SAID for name in names)


def _words(text: str) -> frozenset[str]:
    return frozenset().union(*(part.words for part in split(text, 0)))


def _wide(text: str) -> bool:
    return bool(re.search("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]", text[:200]))


def _own_title(tree: LexborHTMLParser) -> str:
    named = _content(tree, "meta[property='og:title']")
    if named:
        return line(named)
    heading = tree.css_first("h1") or tree.css_first("title")
    return line(heading.text()) if heading else ""


def _content(tree: LexborHTMLParser, selector: str) -> str | None:
    node = tree.css_first(selector)
    return (node.attributes or {}).get("content") if node else None


def _dates(tree: LexborHTMLParser, data: list[dict[str, Any]]) -> Iterator[str]:
    """Texts that may be the time of publication, the surest first."""
    yield from (value for entry in data if isinstance(value := entry.get("datePublished"), str))
    yield from (value for selector in _DATES if (value := _content(tree, selector)))
    times = [(node.attributes or {}).get("datetime") for node in tree.css("time[datetime]")[:20]]
    # Several times on a page are those of other stories as well.
    if len(set(times)) == 1 and times[0]:
        yield times[0]


def _bodies(tree: LexborHTMLParser) -> Iterator[str]:
    for entry in _linked_data(tree):
        body = entry.get("articleBody")
        if isinstance(body, str) and len(body) >= SHORTEST:
            yield paragraphs(body)


def _linked_data(tree: LexborHTMLParser) -> Iterator[dict[str, Any]]:
    """The entries of JSON-LD on the page, those in lists and graphs too."""
    for node in tree.css("script[type='application/ld+json']")[:20]:
        try:
            waiting: list[Any] = [json.loads(node.text(), strict=False)]
        except (ValueError, RecursionError):
            continue
        seen = 0
        while waiting and seen < 200:
            seen += 1
            value = waiting.pop(0)
            if isinstance(value, list):
                waiting.extend(value[:100])
            elif isinstance(value, dict):
                waiting.extend(value.get("@graph") or ())
                yield value
