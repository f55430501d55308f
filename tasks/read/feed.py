"""Feeds to entries: RSS, Atom, RDF and JSON Feed, and the sitemaps that some outlets have instead.

Runs where it can be killed (`tasks.read.child`): some documents cost a parser minutes.
"""

import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import feedparser

from tasks.read import charset, dates, json_feed, sitemap, sniff
from tasks.read.address import absolute
from tasks.read.document import Channel, Document, Entry, Fault, Terms, newest
from tasks.read.entries import LONGEST_GUID, LONGEST_NAME, MOST_ERRORS, published_at, reader_for, texts
from tasks.read.plain import LONGEST_SUMMARY, line, paragraphs
from tasks.read.segment import segment
from tasks.settings.outlets import plain_host
from tasks.settings.sources import rate_group

# Addresses of aggregators at which nothing stands, whether they name the outlet or not.
_THROUGH = re.compile(r"^https?://(?:news\.google\.com/|[\w.]*bing\.com/news/apiclick\.aspx)")
_PERIODS = {"hourly": 60, "daily": 1440, "weekly": 10_080, "monthly": 43_200, "yearly": 525_600}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SKIP = re.compile(r"<skip(Hours|Days)>(.{0,2000}?)</skip\1>", re.IGNORECASE | re.DOTALL)
_SKIPPED = re.compile(r"<(?:hour|day)>\s*(\w{1,9})\s*</", re.IGNORECASE)


def parse(body: bytes, terms: Terms) -> Document:
    """The entries of a feed, newest first if there are more than the limit.

    A document that is no feed, or a feed without an entry, comes back with its `problem`.
    """
    text = charset.decode(body, terms.content_type, terms.charset, terms.language)
    root = sniff.root_of(text)
    if root in ("urlset", "sitemapindex"):
        return sitemap.read(text, terms)
    if root is None and not sniff.is_json(text):
        problem = f"it is {sniff.described(text, len(body))} and no feed"
        return Document("", problem=problem, fault=Fault.FOREIGN)
    if root is None:
        found = json_feed.read(text, terms)
        truncated = found.truncated
    else:
        text, truncated = sniff.completed(text)
        found = _feed(text, terms)
    found = replace(found, truncated=truncated or terms.truncated)
    if not found.entries and not found.problem:
        return replace(found, problem="it holds no entries", fault=Fault.EMPTY)
    return newest(found)


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
        channel=_channel(parsed.feed, terms, reader),
    )


def _channel(feed: Any, terms: Terms, reader: dates.Reader) -> Channel:
    stated = (_text(dict.get(feed, name)).strip() for name in ("updated", "published"))
    moments = (dates.read(text, reader, terms.now) for text in stated if text)
    return Channel(
        line(_text(feed.get("title")), LONGEST_NAME),
        absolute(_text(feed.get("link")), terms.url),
        next((moment for moment in moments if moment), None),
    )


def _entry(raw: Any, feed: Any, terms: Terms, reader: dates.Reader) -> Entry | None:
    title = _headline(raw)
    summary = paragraphs(_text(raw.get("summary")), LONGEST_SUMMARY * 10)
    content = max(
        (paragraphs(_text(part.get("value"))) for part in raw.get("content") or ()), key=len, default=""
    )
    if not title and not summary and not content:
        return None
    url = _link(raw, terms.url)
    outlet = _outlet(raw, url, terms)
    opaque = url is not None and _leads_on(url, outlet, terms)
    if opaque:
        # Beside such a link stand the titles of what others wrote of the same.
        summary = content = ""
    title, summary, body = texts(title, summary, content)
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
        outlet=outlet,
        discovery=opaque,
    )


def _outlet(raw: Any, url: str | None, terms: Terms) -> str | None:
    """The host of whoever published an entry of an aggregator: the one that it names, else the link's.

    None for an entry of any other feed, and where only the aggregator itself is named.
    """
    if not terms.discovery:
        return None
    source = raw.get("source")
    named = absolute(_text(source.get("href"))) if isinstance(source, Mapping) else None
    for address in (named, url):
        if address and rate_group(address) != rate_group(terms.url):
            return plain_host(urlsplit(address).hostname or "")
    return None


def _leads_on(url: str, outlet: str | None, terms: Terms) -> bool:
    """Whether a link only leads through an aggregator to what another has published.

    An aggregator that names nobody else shows its readers the article itself.
    """
    if not terms.discovery or rate_group(url) != rate_group(terms.url):
        return False
    return outlet is not None or _THROUGH.search(url) is not None


def _headline(raw: Any) -> str:
    """The title, without the name of the outlet that an aggregator puts behind it."""
    title = line(_text(raw.get("title")))
    source = raw.get("source")
    outlet = line(_text(source.get("title"))) if isinstance(source, Mapping) else ""
    return title.removesuffix(f" - {outlet}").rstrip() if outlet else title


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


def _rhythm(feed: Any) -> float | None:
    """Minutes between changes, by `ttl` or by the syndication module; None where nothing is said."""
    ttl = _text(feed.get("ttl")).strip()
    if ttl.isdecimal() and len(ttl) < 7 and int(ttl) > 0:
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
