"""Feeds to entries: RSS, Atom, RDF, and the news sitemaps that some outlets have instead.

Runs where it can be killed (`tasks.read.child`): some documents cost a parser minutes.
"""

import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import feedparser

from tasks.model import PublishedBasis
from tasks.read import charset, dates
from tasks.read.address import absolute
from tasks.read.document import Document, Entry, Terms, newest
from tasks.read.furniture import months
from tasks.read.plain import LONGEST_SUMMARY, line, paragraphs
from tasks.read.segment import segment

# A description of this length is the text itself.
LONG_SUMMARY = 1_500
# As much of it stays as the summary.
SHORT_SUMMARY = 500
LONGEST_GUID = 2_000
MOST_ERRORS = 20

_ROOTS = ("rss", "feed", "RDF", "urlset")
_ROOT = re.compile(r"<(?:[\w-]+:)?(rss|feed|RDF|urlset|sitemapindex)[\s>/]")
_PAGE = re.compile(r"<!doctype html|<html[\s>]", re.IGNORECASE)
_SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
_NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
_PERIODS = {"hourly": 60, "daily": 1440, "weekly": 10_080, "monthly": 43_200, "yearly": 525_600}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SKIP = re.compile(r"<skip(Hours|Days)>(.{0,2000}?)</skip\1>", re.IGNORECASE | re.DOTALL)
_SKIPPED = re.compile(r"<(?:hour|day)>\s*(\w{1,9})\s*</", re.IGNORECASE)


def parse(body: bytes, terms: Terms) -> Document:
    """The entries of a feed, newest first if there are more than the limit.

    A document that is no feed, or a feed without an entry, comes back with its `problem`.
    """
    text = charset.decode(body, terms.content_type, terms.charset)
    root = _ROOT.search(text[:20_000])
    if root is None:
        page = "a page for readers" if _PAGE.search(text[:20_000]) else f"{len(body)} bytes of something else"
        return Document("", problem=f"it is {page} and no feed")
    if root.group(1) == "sitemapindex":
        return Document("sitemapindex", problem="it is a list of sitemaps and no feed")
    text, truncated = _completed(text)
    found = _sitemap(text, terms) if root.group(1) == "urlset" else _feed(text, terms)
    found = replace(found, truncated=truncated or terms.truncated)
    if not found.entries:
        return replace(found, problem="it holds no entries")
    return newest(found)


def _completed(text: str) -> tuple[str, bool]:
    """A document that breaks off, closed behind its last whole entry; and whether it does."""
    tail = text.rstrip()[-20_000:]
    if any(re.search(rf"</(?:[\w-]+:)?{root}\s*>", tail) for root in _ROOTS) or re.search(r"/>\s*$", tail):
        return text, False
    ends = [match.end() for match in re.finditer(r"</(?:[\w-]+:)?(?:item|entry|url)\s*>", text)]
    if not ends:
        return text, True
    opened = _ROOT.search(text)
    prefix = opened.group().strip("<> /\t\r\n") if opened else "rss"
    channel = "</channel>" if "</channel" not in text and "<channel" in text and "RDF" not in prefix else ""
    return f"{text[: ends[-1]]}{channel}</{prefix}>", True


def _feed(text: str, terms: Terms) -> Document:
    parsed = feedparser.parse(
        # As a stream: bytes would be taken for the name of a file first. Without an address: guids
        # would be resolved against it, and change with it.
        io.BytesIO(charset.xml(text)),
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    reader = reader_for(terms)
    entries: list[Entry] = []
    errors: list[str] = []
    for raw in parsed.entries:
        try:
            entry = _entry(raw, parsed.feed, terms, reader)
        except (ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
            errors.append(f"{type(error).__name__}: {error}"[:200])
            continue
        if entry is None:
            errors.append("an entry has neither title nor text")
        else:
            entries.append(entry)
    hours, days = _silences(text)
    return Document(
        parsed.version or "feed",
        tuple(entries),
        errors=tuple(errors[:MOST_ERRORS]),
        minutes=_rhythm(parsed.feed),
        skip_hours=hours,
        skip_days=days,
    )


def _entry(raw: Any, feed: Any, terms: Terms, reader: dates.Reader) -> Entry | None:
    title = _headline(raw)
    summary = paragraphs(_text(raw.get("summary")), LONGEST_SUMMARY * 10)
    content = max(
        (paragraphs(_text(part.get("value"))) for part in raw.get("content") or ()), key=len, default=""
    )
    if not title and not summary and not content:
        return None
    body = content if len(content) > max(len(summary), SHORT_SUMMARY) else None
    if body is None and len(summary) >= LONG_SUMMARY:
        body = summary
    summary = summary or content
    if body is not None and len(summary) >= LONG_SUMMARY:
        summary = summary[:SHORT_SUMMARY].rsplit(" ", 1)[0]
    title = title or line(summary, 200)
    url = _link(raw, terms.url)
    published, basis = published_at(_stated(raw), url, terms, reader)
    return Entry(
        title=title,
        url=url,
        guid=_text(raw.get("id")).strip()[:LONGEST_GUID] or None,
        summary=summary[:LONGEST_SUMMARY],
        body=body,
        published=published,
        basis=basis,
        segments=segment(title, body, terms.language) if body else (),
    )


def _headline(raw: Any) -> str:
    """The title, without the name of the outlet that an aggregator puts behind it."""
    title = line(_text(raw.get("title")))
    source = raw.get("source")
    outlet = line(_text(source.get("title"))) if isinstance(source, Mapping) else ""
    return title.removesuffix(f" - {outlet}") if outlet else title


def _link(raw: Any, base: str) -> str | None:
    """The address of an entry: its link, or a guid that is one."""
    links = [link.get("href") for link in raw.get("links") or () if link.get("rel") == "alternate"]
    guid = raw.get("id") if raw.get("guidislink", True) else None
    for candidate in (raw.get("link"), *links, guid):
        text = _text(candidate).strip()
        if text and (found := absolute(text, base)) and found != absolute(base):
            return found
    return None


def _stated(raw: Any) -> Iterable[str]:
    """What the entry says of its own time, the first publication before later changes."""
    # Asked as a plain dictionary, because feedparser's own would give one date for another.
    texts = (_text(dict.get(raw, name)).strip() for name in ("published", "created", "updated"))
    return [text for text in texts if text]


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def reader_for(terms: Terms) -> dates.Reader:
    """What the dates of a source are read with."""
    language = terms.language.split("-")[0]
    return dates.Reader(months(language), ZoneInfo(terms.zone), language != "en", terms.date_format)


def published_at(
    stated: Iterable[str], url: str | None, terms: Terms, reader: dates.Reader
) -> tuple[datetime | None, PublishedBasis]:
    """The time of publication, from what is stated or else from the address, and its basis."""
    for text in stated:
        if found := dates.read(text, reader, terms.now):
            return found, PublishedBasis.FEED
    if url and (found := dates.from_address(url, terms.date_pattern, reader.zone, terms.now)):
        return found, PublishedBasis.ADDRESS
    return None, PublishedBasis.UNKNOWN


def _rhythm(feed: Any) -> float | None:
    """Minutes between changes, by `ttl` or by the syndication module; None where nothing is said."""
    ttl = _text(feed.get("ttl")).strip()
    if ttl.isdecimal() and 0 < int(ttl) < 10**6:
        return float(ttl)
    period = _PERIODS.get(_text(feed.get("sy_updateperiod")).strip().lower())
    times = _text(feed.get("sy_updatefrequency")).strip()
    return period / max(int(times), 1) if period and times.isdecimal() and len(times) < 6 else period


def _silences(text: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Hours and days on which the feed says that nothing changes."""
    hours: set[int] = set()
    days: set[int] = set()
    for match in _SKIP.finditer(text[:50_000]):
        for word in _SKIPPED.findall(match.group(2)):
            if word.isdecimal() and int(word) <= 24:
                hours.add(int(word) % 24)
            elif word.lower() in _DAYS:
                days.add(_DAYS.index(word.lower()))
    return tuple(sorted(hours)), tuple(sorted(days))


def _sitemap(text: str, terms: Terms) -> Document:
    """A news sitemap: addresses with titles. One without titles is a list of all pages, and no feed."""
    try:
        # Without a DOCTYPE there is nothing that could expand.
        root = ElementTree.fromstring(charset.xml(text))  # noqa: S314
    except ElementTree.ParseError as error:
        return Document("sitemap", errors=(f"it is not well-formed: {error}",))
    reader = reader_for(terms)
    entries: list[Entry] = []
    for node in root.iter(f"{_SITEMAP}url"):
        title = line(node.findtext(f".//{_NEWS}title") or "")
        url = absolute(node.findtext(f"{_SITEMAP}loc"), terms.url)
        if not title or not url:
            continue
        stated = [text for text in (node.findtext(f".//{_NEWS}publication_date"),) if text]
        published, basis = published_at(stated, url, terms, reader)
        entries.append(Entry(title, url, published=published, basis=basis))
    return Document("sitemap", tuple(entries))
