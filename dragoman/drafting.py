"""Drafting entries for the list of sources: what is not said is taken from what is known already.

First comes what the operator says, then what entries of the same site say, then what the address
and the document themselves tell. What nobody tells is asked for and never made up.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from pydantic import ValidationError
from tld import get_tld

from tasks.read.address import canonical
from tasks.settings import homes
from tasks.settings.homes import Home
from tasks.settings.source_files import Place, WriteError
from tasks.settings.sources import Source, rate_group

LONGEST_OUTLET = 80
# Where an entry goes that belongs to no country of which there are any.
_ELSEWHERE = "added"
_OUTLET_RANK = 3


@dataclass(frozen=True, slots=True)
class Given:
    """What the operator says of an entry; None where nothing is said."""

    id: str | None = None
    outlet: str | None = None
    language: str | None = None
    country: str | None = None
    zone: str | None = None
    rank: int | None = None
    file: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry that could be written, and the file that it belongs into."""

    source: Source
    file: str


@dataclass(slots=True)
class Drafter:
    """Drafts entries beside those that are there; what it has drafted is there for the next one.

    `given` goes before everything else, `fallback` is for what nothing else tells.
    """

    places: Sequence[Place]
    given: Given = field(default_factory=Given)
    fallback: Given = field(default_factory=Given)
    _by_address: dict[str, Place] = field(init=False)
    _by_group: dict[str, list[Place]] = field(init=False, default_factory=lambda: defaultdict(list))
    _ids: set[str] = field(init=False)

    def __post_init__(self) -> None:
        self._by_address = {_address(place.source): place for place in self.places}
        self._ids = {place.source.id for place in self.places}
        for place in self.places:
            self._by_group[rate_group(str(place.source.url))].append(place)

    def listed(self, url: str) -> Place | None:
        """The entry that has this address already, by what tells pages apart."""
        return self._by_address.get(canonical(url) or url)

    def check_id(self, id: str) -> None:
        """Make sure that an id is free.

        Raises:
            WriteError: it is taken; the message says where.
        """
        if taken := next((place for place in self.places if place.source.id == id), None):
            raise WriteError(f"there is a source `{id}` already, at {taken}")
        if id in self._ids:
            raise WriteError(f"there is a source `{id}` already, just added")

    def draft(
        self,
        url: str,
        *,
        outlet: str = "",
        languages: Sequence[str | None] = (),
        file: str | None = None,
        values: Mapping[str, Any] | None = None,
    ) -> Draft:
        """An entry for an address. `outlet` and `languages` are what is believed of it, the best
        first; `file` is where it goes if the operator does not say otherwise, and `values` are
        further fields of the entry.

        Raises:
            WriteError: something is missing that nobody can tell, or the entry would be wrong.
        """
        given = self.given
        siblings = self._by_group.get(rate_group(url), [])
        sibling = siblings[0].source if siblings else None
        home = (
            homes.of_country(given.country) if given.country else homes.of_host(urlsplit(url).hostname or "")
        )
        language = self._language(url, languages, home)
        country = given.country or (sibling.country if sibling else None)
        country = country or (home.country if home else None) or self.fallback.country
        if country is None:
            raise WriteError(
                f"nothing tells the country of {url}: give it with --country, such as --country HUN"
            )
        row = {
            "id": self._id(url),
            "outlet": given.outlet or _outlet(siblings, language) or outlet[:LONGEST_OUTLET] or _host(url),
            "url": url,
            "language": language,
            "country": country,
            "rank": given.rank or (sibling.rank if sibling else _OUTLET_RANK),
            "zone": self._zone(url, sibling, country),
            "family": sibling.family if sibling else self._family(url),
            **(values or {}),
        }
        return self._kept(row, given.file or file or self._file(siblings, country))

    def take(self, values: Mapping[str, Any], file: str) -> Draft:
        """An entry that says everything itself, for `file`.

        Raises:
            WriteError: its id is taken, or it would be wrong.
        """
        self.check_id(str(values.get("id")))
        return self._kept(values, self.given.file or file)

    def _kept(self, row: Mapping[str, Any], file: str) -> Draft:
        try:
            source = Source.model_validate(row)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = ".".join(map(str, first["loc"]))
            raise WriteError(f"{row.get('url')}: {where}: {first['msg']}".replace(": :", ":")) from error
        self._ids.add(source.id)
        place = Place(source, f"{file}.yaml", 0)
        self._by_address[_address(source)] = place
        self._by_group[rate_group(str(source.url))].append(place)
        return Draft(source, file)

    def _language(self, url: str, languages: Sequence[str | None], home: Home | None) -> str:
        believed = (self.given.language, *languages, home.language if home else None, self.fallback.language)
        language = next(filter(None, believed), None)
        if language is None:
            raise WriteError(
                f"nothing tells the language of {url}: give it with --language, such as --language hu"
            )
        return language

    def _zone(self, url: str, sibling: Source | None, country: str) -> str:
        if self.given.zone:
            return self.given.zone
        if sibling and sibling.country == country:
            return sibling.zone
        home = homes.of_country(country)
        if zone := home.zone if home else self.fallback.zone:
            return zone
        raise WriteError(
            f"nothing tells the zone of {url}: give it with --zone, such as --zone Europe/Budapest"
        )

    def _id(self, url: str) -> str:
        if self.given.id:
            self.check_id(self.given.id)
            return self.given.id
        name = _name(url)
        words = [slug(word) for word in re.split(r"[/._-]+", urlsplit(url).path)]
        said = [word for word in words if word and word not in _NO_NAMES and not word.isdecimal()]
        tries = [name, *("-".join([name, *said[-count:]]) for count in range(1, len(said) + 1))]
        numbered = (f"{tries[-1]}-{number}" for number in range(2, 10_000))
        return next(id for id in (*tries, *numbered) if id not in self._ids)

    def _family(self, url: str) -> str:
        """The name of the registered domain; the whole domain where another outlet goes by that name."""
        name = _name(url)
        others = {place.source.family for place in self.places}
        return slug(rate_group(url)) if name in others else name

    def _file(self, siblings: Sequence[Place], country: str) -> str:
        """The file of the same site, or the one with most entries of the country."""
        files = Counter(place.file for place in siblings) or Counter(
            place.file for place in self.places if place.source.country == country
        )
        return files.most_common(1)[0][0].removesuffix(".yaml") if files else _ELSEWHERE


def slug(text: str) -> str:
    """A name in small letters, digits and hyphens; empty where the text has no Latin letters."""
    plain = unicodedata.normalize("NFKD", text.replace("đ", "d").replace("Đ", "D"))
    ascii_only = plain.encode("ascii", errors="ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:60]


# Words of addresses that say how something is published and not what.
_NO_NAMES = frozenset(
    {"rss", "rss2", "feed", "feeds", "atom", "xml", "json", "rdf", "index", "html", "htm", "php"}
)


def _outlet(siblings: Sequence[Place], language: str) -> str | None:
    """What the outlet is called in entries of the same site, if they are all called the same."""
    # What was drafted just now says of itself alone what it is called.
    same = [place.source.outlet for place in siblings if place.line and place.source.language == language]
    return same[0] if same and len(set(same)) == 1 else None


def _name(url: str) -> str:
    found = get_tld(url, as_object=True, fail_silently=True, search_private=False)
    domain = str(getattr(found, "domain", "") or "")
    return slug(domain) or slug(_host(url)) or "source"


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _address(source: Source) -> str:
    return canonical(str(source.url)) or str(source.url)
