"""The article on a page: its text, a paragraph a line.

A page is first freed of other stories that stand on it in the same dress as its own, because an
extractor takes the longest story for the page's. Then a careful extraction is held against a
simple reading of the whole page: what lost the title's words or most of the text is not believed.
What is left besides the story is for `tasks.read.segment` to tell.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import trafilatura
from selectolax.lexbor import LexborHTMLParser, LexborNode

from tasks.model import SegmentRole
from tasks.read import charset, page_dates
from tasks.read.document import Terms
from tasks.read.entries import published_at, reader_for
from tasks.read.markup import content, is_around, linked_data, words
from tasks.read.plain import LONGEST_BODY, LONGEST_HTML, line, lines, paragraphs
from tasks.read.segment import segment
from tasks.read.shape import overlap

# A text that keeps less than this share of the simple reading's story has lost it.
LOST = 0.4
# The title's words occur early in its story; how early, and what share of them.
EARLY = 600
SAID = 0.34
SHORTEST = 80
_FURNITURE = "script, style, noscript, template, svg, iframe, nav, aside, footer, form, button, select"
_ROW = re.compile(r"^\|.{300,}$", re.MULTILINE)
# A row with one cell is a line.
_CELL = re.compile(r"^\|\s?([^|]*?)\s?\|\s*$", re.MULTILINE)
_WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
# Elements that may hold a paragraph, if they hold so much themselves.
_BLOCKS = "p, div, td, li, span, section, article, blockquote"
PARAGRAPH = 40
MOST_NODES = 20_000
DEEPEST = 500
_STORIES = frozenset({"article", "div", "section", "li", "td"})


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says of itself: its title, its text if it has one, and texts that may be its date.

    `headings` are those below its own headline that have the same rank.
    """

    title: str
    text: str | None
    dates: tuple[str, ...]
    headings: frozenset[str] = frozenset()


def read(html: str, url: str | None, title: str, selector: str | None = None) -> Page:
    """A page with all that can be read from it; its text is that of the article, a paragraph a line.

    `title` is what the story is known as, `url` helps with pages that hold their address, and
    `selector` names the element that holds the text, where somebody has looked it up.
    """
    tree = LexborHTMLParser(html[:LONGEST_HTML])
    dates = tuple(page_dates.stated(tree, title))
    own = _own_title(tree)
    headings = frozenset(_headings_alike(tree, [name for name in (title, own) if name]))
    return Page(own, _text(tree, url, title or own, selector), dates, headings)


def parse(body: bytes, terms: Terms) -> dict[str, Any]:
    """A page as it came over the wire, as JSON: title, text, segments, and when it was published.

    `terms.title` is what the item is called; offsets of segments count in its text with that title.
    """
    markup = charset.decode(body, terms.content_type, terms.charset, terms.language)
    found = read(markup, terms.url, terms.title, terms.article)
    reader = reader_for(terms)
    published, _ = published_at(found.dates, None, terms, reader)
    parts = segment(terms.title, found.text, terms.language, found.headings) if found.text else ()
    return {
        "title": found.title,
        "text": found.text,
        "segments": [[part.role.value, part.start, part.text] for part in parts],
        "headings": sorted(found.headings),
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
    whole = _whole(tree, heading)
    least = LOST * len(_story(names, whole))
    for text in _candidates(markup, url, told):
        if len(text) >= least and _length(text) >= SHORTEST and _about(names, text):
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
            yield lines(_CELL.sub(r"\1", text))
    if told:
        yield lines(told)


def _selected(tree: LexborHTMLParser, selector: str) -> str | None:
    parts = [paragraphs(node.html or "") for node in tree.css(selector)]
    return "\n".join(part for part in parts if part)[:LONGEST_BODY] or None


def _drop_around(tree: LexborHTMLParser, heading: LexborNode | None) -> None:
    """Remove what calls itself related, recommended or shared, but for what the title stands in.

    What holds all paragraphs that are left is the story, whatever it calls itself.
    """
    kept = _above(heading)
    left = {node.mem_id: _above(node) for node in _paragraphs(tree)}
    around: list[LexborNode] = []
    for element in tree.css("div, section, ul, p")[:MOST_NODES]:
        if element.mem_id in kept or not is_around(element):
            continue
        outside = {number: above for number, above in left.items() if element.mem_id not in above}
        if outside or not left:
            left = outside
            around.append(element)
    _remove(around)


def _above(node: LexborNode | None) -> frozenset[int]:
    """A node and all that it stands in."""
    found: set[int] = set()
    while node is not None and len(found) < DEEPEST:
        found.add(node.mem_id)
        node = node.parent
    return frozenset(found)


def _paragraphs(tree: LexborHTMLParser) -> list[LexborNode]:
    """What holds text of a paragraph's length by itself, and is no furniture."""
    furniture = {node.mem_id for node in tree.css("nav, aside, footer, header")}
    blocks = (node for node in tree.css(_BLOCKS)[:MOST_NODES] if _length(node.text(deep=False)) >= PARAGRAPH)
    return [node for node in blocks if not _above(node) & furniture]


def _length(text: str) -> int:
    """The length of a text; letters of scripts without spaces say three times as much."""
    return len(text) + 2 * len(_WIDE.findall(text))


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
    """Remove blocks beside the one with the page's title that hold stories of their own: dressed like
    it and with titles too, or with a title of the highest rank.
    """
    node = heading.parent if heading else None
    while heading is not None and node is not None and node.tag not in ("body", "html", "-undef"):
        if node.tag in _STORIES and _tells(node):
            _remove([other for other in _siblings(node) if _is_story(other, node, heading)])
        node = node.parent


def _is_story(other: LexborNode, own: LexborNode, heading: LexborNode) -> bool:
    alike = _dress(other) == _dress(own) and other.css_first("h1, h2, h3") is not None
    headed = heading.tag == "h1" and other.css_first("h1") is not None
    return (alike or headed) and _tells(other)


def _headings_alike(tree: LexborHTMLParser, names: list[str]) -> Iterator[str]:
    """The headings below the page's own that have its rank: a story has one headline."""
    own = _heading(tree, names)
    if own is None:
        return
    alike = tree.css(own.tag or "h1")[:200]
    below = [node.mem_id for node in alike].index(own.mem_id) + 1
    yield from (text for node in alike[below:] if (text := line(node.text())))


def _heading(tree: LexborHTMLParser, names: list[str]) -> LexborNode | None:
    """The heading that gives the page's title, or else its first of the highest rank."""
    headings = tree.css("h1, h2, h3")
    for heading in headings:
        said = words(heading.text())
        if any(overlap(words(name), said) >= 0.8 for name in names):
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
    return sum(_length(part.text()) for part in node.css("p")[:50]) >= 200 or _length(node.text()) >= 1000


def _whole(tree: LexborHTMLParser, own: LexborNode | None) -> str:
    """Everything on the page that is no furniture by its tags, from the title on."""
    kept = _above(own)
    _remove([node for node in tree.css(_FURNITURE) if node.mem_id not in kept])
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
    said = words(text[:EARLY])
    return not names or any(overlap(words(name), said) >= SAID for name in names)


def _own_title(tree: LexborHTMLParser) -> str:
    named = content(tree, "meta[property='og:title']")
    if named:
        return line(named)
    heading = tree.css_first("h1") or tree.css_first("title")
    return line(heading.text()) if heading else ""


def _bodies(tree: LexborHTMLParser) -> Iterator[str]:
    for entry in linked_data(tree):
        body = entry.get("articleBody")
        if isinstance(body, str) and len(body) >= SHORTEST:
            yield paragraphs(body)
