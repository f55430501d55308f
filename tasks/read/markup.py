"""What all readings of a page ask of its markup: names, contents, JSON for machines."""

import json
import re
from collections.abc import Iterator
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tasks.read.shape import split

# Names of elements that hold what is put around a story. A page may call its own story anything else.
AROUND = re.compile(
    r"(?:^|[\s_-])(?:related|recommend(?:ed|ations?)?|read-?(?:also|more|next)|share|sharing|social|comments?|sidebar"
    r"|promo|newsletter|subscribe|most-?read|trending|popular|breadcrumbs?|tags?|menu|cookies?|advert\w*)(?:$|[\s_-])",
    re.IGNORECASE,
)


def is_around(node: LexborNode) -> bool:
    """Whether an element calls itself something that stands around a story."""
    attributes = node.attributes or {}
    named = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    return AROUND.search(named) is not None


def content(tree: LexborHTMLParser, selector: str) -> str | None:
    """What the first element that fits gives as its content, as `meta` does."""
    node = tree.css_first(selector)
    return (node.attributes or {}).get("content") if node else None


def words(text: str) -> frozenset[str]:
    """The words of a text, or for scripts without spaces its pairs of letters."""
    return frozenset().union(*(part.words for part in split(text, 0)))


def linked_data(tree: LexborHTMLParser) -> Iterator[dict[str, Any]]:
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
                waiting.append(value.get("@graph"))
                yield value
