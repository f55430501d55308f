"""Sitemaps to entries, and lists of sitemaps to the sitemaps that are worth fetching.

A news sitemap gives titles and times of publication. A plain one gives addresses and perhaps the
time of their last change: its new pages are followed, and each of them tells its own title.
"""

import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from xml.etree import ElementTree

from tasks.read import charset, dates, sniff
from tasks.read.address import absolute, canonical
from tasks.read.document import MOST_FOLLOWED, Document, Entry, Fault, Follow, Terms, newest
from tasks.read.entries import (
    LONGEST_NAME,
    MOST_ERRORS,
    language_beside,
    published_at,
    reader_for,
)
from tasks.read.plain import line
from tasks.settings.kinds import ARTICLE
from tasks.settings.sources import SourceKind

# What changed so long before the source was last read may not have been shown then: lists are
# kept for a while on their way. After so long an absence, what is older is history.
LATE = timedelta(days=2)
ABSENCE = timedelta(days=14)
# A list of sitemaps may name further lists, and those name sitemaps.
DEEPEST = 2
# Sitemaps that do not say when they changed are fetched at every poll, those of which it is doubted
# once a day: so many, and no more.
MOST_UNDATED = 5
# By the standard no sitemap is larger than 50 MB; with news alone it is much smaller.
LARGEST = 32 * 1024 * 1024
T = TypeVar("T")
_DAY = timedelta(days=1)
_WHOLE_DAY = re.compile(r"\s*\d{4}-\d{2}-\d{2}\s*")
_GZIP = b"\x1f\x8b"
_NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
# Prefixes that are in use, and now and then undeclared.
_PREFIXES = {"news": _NEWS, **{name: f"urn:{name}" for name in ("image", "video", "xhtml", "mobile")}}
_PART = re.compile(r"<((?:[\w-]+:)?)(url|sitemap)[\s>].*?</\1\2\s*>", re.DOTALL)
_OPENING = re.compile(r"<(?:[\w-]+:)?(?:urlset|sitemapindex)(?:\s[^<>]*)?>")
_MONTH = re.compile(r"(?<!\d)(20\d\d)[-_/]?(0[1-9]|1[0-2])(?!\d)")


@dataclass(frozen=True, slots=True)
class _Named:
    """What a sitemap says of one address, each word as it stands there."""

    url: str
    changed: str = ""
    title: str = ""
    published: str = ""
    language: str = ""
    outlet: str = ""


def parse(body: bytes, terms: Terms) -> Document:
    """The entries of a news sitemap, or what a plain one or a list of sitemaps names further.

    Raises:
        ValueError: it is packed, and larger than any sitemap when it is unpacked.
    """
    plain = _unpacked(body)
    text = charset.decode(plain, terms.content_type, terms.charset, terms.language)
    if sniff.root_of(text) not in ("urlset", "sitemapindex"):
        problem = f"it is {sniff.described(text, len(plain))} and no sitemap"
        return Document("", problem=problem, fault=Fault.FOREIGN)
    return read(text, terms)


def read(text: str, terms: Terms) -> Document:
    """A sitemap or a list of sitemaps, as text, whose root has been seen."""
    text, truncated = sniff.completed(text)
    kind = "sitemapindex" if sniff.root_of(text) == "sitemapindex" else "sitemap"
    named: list[_Named] = []
    errors: list[str] = []
    for node in _nodes(text, errors):
        part = _named(node, terms.url)
        if part:
            named.append(part)
        else:
            errors.append("an entry has no address")
    if not named:
        found = Document(kind, problem="it names no addresses", fault=Fault.EMPTY)
    elif kind == "sitemapindex":
        found = _index(named, terms)
    elif any(part.title for part in named):
        found = _news(named, terms)
    else:
        found = _pages(named, terms)
    errors = [*found.errors, *errors]
    return newest(replace(found, errors=tuple(errors[:MOST_ERRORS]), truncated=truncated or terms.truncated))


def _unpacked(body: bytes) -> bytes:
    """A sitemap that was packed as a file, and not for the way."""
    if not body.startswith(_GZIP):
        return body
    unpacking = zlib.decompressobj(wbits=31)
    plain = unpacking.decompress(body, LARGEST)
    if unpacking.unconsumed_tail:
        raise ValueError(f"unpacked it is larger than {LARGEST // 2**20} MiB")
    return plain


def _nodes(text: str, errors: list[str]) -> Iterator[ElementTree.Element]:
    """The entries of a sitemap; where the whole is not well-formed, those that are."""
    try:
        # Without a DOCTYPE there is nothing that could expand.
        yield from ElementTree.fromstring(charset.xml(text))  # noqa: S314
        return
    except ElementTree.ParseError as error:
        errors.append(f"it is not well-formed: {error}")
    frame, end = _frame(text)
    for part in _PART.finditer(text):
        try:
            yield from ElementTree.fromstring(charset.xml(f"{frame}{part.group()}{end}"))  # noqa: S314
        except ElementTree.ParseError as error:
            errors.append(f"an entry is not well-formed: {error}")


def _frame(text: str) -> tuple[str, str]:
    """The tags of the root, with all prefixes that an entry may have."""
    opening = _OPENING.search(text)
    frame = opening.group().rstrip("/>") if opening else "<urlset"
    missing = [f'xmlns:{name}="{uri}"' for name, uri in _PREFIXES.items() if f"xmlns:{name}=" not in frame]
    return f"{' '.join([frame, *missing])}>", f"</{frame[1:].split(maxsplit=1)[0]}>"


def _named(node: ElementTree.Element, base: str) -> _Named | None:
    """What an entry says; names count without their namespace, which many get wrong."""
    own = {_name(child): (child.text or "").strip() for child in node if "sitemap-" not in child.tag}
    url = absolute(own.get("loc"), base)
    if url is None:
        return None
    news = {_name(child): (child.text or "").strip() for child in node.iter() if "sitemap-news" in child.tag}
    return _Named(
        url,
        own.get("lastmod", ""),
        line(news.get("title", "")),
        news.get("publication_date", ""),
        news.get("language", ""),
        line(news.get("name", ""), LONGEST_NAME),
    )


def _name(node: ElementTree.Element) -> str:
    return node.tag.rpartition("}")[2]


def _news(named: Sequence[_Named], terms: Terms) -> Document:
    reader = reader_for(terms)
    entries: list[Entry] = []
    untitled = 0
    for part in named:
        if not part.title:
            untitled += 1
            continue
        # The last change of a page is not its publication.
        published, basis = published_at([part.published] if part.published else [], part.url, terms, reader)
        language = language_beside(part.language, terms.language)
        entries.append(
            Entry(
                part.title,
                part.url,
                published=published,
                basis=basis,
                outlet=part.outlet or None,
                language=language,
            )
        )
    errors = (f"{untitled} addresses have no title",) if untitled else ()
    return Document("sitemap", tuple(entries), errors=errors)


def _pages(named: Sequence[_Named], terms: Terms) -> Document:
    """The pages of a plain sitemap that are new: followed, because only they know their titles."""
    reader = reader_for(terms)
    known = [(part.url, _changed(part, terms, reader)) for part in named]
    dated = [(url, changed) for url, changed in known if changed]
    if not dated:
        problem = f"it names {len(named)} pages without titles or dates: nothing tells which are new"
        return Document("sitemap", problem=problem, fault=Fault.FOREIGN)
    last = max(changed for _, changed in dated)
    if not terms.pages:
        problem = "it names pages without titles, and its entry says that pages are never fetched"
        return Document("sitemap", problem=problem, fault=Fault.FOREIGN, newest_at=last)
    fresh = _fresh(dated, terms)
    # A page is fetched once, however often it changes.
    follow = tuple(Follow(url, ARTICLE, stamp=ARTICLE) for url in fresh[:MOST_FOLLOWED])
    left = len(fresh) - len(follow)
    errors = (f"{left} further new pages were left out",) if left else ()
    return Document("sitemap", follow=follow, errors=errors, newest_at=last)


def _index(named: Sequence[_Named], terms: Terms) -> Document:
    """The sitemaps that have changed, newest first, and some of those that do not say."""
    if terms.depth >= DEEPEST:
        problem = "it is a list of sitemaps in a list of a list of sitemaps"
        return Document("sitemapindex", problem=problem, fault=Fault.FOREIGN)
    reader = reader_for(terms)
    known = [
        (part, _changed(part, terms, reader)) for part in named if canonical(part.url) != canonical(terms.url)
    ]
    dated = [(part, changed) for part, changed in known if changed]
    fresh = _fresh(dated, terms)[: MOST_FOLLOWED - MOST_UNDATED]
    undated = [part for part, changed in known if not changed]
    undated.sort(key=_dull)
    # What is said of a change may be wrong for years: the likeliest of the others are seen once a day.
    others = sorted(dated, key=lambda pair: pair[1], reverse=True)
    doubted = sorted((part for part, _ in others if part not in fresh), key=_dull)
    follow = [_followed(part, terms) for part in [*fresh, *undated[:MOST_UNDATED]]]
    follow += [_followed(part, terms) for part in doubted[: MOST_UNDATED - len(undated[:MOST_UNDATED])]]
    left = len(undated) - MOST_UNDATED
    errors = (f"{left} sitemaps that do not say when they changed were left out",) if left > 0 else ()
    last = max((changed for _, changed in dated), default=None)
    return Document("sitemapindex", follow=tuple(follow), errors=errors, newest_at=last)


def _changed(part: _Named, terms: Terms, reader: dates.Reader) -> datetime | None:
    """When an address last changed: as it says, or by the day that it names."""
    if part.changed and (found := dates.read(part.changed, reader, terms.now)):
        # A day without an hour lasts until its end, in whatever zone.
        return min(found + _DAY, terms.now) if _WHOLE_DAY.fullmatch(part.changed) else found
    day = dates.from_address(part.url, terms.date_pattern, reader.zone, terms.now)
    if day:
        return min(day + _DAY, terms.now)
    month = _MONTH.search(part.url)
    # As many days as the longest has.
    return (
        min(datetime(int(month[1]), int(month[2]), 1, tzinfo=UTC) + 32 * _DAY, terms.now) if month else None
    )


def _fresh(dated: Iterable[tuple[T, datetime]], terms: Terms) -> list[T]:
    """What has changed since the source was read, newest first."""
    since = max((terms.since or terms.now) - LATE, terms.now - ABSENCE)
    kept = [(named, changed) for named, changed in dated if changed >= since]
    return [named for named, _ in sorted(kept, key=lambda pair: pair[1], reverse=True)]


def _dull(part: _Named) -> bool:
    """Whether the address of a sitemap does not even promise news."""
    return "news" not in part.url.lower()


def _followed(part: _Named, terms: Terms) -> Follow:
    stamp = _stamp(part, terms)
    return Follow(part.url, SourceKind.SITEMAP, stamp=stamp, daily=stamp is not None)


def _stamp(part: _Named, terms: Terms) -> str | None:
    """The state of a sitemap; None if it may change without saying so, as on the day that it names."""
    if not part.changed:
        return None
    day = dates.read(part.changed, reader_for(terms), terms.now)
    under_way = _WHOLE_DAY.fullmatch(part.changed) and day and day + 2 * _DAY > terms.now
    return None if under_way else part.changed
