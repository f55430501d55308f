"""`config/sources/`: the places that publish, a country or family of outlets a file."""

import codecs
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

import jmespath
from jmespath.exceptions import JMESPathError
from jmespath.functions import Functions
from pydantic import AfterValidator, Field, HttpUrl, ValidationInfo, field_validator, model_validator
from selectolax.lexbor import LexborHTMLParser, SelectolaxError
from tld import get_fld

from tasks.model import AGGREGATOR
from tasks.settings import located
from tasks.settings.located import Mistake, Row


@cache
def _zones() -> frozenset[str]:
    """All names of zones: to list them means to look through a folder of files."""
    return frozenset(available_timezones())


def _zone(name: str) -> str:
    if name not in _zones():
        raise ValueError(f"is not a time zone: {name}")
    return name


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"is not a regular expression: {error}") from error
    return text


def _date_pattern(text: str) -> str:
    missing = {"year", "month", "day"} - re.compile(_pattern(text)).groupindex.keys()
    if missing:
        raise ValueError(f"has no group named {sorted(missing)[0]}")
    return text


def _charset(name: str) -> str:
    try:
        return codecs.lookup(name).name
    except LookupError as error:
        raise ValueError(f"is not a character encoding: {name}") from error


def _date_format(form: str) -> str:
    try:
        datetime.strptime(datetime(2026, 11, 20, 21, 40).strftime(form), form)
    except ValueError as error:
        raise ValueError(f"is not a format of strptime: {error}") from error
    return form


def _selector(text: str) -> str:
    try:
        LexborHTMLParser("").css(text)
    except SelectolaxError as error:
        raise ValueError(f"is not a CSS selector: {text}") from error
    return text


def _path(text: str) -> str:
    try:
        compiled = jmespath.compile(text)
    except JMESPathError as error:
        raise ValueError(f"is not a JMESPath expression: {str(error).splitlines()[0]}") from error
    for name in _functions(compiled.parsed):
        if name not in Functions.FUNCTION_TABLE:
            raise ValueError(f"is not a JMESPath expression: there is no function `{name}`")
    return text


def _functions(node: Any) -> Iterator[str]:
    """The functions that a parsed expression calls; the library looks for them only when it runs."""
    if node["type"] == "function_expression":
        yield node["value"]
    for child in node["children"]:
        if isinstance(child, dict):
            yield from _functions(child)


def _fingerprint(text: str) -> str:
    digits = text.replace(":", "").lower()
    if not re.fullmatch(r"[0-9a-f]{64}", digits):
        raise ValueError("is not a SHA-256: 64 hexadecimal digits, with or without colons")
    return digits


Pattern = Annotated[str, AfterValidator(_pattern)]
DatePattern = Annotated[str, AfterValidator(_date_pattern)]
Selector = Annotated[str, AfterValidator(_selector)]
# Where something stands in a JSON document: `data.list`, `title`, `join('/', ['https://a.b', id])`.
JsonPath = Annotated[str, AfterValidator(_path)]


class SourceKind(StrEnum):
    """How a source publishes; `tasks.settings.kinds` says what follows from it."""

    FEED = "feed"  # RSS, Atom, RDF, JSON Feed: the document says which
    LIST = "list"  # a page of links
    SITEMAP = "sitemap"  # a news sitemap, or a list of sitemaps
    API = "api"  # JSON, described under `api`
    GDELT = "gdelt"  # bulk files, one every quarter of an hour
    GDELT_DOC = "gdelt-doc"  # the search interface, JSON


class Pages(StrEnum):
    """When the page behind an item is fetched."""

    SHORT = "short"  # if the feed gives too little
    NEVER = "never"


class Robots(StrEnum):
    """When a site's robots.txt is asked. A feed is made for programs, a page for readers."""

    PAGES = "pages"  # for list pages and articles
    ALWAYS = "always"  # for the feed as well


class Example(Row):
    """An address that the patterns of a list page were made for, and the day that it gives, if any."""

    url: HttpUrl
    day: date | None = None


class Links(Row):
    """How the links of a list page are found: by a CSS selector, a pattern of the address, or both."""

    selector: Selector = "a[href]"
    pattern: Pattern | None = None
    # Groups named year, month and day read the date of publication out of the address.
    date_pattern: DatePattern | None = None
    # What the addresses of its articles look like: whoever changes a pattern is told if it no longer fits.
    examples: tuple[Example, ...] = ()

    @model_validator(mode="after")
    def _fitting(self) -> "Links":
        for example in self.examples:
            address = str(example.url)
            if self.pattern is not None and not re.search(self.pattern, address):
                raise ValueError(f"its pattern does not fit its own example {address}")
            if (found := self.day(address)) != example.day:
                raise ValueError(f"its date_pattern gives {found or 'no day'} for its own example {address}")
        return self

    def day(self, address: str) -> date | None:
        """The day that the source's own pattern reads out of an address."""
        match = re.search(self.date_pattern, address) if self.date_pattern else None
        if match is None:
            return None
        try:
            return date(int(match["year"]), int(match["month"]), int(match["day"]))
        except ValueError:
            return None


class Epoch(StrEnum):
    """What a date counts that is a number since 1970."""

    SECONDS = "seconds"
    MILLISECONDS = "milliseconds"


class PageNumber(Row):
    """A parameter of the address that counts the pages of an answer.

    `first` is the number of the page that the source's own address gives, `step` what is added
    for the next: 1 where pages are counted, the size of a page where items are.
    """

    parameter: str = Field(pattern=r"^[A-Za-z0-9_.\[\]-]+$")
    first: int = Field(default=1, ge=0)
    step: int = Field(default=1, ge=1)


class Api(Row):
    """Where things stand in the JSON of a source, in JMESPath.

    `items` and `next` start at the document, all others at the item.
    """

    items: JsonPath
    title: JsonPath
    url: JsonPath
    summary: JsonPath | None = None
    body: JsonPath | None = None
    date: JsonPath | None = None
    id: JsonPath | None = None
    language: JsonPath | None = None
    # For dates that are numbers; texts are read like those of a feed.
    epoch: Epoch | None = None
    # The address of the next page, or else how the pages are counted.
    next: JsonPath | None = None
    page: PageNumber | None = None
    pages: int = Field(default=3, ge=1, le=20)  # at most so many are read at a time

    @field_validator("page")
    @classmethod
    def _one_way_on(cls, page: PageNumber | None, info: ValidationInfo) -> PageNumber | None:
        if page is not None and info.data.get("next") is not None:
            raise ValueError("stands beside `next`, and only one of them can name the next page")
        return page


class Gdelt(Row):
    """What the rows of GDELT's bulk files are sifted by: a row is kept if it meets every one of `require`."""

    require: tuple["GdeltRule", ...] = Field(min_length=1)


class GdeltRule(Row):
    """Met by a row that names at least one of all these.

    `countries` are FIPS 10-4 codes, as GDELT has them (China is CH, Russia RS). `themes` are those of
    the Global Knowledge Graph, a `*` at the end standing for any other end. `names` are parts of the
    names of persons and organisations that GDELT found in the text, in English, or words of the title.
    """

    countries: tuple[Annotated[str, Field(pattern=r"^[A-Z]{2}$")], ...] = ()
    themes: tuple[Annotated[str, Field(pattern=r"^[A-Z0-9_]+\*?$")], ...] = ()
    names: tuple[Annotated[str, Field(min_length=3)], ...] = ()

    @model_validator(mode="after")
    def _says_something(self) -> "GdeltRule":
        if not self.countries and not self.themes and not self.names:
            raise ValueError("a rule names countries, themes or names")
        return self


class Verified(Row):
    """Who saw the source alive, when, and what was seen."""

    on: date
    note: str = ""


# Sites with a rate group of their own. Google's search for news is no other of its services, and what
# GDELT asks for (one request in five seconds) it asks of all its hosts together.
_GROUPS = {"news.google.com": "news.google.com", "gdeltproject.org": "gdelt"}
_PAUSES = {"gdelt": 5.0}

# The kind that a section of an entry belongs to.
_SECTIONS = {"links": SourceKind.LIST, "api": SourceKind.API, "gdelt": SourceKind.GDELT}


class Source(Row):
    """A place that publishes."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    outlet: str
    url: HttpUrl
    kind: SourceKind = SourceKind.FEED
    language: str = Field(pattern=r"^[a-z]{2,3}(-[A-Z][a-z]{3})?$")
    country: str = Field(pattern=r"^[A-Z]{3}$")
    rank: int = Field(ge=1, le=4)
    zone: Annotated[str, AfterValidator(_zone)]
    family: str
    enabled: bool = True
    minutes: int = Field(default=15, ge=1, le=1440)
    pages: Pages = Pages.SHORT
    links: Links | None = None
    api: Api | None = None
    gdelt: Gdelt | None = None
    # Further hosts on which its articles stand: what an aggregator finds there are this outlet's words.
    hosts: tuple[Annotated[str, Field(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$")], ...] = ()
    # Sources of one group are fetched one after the other; by default those of one registered domain.
    rate_group: str | None = None
    spacing: float = Field(default=2.0, ge=0, le=3600)  # seconds from one request of the group to the next
    stale_after: int = Field(default=30, ge=1)  # days without anything new after which silence is a fault
    charset: Annotated[str, AfterValidator(_charset)] | None = None  # overrules what the document says
    # As of strptime, for dates that no standard describes.
    date_format: Annotated[str, AfterValidator(_date_format)] | None = None
    article: Selector | None = None  # of the text on the pages behind the items
    cookies: bool = False  # a few sites answer only who hands back the cookie that they set
    downgrade: bool = False  # may lead from https to http
    # The SHA-256 of the one certificate, or of the public key in it, that the source's host is trusted
    # by: for a site whose certificate has run out or is signed by nobody. It replaces all other checks.
    tls_pin: Annotated[str, AfterValidator(_fingerprint)] | None = None
    robots: Robots = Robots.PAGES
    # Hosts on loopback are refused unless the source says that it is meant to be there.
    loopback: bool = False
    verified: Verified | None = None
    # What the address rests on where nobody is known to have seen it alive: who reads it, since when.
    believed: str | None = None
    reason: str | None = None

    @field_validator("url")
    @classmethod
    def _without_a_secret(cls, url: HttpUrl) -> HttpUrl:
        if url.username is not None or url.password is not None:
            raise ValueError("carries a user or a password, which would be shown wherever it is named")
        return url

    @field_validator("links", "api", "gdelt")
    @classmethod
    def _of_its_kind(cls, section: Row | None, info: ValidationInfo) -> Row | None:
        wanted = _SECTIONS[info.field_name or ""]
        kind = info.data.get("kind", wanted)
        if section is not None and kind is not wanted:
            raise ValueError(f"is of no use to the kind `{kind}`")
        return section

    @model_validator(mode="after")
    def _consistent(self) -> "Source":
        if self.kind is SourceKind.LIST and self.links is None:
            raise ValueError("a list page needs `links`")
        if self.kind is SourceKind.API and self.api is None:
            raise ValueError("an API needs `api`, which says where things stand in its JSON")
        if self.kind is SourceKind.GDELT and self.gdelt is None:
            raise ValueError("GDELT's bulk files need `gdelt`, which says which of their rows matter")
        if self.tls_pin and self.url.scheme != "https":
            raise ValueError("`tls_pin` is of no use without https")
        if not self.enabled and not self.reason:
            raise ValueError("a source that is off needs a `reason`")
        return self

    @property
    def timezone(self) -> ZoneInfo:
        """The zone in which the source writes its dates."""
        return ZoneInfo(self.zone)

    @property
    def discovery(self) -> bool:
        """Whether it publishes nothing of its own: its items are leads (`tasks.settings.outlets`)."""
        return self.rank == AGGREGATOR

    @property
    def group(self) -> str:
        """The rate group that the source belongs to."""
        return self.rate_group or rate_group(str(self.url))

    @property
    def pause(self) -> float:
        """Seconds from one request of the group to the next: as configured, and as its site asks."""
        return self.pause_in(self.group)

    def group_at(self, url: str) -> str:
        """The rate group of one of its addresses: its own group holds for its whole site, and no further."""
        return self.group if rate_group(url) == rate_group(str(self.url)) else rate_group(url)

    def pause_in(self, group: str) -> float:
        """Seconds from one of its requests to the next in a rate group, be it its own or another."""
        return max(self.spacing, _PAUSES.get(group, 0.0))


def rate_group(url: str) -> str:
    """The rate group of an address: that of its site if it has one of its own, else its registered
    domain, or its host and port where it has none.
    """
    parts = urlsplit(url)
    host = _plain(parts.hostname or "")
    for site, group in _GROUPS.items():
        if host == site or host.endswith(f".{site}"):
            return group
    domain = get_fld(f"https://{host}", fail_silently=True, search_private=False)
    return domain or parts.netloc.rpartition("@")[2].lower()


def _plain(host: str) -> str:
    """A host's name as name servers know it: without the dot at the end, in letters of ASCII."""
    try:
        return host.rstrip(".").encode("idna").decode("ascii").lower()
    except UnicodeError:
        return host.rstrip(".").lower()


def load(folder: Path, mistakes: list[Mistake]) -> Sequence[Source]:
    """All sources in the YAML files of `folder`; what is wrong is added to `mistakes`."""
    found: dict[str, Source] = {}
    for path in sorted(folder.glob("*.yaml")):
        name = f"sources/{path.name}"
        try:
            document = located.read(path, name)
        except located.ConfigurationError as error:
            mistakes.extend(error.mistakes)
            continue
        for location, source in located.rows(document, Source, mistakes):
            if source.id in found:
                mistakes.append(document.mistake((*location, "id"), f"`{source.id}` is given twice"))
            found[source.id] = source
    return tuple(found.values())
