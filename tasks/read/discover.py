"""What a page says of where its outlet publishes for programs, and what its own links would give.

Runs where it can be killed (`tasks.read.child`), like everything that looks at bytes from elsewhere.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

import feedparser
from selectolax.lexbor import LexborHTMLParser
from tld import get_fld

from tasks.read import charset, list_page
from tasks.read.address import absolute, canonical
from tasks.read.document import Terms
from tasks.read.plain import LONGEST_HTML, line

# Of what one page names, so much is kept: a page may name the feed of each of a thousand rubrics.
MOST_FEEDS = 25
MOST_LINKS = 20_000
# Fewer links of one form than this are a coincidence.
FEWEST_LINKS = 3

_TYPES = re.compile(
    r"application/(?:rss|atom|rdf)\+xml|application/feed\+json|(?:application|text)/(?:xml|rss|atom|rdf)",
    re.IGNORECASE,
)
_FEED_LIKE = re.compile(
    r"(?:^|[/._?&=-])(?:rss2?|feeds?|atom|rdf)(?:[/._?&=-]|$)|rss[_-]|_rss|\.(?:rss|rdf|atom)$", re.IGNORECASE
)
_FEED_WORD = re.compile(r"\b(?:RSS|Atom[- ]Feed|XML[- ]Feed)\b", re.IGNORECASE)
# Places that explain feeds or take an address over; and the feeds of what readers say below a text.
_ELSEWHERE = re.compile(
    r"^https?://(?:[\w-]+\.)*(?:feedly\.com|inoreader\.com|netvibes\.com|my\.yahoo\.com|wikipedia\.org"
    r"|facebook\.com|twitter\.com|x\.com|telegram\.me|t\.me)/|/comments?/feed|/kommentare?/feed",
    re.IGNORECASE,
)
_ROOT = re.compile(r"<(?:[\w-]+:)?(rss|feed|RDF|urlset|sitemapindex)[\s>/]")
_PAGE = re.compile(r"<!doctype html|<html[\s>]", re.IGNORECASE)
_JSON_FEED = re.compile(r'"version"\s*:\s*"https?://(?:www\.)?jsonfeed\.org/version/')
_FIRST_ENTRY = re.compile(r"<(?:[\w-]+:)?(?:item|entry)[\s>]")
_JSON_FIELD = r'"{}"\s*:\s*"((?:[^"\\]|\\.){{1,300}})"'

_NUMBER = re.compile(r"\d+")
# Years, months and days, alone or together.
_CALENDAR = re.compile(r"(?:(?:19|20)\d\d)?(?:0\d|1[0-2])?(?:[0-2]\d|3[01])?")
_ANY = "[^/]+"
_RUNNING = "<number>"
_WORDS = re.compile(r"[^\W\d_]{2,}")
_HEXADECIMAL = re.compile(r"[0-9a-f]{16,}(?=[^0-9a-zA-Z]|$)")
_SUFFIX = re.compile(r"\.[A-Za-z]{2,5}$")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An address that may be a source: of which kind, what the page calls it, and how it was found."""

    url: str
    kind: str
    title: str = ""
    found: str = ""
    pattern: str | None = None


@dataclass(frozen=True, slots=True)
class Discovery:
    """What a document is (`feed`, `sitemap`, `page`, or empty), what it is called, in which language
    it says that it is, and the sources that it names or would itself be.
    """

    form: str
    title: str = ""
    language: str | None = None
    candidates: tuple[Candidate, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The discovery as JSON; `from_json` makes it again."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Discovery":
        """The discovery that `to_json` gave.

        Raises:
            KeyError, TypeError, ValueError: it is no such thing.
        """
        return cls(**{**value, "candidates": tuple(Candidate(**one) for one in value["candidates"])})


def parse(body: bytes, terms: Terms) -> Discovery:
    """What can be learned from a document about the sources of its outlet.

    A page names the feeds that it declares and those that it links; where its own links carry days,
    the last candidate is the page itself as a list, with the pattern of those links.
    """
    text = charset.decode(body, terms.content_type, terms.charset)
    head = text[:20_000]
    if head.lstrip().startswith("{"):
        return _json_feed(text, terms)
    root = _ROOT.search(head)
    if root and not _PAGE.search(head[: root.start()]):
        if root.group(1) in ("urlset", "sitemapindex"):
            return Discovery(
                "sitemap", candidates=(Candidate(terms.url, "sitemap", found="the address itself"),)
            )
        return _feed(text, terms)
    return _page(text, body, terms)


def _json_feed(text: str, terms: Terms) -> Discovery:
    if not _JSON_FEED.search(text):
        return Discovery("")
    title, language = (re.search(_JSON_FIELD.format(name), text) for name in ("title", "language"))
    return Discovery(
        "feed",
        line(title.group(1), 200) if title else "",
        language_code(language.group(1)) if language else None,
        (Candidate(terms.url, "feed", found="the address itself"),),
    )


def _feed(text: str, terms: Terms) -> Discovery:
    """Only the head is read: it says all that is asked, and a feed may be long."""
    first = _FIRST_ENTRY.search(text)
    head = feedparser.parse(charset.xml(text[: first.start()] if first else text), sanitize_html=True).feed
    candidate = Candidate(terms.url, "feed", found="the address itself")
    return Discovery(
        "feed", line(str(head.get("title") or ""), 200), language_code(head.get("language")), (candidate,)
    )


def _page(text: str, body: bytes, terms: Terms) -> Discovery:
    tree = LexborHTMLParser(text[:LONGEST_HTML])
    stated = tree.css_first("base[href]")
    base = (absolute(stated.attributes.get("href"), terms.url) if stated else None) or terms.url
    html = tree.css_first("html")
    name = tree.css_first('meta[property="og:site_name"]')
    heading = tree.css_first("title")
    title = (name.attributes.get("content") if name else None) or (heading.text() if heading else "")
    found: dict[str, Candidate] = {}
    for candidate in (*_declared(tree, base), *_linked(tree, base)):
        found.setdefault(canonical(candidate.url) or candidate.url, candidate)
    listed = _list(body, terms)
    return Discovery(
        "page" if _PAGE.search(text[:20_000]) or found or listed else "",
        line(title or "", 200),
        language_code(html.attributes.get("lang") if html else None),
        (*list(found.values())[:MOST_FEEDS], *([listed] if listed else [])),
    )


def _declared(tree: LexborHTMLParser, base: str) -> Iterator[Candidate]:
    """What the page declares as another form of itself, of any type that feeds have."""
    for node in tree.css("link[href]")[:MOST_LINKS]:
        rel = (node.attributes.get("rel") or "").lower().split()
        kind = node.attributes.get("type") or ""
        if not ("feed" in rel or ("alternate" in rel and _TYPES.match(kind.strip()))):
            continue
        url = absolute(node.attributes.get("href"), base)
        if url and not _ELSEWHERE.search(url):
            yield Candidate(
                url, "feed", line(node.attributes.get("title") or "", 200), "declared by the page"
            )


def _linked(tree: LexborHTMLParser, base: str) -> Iterator[Candidate]:
    """What the page links and what looks like a feed, by its address or by its words."""
    for node in tree.css("a[href]")[:MOST_LINKS]:
        url = absolute(node.attributes.get("href"), base)
        if url is None or _ELSEWHERE.search(url) or canonical(url) == canonical(base):
            continue
        words = line(node.text(separator=" ") or node.attributes.get("title") or "", 200)
        if looks_like_feed(url) or (len(words) < 40 and _FEED_WORD.search(words)):
            yield Candidate(url, "feed", words, "linked on the page")


def looks_like_feed(url: str) -> bool:
    """Whether an address is written as those of feeds are."""
    parts = urlsplit(url)
    return _FEED_LIKE.search(f"{parts.path}?{parts.query}") is not None


def _list(body: bytes, terms: Terms) -> Candidate | None:
    """The page as a list: the form of address that most of its dated links share, as a pattern."""
    forms: dict[tuple[str, ...], list[str]] = defaultdict(list)
    site = _site(terms.url)
    for entry in list_page.parse(body, terms).entries:
        if entry.url and _site(entry.url) == site and entry.published:
            forms[_form(entry.url)].append(entry.url)
    form, members = max(forms.items(), key=lambda found: len(found[1]), default=((), []))
    if len(members) < FEWEST_LINKS:
        return None
    pattern = _pattern(form, members)
    if not re.search(r"\\d|[a-z]{3}", pattern.replace(_ANY, "")):
        return None  # any page of the site would fit
    return Candidate(
        terms.url, "list", found=f"{len(members)} links on the page carry a day", pattern=pattern
    )


def _form(url: str) -> tuple[str, ...]:
    """The form of an address's path, a pattern for each of its parts: numbers by their length, words as
    what may change.
    """
    segments = _segments(url)
    return tuple(_segment(one, last=number == len(segments)) for number, one in enumerate(segments, start=1))


def _segments(url: str) -> list[str]:
    return urlsplit(url).path.split("/")[1:]


def _segment(segment: str, *, last: bool) -> str:
    """One part of a path: a number, a code, a word with numbers, or a name that differs each time."""
    suffix = _SUFFIX.search(segment)
    stem = segment[: suffix.start()] if suffix else segment
    end = re.escape(suffix.group()) if suffix else ""
    if not stem:
        return end
    if _HEXADECIMAL.fullmatch(stem) and not stem.isdecimal():
        return rf"[0-9a-f]{{{len(stem)}}}{end}"
    if stem.isdecimal():
        return _RUNNING + end
    words = _WORDS.findall(stem)
    # One short word beside numbers is part of the form: t20261120_12345, content_WS, detail-abc.
    if re.search(r"\d", stem) and len(words) <= 1 and not re.search(r"\d[a-z]+\d", stem, re.IGNORECASE):
        return _NUMBER.sub(_RUNNING, _escaped(stem)) + end
    return (_ANY if last or len(words) != 1 else _escaped(stem)) + end


def _escaped(stem: str) -> str:
    return "".join(
        character if character.isalnum() or character in "-_" else re.escape(character) for character in stem
    )


def _pattern(form: Sequence[str], members: Sequence[str]) -> str:
    """The pattern of addresses of one form: what is the same in all of them belongs to it."""
    columns = zip(*map(_segments, members), strict=True)
    return "/" + "/".join(_narrowed(part, set(column)) for part, column in zip(form, columns, strict=True))


def _narrowed(part: str, segments: set[str]) -> str:
    alone = next(iter(segments)) if len(segments) == 1 else ""
    # A day is the same only today.
    if alone and not any(map(_CALENDAR.fullmatch, _NUMBER.findall(alone))):
        return _escaped(alone)
    numbers = zip(*(_NUMBER.findall(segment) for segment in segments), strict=False)
    for found in numbers if _RUNNING in part else ():
        part = part.replace(_RUNNING, _digits(set(found)), 1)
    return part.replace(_RUNNING, r"\d+")


def _digits(numbers: set[str]) -> str:
    """Years and days have a length; a running number grows."""
    lengths = {len(number) for number in numbers}
    length = next(iter(lengths))
    fixed = len(lengths) == 1 and all(_CALENDAR.fullmatch(number) for number in numbers)
    return rf"\d{{{length}}}" if fixed else r"\d+"


def _site(url: str) -> str:
    return get_fld(url, fail_silently=True, search_private=False) or urlsplit(url).netloc


def language_code(value: object) -> str | None:
    """A language as the list of sources writes it: `zh-Hant`, `en`; None for what is none."""
    match = (
        re.match(r"\s*([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]|\s*$)", value)
        if isinstance(value, str)
        else None
    )
    if match is None:
        return None
    script = f"-{match.group(2).title()}" if match.group(2) else ""
    return match.group(1).lower() + script
