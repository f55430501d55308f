"""List pages to entries: links that fit, each with its title and, from its address, its day."""

import re
from datetime import datetime

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from tasks.model import PublishedBasis
from tasks.read import charset, dates
from tasks.read.address import absolute, canonical
from tasks.read.document import MOST_ENTRIES, Document, Entry, Fault, Terms
from tasks.read.entries import published_at, reader_for
from tasks.read.plain import LONGEST_HTML, line

# What is longer is a teaser that was made a link, what is shorter a number or a rubric.
LONGEST_TITLE = 300
SHORTEST_TITLE = 4
MOST_LINKS = 20_000
# The day often stands beside the link.
BESIDE = 200
_DAY = re.compile(
    r"(?<!\d)(?:\d{4}[-./年]\d{1,2}[-./月]\d{1,2}(?:日)?(?:\s\d{1,2}:\d{2}(?::\d{2})?)?"
    r"|\d{1,2}[./]\d{1,2}[./]\d{4}(?:\s\d{1,2}:\d{2})?)(?!\d)"
)


def parse(body: bytes, terms: Terms) -> Document:
    """The links of a page whose addresses fit the source's pattern, each address once.

    Not one link means that the page has another layout than it had, and comes back as a `problem`.
    """
    text = charset.decode(body, terms.content_type, terms.charset, terms.language)
    tree = LexborHTMLParser(text[:LONGEST_HTML])
    base = _base(tree, terms.url)
    try:
        nodes = tree.css(terms.selector or "a[href]")[:MOST_LINKS]
    except (SelectolaxError, ValueError) as error:
        problem = f"its selector cannot be used: {error}"
        return Document("list", problem=problem, fault=Fault.REDESIGNED)
    pattern = re.compile(terms.pattern) if terms.pattern else None
    titles: dict[str, str] = {}
    besides: dict[str, str] = {}
    crowded: dict[int, bool] = {}
    addresses: dict[str, str] = {}
    for node in nodes:
        link = _link(node)
        found = absolute((link.attributes or {}).get("href"), base) if link else None
        if link is None or found is None or (pattern and not pattern.search(found)):
            continue
        key = canonical(found) or found
        if key == canonical(base):
            continue
        addresses.setdefault(key, found)
        titles[key] = _better(titles.get(key, ""), _title(link))
        besides.setdefault(key, _beside(link, crowded))
    entries = [
        _entry(addresses[key], title, besides[key], terms)
        for key, title in titles.items()
        if len(title) >= SHORTEST_TITLE
    ]
    if not entries:
        return Document("list", problem="no link on it fits any more", fault=Fault.REDESIGNED)
    dropped = max(len(entries) - MOST_ENTRIES, 0)
    return Document("list", tuple(entries[:MOST_ENTRIES]), dropped=dropped, truncated=terms.truncated)


def _entry(url: str, title: str, beside: str, terms: Terms) -> Entry:
    reader = reader_for(terms)
    published, basis = published_at((), url, terms, reader)
    if published is None and (found := _day(beside, reader, terms)):
        published, basis = found, PublishedBasis.PAGE
    return Entry(title, url, published=published, basis=basis)


def _day(beside: str, reader: dates.Reader, terms: Terms) -> datetime | None:
    match = _DAY.search(beside)
    return dates.read(match.group(), reader, terms.now) if match else None


def _base(tree: LexborHTMLParser, url: str) -> str:
    node = tree.css_first("base[href]")
    return (absolute((node.attributes or {}).get("href"), url) if node else None) or url


def _link(node: LexborNode) -> LexborNode | None:
    """The link that a selected element is, holds, or stands in."""
    if node.tag == "a":
        return node
    if inner := node.css_first("a[href]"):
        return inner
    above = node.parent
    while above is not None and above.tag != "a":
        above = above.parent
    return above


def _title(link: LexborNode) -> str:
    """The words of a link, or its title where the words are cut short or missing."""
    heading = link.css_first("h1, h2, h3, h4")
    words = line((heading or link).text(separator=" "))
    full = line((link.attributes or {}).get("title") or "")
    cut = words.rstrip(" .…") if words.endswith(("...", "…")) else None
    if full and (not words or (cut is not None and full.startswith(cut[:20]))):
        return full
    return words if len(words) <= LONGEST_TITLE else ""


def _better(old: str, new: str) -> str:
    """Of two texts that lead to one page, the title: the longer one, as the other is a button."""
    return new if len(new) > len(old) else old


def _beside(link: LexborNode, crowded: dict[int, bool]) -> str:
    """The text around a link, as far as it belongs to it alone.

    `crowded` remembers what holds many links, so that none of these looks through all others again.
    """
    node = link.parent
    for _ in range(3):
        if node is None:
            return ""
        if node.mem_id not in crowded:
            crowded[node.mem_id] = len(node.css("a[href]")) > 2
        if crowded[node.mem_id]:
            return ""
        text = line(node.text(separator=" "), BESIDE)
        if _DAY.search(text):
            return text
        node = node.parent
    return ""
