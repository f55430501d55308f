"""Whether a source is still who it was: by its name, its site, and where its items stand.

A domain that has lapsed and an account that was taken go on answering under the old address. What
they say then is not thrown away, and is not believed either: it is kept back until the operator or
the source's own return has decided. A new name that has most words of the old one, another page
of the same site and a redirect that lasts and shows known items are no change of hands.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from tasks.model import AGGREGATOR
from tasks.read.document import Document
from tasks.settings.sources import Source, rate_group

# A source with items on more sites than this is one that points elsewhere by trade.
MOST_HOSTS = 20
# So much of the shorter of two names they must have in common to be one.
AKIN = 0.5
_WORD = re.compile(r"[^\W\d_]+")
# Scripts that write no spaces: each character counts for itself.
_WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7af]")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a source is: its name, the site that it names as its own, and the sites of its items, by
    registered domain. `hosts` is None where there are too many to tell.
    """

    title: str = ""
    home: str | None = None
    hosts: frozenset[str] | None = frozenset()

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """The identity that `to_json` gave."""
        hosts = value["hosts"]
        return cls(value["title"], value["home"], None if hosts is None else frozenset(hosts))

    def to_json(self) -> dict[str, Any]:
        """The identity as JSON; `from_json` makes it again."""
        hosts = None if self.hosts is None else sorted(self.hosts)
        return {"title": self.title, "home": self.home, "hosts": hosts}

    def joined(self, later: "Identity") -> "Identity":
        """What is known of one source from two readings; the later says how it is called now."""
        hosts = None
        if self.hosts is not None and later.hosts is not None:
            hosts = self.hosts | later.hosts
        many = hosts is None or len(hosts) > MOST_HOSTS
        return Identity(later.title or self.title, later.home or self.home, None if many else hosts)


@dataclass(frozen=True, slots=True)
class Recognised:
    """Who a source is known to be, and where it says otherwise, who it says it is and what is odd."""

    identity: Identity
    stranger: Identity | None = None
    reason: str | None = None


def recognise(
    settings: Source, known: Identity | None, document: Document, moved_to: str | None = None
) -> Recognised:
    """Compare what a document says of its source with what is known.

    `moved_to` is where a permanent redirect led that shows items which are known: that site is one
    of the source's own. A first reading is taken at its word.
    """
    seen = _seen(document)
    if known is None:
        return Recognised(seen)
    own = {rate_group(str(settings.url)), known.home, *(known.hosts or ())}
    if moved_to:
        own.add(rate_group(moved_to))
    odd: list[str] = []
    if known.title and seen.title and not _akin(known.title, seen.title):
        odd.append(f"it calls itself “{seen.title}” and was “{known.title}”")
    if known.home and seen.home and seen.home not in own:
        odd.append(f"it names {seen.home} as its site and named {known.home}")
    if settings.rank != AGGREGATOR and known.hosts and seen.hosts and not seen.hosts & own:
        odd.append(f"all its items stand elsewhere, on {', '.join(sorted(seen.hosts)[:3])}")
    both = known.joined(seen)
    return Recognised(replace(known), both, "; ".join(odd)) if odd else Recognised(both)


def _seen(document: Document) -> Identity:
    channel = document.channel
    addresses = {_site(entry.url) for entry in document.entries if entry.url and not entry.discovery}
    hosts = frozenset(rate_group(address) for address in addresses)
    home = rate_group(channel.home) if channel.home else None
    return Identity(channel.title, home, hosts if len(hosts) <= MOST_HOSTS else None)


def _site(url: str) -> str:
    """An address without its path: of many items few sites have to be looked up."""
    return "/".join(url.split("/", 3)[:3])


def _akin(one: str, other: str) -> bool:
    first, second = _words(one), _words(other)
    least = min(len(first), len(second))
    return not least or len(first & second) >= AKIN * least


def _words(title: str) -> set[str]:
    plain = unicodedata.normalize("NFKC", title).casefold()
    return {*_WIDE.findall(plain), *_WORD.findall(_WIDE.sub(" ", plain))}
