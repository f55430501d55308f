"""`config/sources/`: the places that publish, a country or family of outlets a file."""

import codecs
from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, Field, HttpUrl, model_validator
from tld import get_fld

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
    import re

    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"is not a regular expression: {error}") from error
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


Pattern = Annotated[str, AfterValidator(_pattern)]


class SourceKind(StrEnum):
    """How a source publishes."""

    FEED = "feed"  # RSS, Atom, RDF: the document says which
    LIST = "list"  # a page of links


class Pages(StrEnum):
    """When the page behind an item is fetched."""

    SHORT = "short"  # if the feed gives too little
    NEVER = "never"


class Robots(StrEnum):
    """When a site's robots.txt is asked. A feed is made for programs, a page for readers."""

    PAGES = "pages"  # for list pages and articles
    ALWAYS = "always"  # for the feed as well


class Links(Row):
    """How the links of a list page are found: by a CSS selector, a pattern of the address, or both."""

    selector: str = "a[href]"
    pattern: Pattern | None = None
    # Groups named year, month and day read the date of publication out of the address.
    date_pattern: Pattern | None = None


class Verified(Row):
    """Who saw the source alive, when, and what was seen."""

    on: date
    note: str = ""


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
    # Sources of one group are fetched one after the other; by default those of one registered domain.
    rate_group: str | None = None
    spacing: float = Field(default=2.0, ge=0, le=3600)  # seconds from one request of the group to the next
    stale_after: int = Field(default=30, ge=1)  # days without anything new after which silence is a fault
    charset: Annotated[str, AfterValidator(_charset)] | None = None  # overrules what the document says
    # As of strptime, for dates that no standard describes.
    date_format: Annotated[str, AfterValidator(_date_format)] | None = None
    article: str | None = None  # CSS selector of the text on the pages behind the items
    cookies: bool = False  # a few sites answer only who hands back the cookie that they set
    downgrade: bool = False  # may lead from https to http
    robots: Robots = Robots.PAGES
    # Hosts on loopback are refused unless the source says that it is meant to be there.
    loopback: bool = False
    verified: Verified | None = None
    reason: str | None = None

    @model_validator(mode="after")
    def _consistent(self) -> "Source":
        if self.kind is SourceKind.LIST and self.links is None:
            raise ValueError("a list page needs `links`")
        if not self.enabled and not self.reason:
            raise ValueError("a source that is off needs a `reason`")
        return self

    @property
    def timezone(self) -> ZoneInfo:
        """The zone in which the source writes its dates."""
        return ZoneInfo(self.zone)

    @property
    def group(self) -> str:
        """The rate group that the source belongs to."""
        return self.rate_group or rate_group(str(self.url))


def rate_group(url: str) -> str:
    """The rate group of an address: its registered domain, or its host and port where it has none."""
    parts = urlsplit(url)
    return get_fld(url, fail_silently=True, search_private=False) or parts.netloc.rpartition("@")[2].lower()


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
