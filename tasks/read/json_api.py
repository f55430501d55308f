"""JSON from an interface of a site to entries, by the paths that the source's entry gives."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import jmespath
from jmespath.exceptions import JMESPathError

from tasks.model import PublishedBasis
from tasks.read import charset, dates, sniff
from tasks.read.address import absolute
from tasks.read.document import Document, Entry, Fault, Follow, Terms, newest
from tasks.read.entries import (
    LONGEST_GUID,
    MOST_ERRORS,
    MOST_READ,
    language_beside,
    published_at,
    reader_for,
    texts,
)
from tasks.read.json_text import load, text
from tasks.read.plain import LONGEST_SUMMARY, line, paragraphs
from tasks.read.segment import segment
from tasks.settings.sources import Api, Epoch, SourceKind

_ZERO = datetime(1970, 1, 1, tzinfo=UTC)


def parse(body: bytes, terms: Terms) -> Document:
    """The entries that the paths of `terms.api` lead to, and the next page if there is to be one.

    Paths that lead nowhere mean that the site has changed its interface, and come back as a
    `problem`; so does a document that is no JSON.
    """
    api = Api.model_validate(terms.api)
    document = charset.decode(body, terms.content_type, terms.charset, terms.language)
    try:
        data, truncated = load(document)
    except ValueError as error:
        told = f"it is {sniff.described(document, len(body))} and no JSON"
        problem = f"{error}" if sniff.is_json(document) else told
        return Document("", problem=problem, fault=Fault.FOREIGN)
    listed = _at(api.items, data)
    if not isinstance(listed, list):
        problem = f"`items` ({api.items}) leads to no list any more"
        return Document("api", problem=problem, fault=Fault.REDESIGNED)
    if not listed:
        return Document("api", problem="its list of items is empty", fault=Fault.EMPTY)
    reader = reader_for(terms)
    read = [_entry(item, api, terms, reader) for item in listed[:MOST_READ]]
    entries = tuple(entry for entry in read if isinstance(entry, Entry))
    errors = tuple(entry for entry in read if isinstance(entry, str))[:MOST_ERRORS]
    if not entries:
        problem = f"of its {len(listed)} items none can be read: {errors[0]}"
        return Document("api", errors=errors, problem=problem, fault=Fault.REDESIGNED)
    beyond = max(len(listed) - MOST_READ, 0)
    found = Document("api", entries, dropped=beyond, errors=errors, truncated=truncated or terms.truncated)
    return newest(found if truncated else _followed(found, data, api, terms))


def _at(path: str | None, data: Any) -> Any:
    """What stands where the path leads; None where it leads nowhere, or trips over what it finds."""
    if path is None:
        return None
    try:
        return jmespath.search(path, data)
    except JMESPathError:
        return None


def _entry(item: Any, api: Api, terms: Terms, reader: dates.Reader) -> Entry | str:
    """An entry, or why it is none."""
    summary = paragraphs(text(_at(api.summary, item)), LONGEST_SUMMARY * 10)
    title, summary, body = texts(
        line(text(_at(api.title, item))), summary, paragraphs(text(_at(api.body, item)))
    )
    if not title:
        return f"`title` ({api.title}) leads to no text"
    url = absolute(text(_at(api.url, item)).strip(), terms.url)
    if url is None:
        return f"`url` ({api.url}) leads to no address"
    published, basis = _published(_at(api.date, item), url, api, terms, reader)
    return Entry(
        title=title,
        url=url,
        guid=text(_at(api.id, item)).strip()[:LONGEST_GUID] or None,
        summary=summary[:LONGEST_SUMMARY],
        body=body,
        published=published,
        basis=basis,
        segments=segment(title, body, terms.language) if body else (),
        language=language_beside(text(_at(api.language, item)), terms.language),
    )


def _published(
    value: Any, url: str, api: Api, terms: Terms, reader: dates.Reader
) -> tuple[datetime | None, PublishedBasis]:
    stated = text(value).strip()
    if api.epoch and (found := dates.plausible(_moment(stated, api.epoch), terms.now)):
        return found, PublishedBasis.FEED
    # A number that nobody has explained is no date, though 20261120 reads like one.
    plain = stated if isinstance(value, str) and not api.epoch else ""
    return published_at([plain] if plain else [], url, terms, reader)


def _moment(number: str, epoch: Epoch) -> datetime | None:
    try:
        seconds = float(number) / (1000 if epoch is Epoch.MILLISECONDS else 1)
        return _ZERO + timedelta(seconds=seconds)
    except (ValueError, OverflowError):
        return None


def _followed(found: Document, data: Any, api: Api, terms: Terms) -> Document:
    """With the next page, which is worth fetching only if everything on this one is new."""
    if terms.depth + 1 >= api.pages:
        return found
    url = None
    if api.next:
        named = _at(api.next, data)
        url = absolute(named, terms.url) if isinstance(named, str) and named.strip() else None
    elif api.page:
        number = api.page.first + (terms.depth + 1) * api.page.step
        url = absolute(_numbered(terms.url, api.page.parameter, number))
    if url is None or url == absolute(terms.url):
        return found
    return replace(found, follow=(Follow(url, SourceKind.API, catch_up=True),))


def _numbered(url: str, parameter: str, number: int) -> str:
    parts = urlsplit(url)
    pairs = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != parameter]
    return urlunsplit(parts._replace(query=urlencode([*pairs, (parameter, str(number))])))
