"""When a page says that it was published. What may be the time of another story on it is none."""

from collections.abc import Iterator
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tasks.read.markup import content, is_around, linked_data, words
from tasks.read.shape import overlap

# What makes a headline of JSON-LD the title.
SIMILAR = 0.8
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


def stated(tree: LexborHTMLParser, title: str) -> Iterator[str]:
    """Texts that may be the time of publication, the surest first. What may be another story's is none."""
    yield from _told_dates(tree, title)
    yield from (value for selector in _DATES if (value := content(tree, selector)))
    times = [node for node in tree.css("time[datetime]")[:50] if not _beside(node)]
    marked = [node for node in times if "pubdate" in (node.attributes or {})]
    values = {(node.attributes or {}).get("datetime") or "" for node in marked or times}
    # Several times on a page are those of other stories as well.
    if len(values) == 1:
        yield from values


def _beside(node: LexborNode) -> bool:
    """Whether a node stands in furniture: the clock of the page's head, a comment, a list at the side."""
    above = node.parent
    while above is not None and above.tag != "body":
        if above.tag in ("nav", "aside", "footer") or is_around(above):
            return True
        if above.tag == "header" and above.css_first("h1, h2") is None:
            return True
        above = above.parent
    return False


def _told_dates(tree: LexborHTMLParser, title: str) -> list[str]:
    """What JSON-LD gives as the time of publication of the story with this title; of any, if all agree."""
    told = [entry for entry in linked_data(tree) if isinstance(entry.get("datePublished"), str)]
    wanted = words(title)
    own = [entry for entry in told if wanted and overlap(wanted, words(_headline(entry))) >= SIMILAR]
    values = list(dict.fromkeys(str(entry["datePublished"]) for entry in own or told))
    return values if len(values) == 1 else []


def _headline(entry: dict[str, Any]) -> str:
    found = entry.get("headline") or entry.get("name")
    return found if isinstance(found, str) else ""
