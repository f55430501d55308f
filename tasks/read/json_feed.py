"""JSON Feed, versions 1.0 and 1.1, to entries. Authors, attachments and hubs are of no use here."""

from collections.abc import Mapping
from typing import Any

from tasks.read import dates
from tasks.read.address import absolute
from tasks.read.document import Channel, Document, Entry, Fault, Terms
from tasks.read.entries import (
    LONGEST_GUID,
    LONGEST_NAME,
    MOST_ERRORS,
    MOST_READ,
    language_beside,
    published_at,
    reader_for,
    texts,
)
from tasks.read.json_text import load, text
from tasks.read.plain import LONGEST_SUMMARY, line, lines, paragraphs
from tasks.read.segment import segment

_VERSION = "jsonfeed.org/version/"


def read(document: str, terms: Terms) -> Document:
    """The entries of a document that begins like JSON, in its order and without a limit.

    What is no JSON Feed, or holds no list of items, comes back with its `problem`.
    """
    try:
        feed, truncated = load(document)
    except ValueError as error:
        return Document("", problem=f"{error}", fault=Fault.FOREIGN)
    version = text(feed.get("version")) if isinstance(feed, dict) else ""
    if _VERSION not in version:
        size = len(document.encode())
        return Document("", problem=f"it is {size} bytes of JSON and no feed", fault=Fault.FOREIGN)
    kind = "json" + version.rpartition("/")[2].replace(".", "")[:4]
    items = feed.get("items")
    if not isinstance(items, list):
        return Document(kind, problem="it has no list of items", fault=Fault.FOREIGN)
    reader = reader_for(terms)
    whole = text(feed.get("language"))
    read = [_entry(item, whole, terms, reader) for item in items[:MOST_READ]]
    entries = tuple(entry for entry in read if isinstance(entry, Entry))
    errors = tuple(entry for entry in read if isinstance(entry, str))
    channel = Channel(
        line(text(feed.get("title")), LONGEST_NAME), absolute(text(feed.get("home_page_url")), terms.url)
    )
    beyond = max(len(items) - MOST_READ, 0)
    return Document(
        kind, entries, dropped=beyond, errors=errors[:MOST_ERRORS], truncated=truncated, channel=channel
    )


def _entry(item: Any, whole: str, terms: Terms, reader: dates.Reader) -> Entry | str:
    """An entry, or why it is none."""
    if not isinstance(item, Mapping):
        return "an item is no object"
    told = lines(text(item.get("content_text"))) or paragraphs(text(item.get("content_html")))
    title, summary, body = texts(
        line(text(item.get("title"))), lines(text(item.get("summary")), LONGEST_SUMMARY * 10), told
    )
    if not title:
        return "an item has neither title nor text"
    number = text(item.get("id")).strip()
    addresses = (text(item.get(name)).strip() for name in ("url", "external_url", "id"))
    # An id is an address only if it says so; relative to the feed every id would be one.
    found = (absolute(address, terms.url if address != number else None) for address in addresses if address)
    url = next((address for address in found if address), None)
    # A date is a text here; a number is an accident, whatever it may count.
    dated = [item.get(name) for name in ("date_published", "date_modified")]
    stated = [moment.strip() for moment in dated if isinstance(moment, str) and moment.strip()]
    published, basis = published_at(stated, url, terms, reader)
    return Entry(
        title=title,
        url=url,
        guid=number[:LONGEST_GUID] or None,
        summary=summary[:LONGEST_SUMMARY],
        body=body,
        published=published,
        basis=basis,
        segments=segment(title, body, terms.language) if body else (),
        language=language_beside(text(item.get("language")) or whole, terms.language),
    )
