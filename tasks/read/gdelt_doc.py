"""The answer of GDELT's search (DOC 2.0, `mode=artlist&format=json`).

It answers with status 200 in any case: with articles, with an empty document where nothing was
found, and with a sentence of text or a page where it did not search at all. The first two are a
reading; the last is a fault of the source and says that nobody has looked. The time that it gives
is when it saw the article and no time of publication.
"""

import json
import re
from typing import Any
from urllib.parse import urlsplit

from tasks.read import charset
from tasks.read.address import absolute
from tasks.read.document import Document, Entry, Fault, Terms, newest
from tasks.read.entries import published_at, reader_for
from tasks.read.gdelt import headline, language
from tasks.read.plain import line
from tasks.settings.outlets import plain_host

_KIND = "gdelt-doc"
_QUOTED = 200
_ERRORS = 20
# Titles are put between the quotes as they are: what is no escape in JSON is a backslash.
_BACKSLASH = re.compile(r'\\(?!["\\/bfnrt]|u[0-9a-fA-F]{4})')


def parse(body: bytes, terms: Terms) -> Document:
    """The articles that a search has found; none, if it has found nothing.

    An answer that is no result of a search has a `problem`, with its own words.
    """
    text = charset.decode(body, terms.content_type, "utf-8").strip()
    try:
        found = _json(text)
    except (ValueError, RecursionError):
        return _unanswered(text)
    articles = [] if found in ({}, []) else found.get("articles") if isinstance(found, dict) else None
    if not isinstance(articles, list):
        return _unanswered(text)
    entries: list[Entry] = []
    errors: list[str] = []
    for position, article in enumerate(articles, 1):
        if entry := _entry(article, terms):
            entries.append(entry)
        else:
            errors.append(f"article {position} has no address or no title")
    if errors and not entries:
        return _unanswered(text)
    return newest(Document(_KIND, tuple(entries), errors=tuple(errors[:_ERRORS]), truncated=terms.truncated))


def _json(text: str) -> Any:
    try:
        return json.loads(text, strict=False)
    except ValueError:
        return json.loads(_BACKSLASH.sub(r"\\\\", text), strict=False)


def _unanswered(text: str) -> Document:
    said = line(text, _QUOTED)
    problem = f"it did not search: “{said}”" if said else "it did not search: its answer is empty"
    return Document("", problem=problem, fault=Fault.FOREIGN)


def _entry(article: Any, terms: Terms) -> Entry | None:
    """An article of a result, or None if it has no address or no title."""
    if not isinstance(article, dict):
        return None
    url = absolute(_text(article, "url"))
    title = headline(_text(article, "title"), url) if url else ""
    if not url or not title:
        return None
    published, basis = published_at([], url, terms, reader_for(terms))
    return Entry(
        title,
        url,
        published=published,
        basis=basis,
        outlet=plain_host(urlsplit(url).hostname or ""),
        language=language(_text(article, "language")),
    )


def _text(article: dict[str, Any], name: str) -> str:
    value = article.get(name)
    return value if isinstance(value, str) else ""
