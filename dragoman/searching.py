"""Searching a site for what it publishes for programs, and trying each thing that is found."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from dragoman.drafting import Drafter, Given
from dragoman.sources_check import gave
from dragoman.trying import Trial, Tried
from tasks.fetch.client import Request
from tasks.fetch.guard import RefusedError, check_url, port_of
from tasks.fetch.outcome import Failure
from tasks.read.address import canonical
from tasks.read.child import DISCOVER
from tasks.read.discover import Candidate, Discovery, looks_like_feed
from tasks.read.document import Terms
from tasks.settings import homes
from tasks.settings.kinds import KINDS
from tasks.settings.source_files import Place
from tasks.settings.sources import Source, SourceKind, rate_group
from tasks.store.sources import SourceState

# Where programs put feeds when nobody says where.
_WELL_KNOWN = ("/feed", "/rss", "/rss.xml", "/atom.xml", "/feed.json")
# So many are tried of what a page names: each costs the site a request, and the operator a pause.
MOST_TRIED = 12
MOST_SITEMAPS = 3
# Seconds between requests to one site, as for any source. This machine needs no patience of itself.
_SPACING = 2.0
_ACCEPT = f"{KINDS[SourceKind.LIST].accept}, application/rss+xml, application/atom+xml"


@dataclass(frozen=True, slots=True)
class Wish:
    """What the operator asks for: an address, what is known of it, and which find to take (from 1).

    `loopback` says that the address is meant to be on this machine.
    """

    url: str
    given: Given = field(default_factory=Given)
    choose: int | None = None
    loopback: bool = False


@dataclass(frozen=True, slots=True)
class Find:
    """A candidate, and what came of trying it; or the entry that has its address already."""

    number: int
    candidate: Candidate
    tried: Tried | None = None
    listed: Place | None = None

    @property
    def good(self) -> bool:
        """Whether it can be added and does well."""
        return self.tried is not None and self.tried.well

    def __str__(self) -> str:
        if self.listed:
            return f"in the list already as `{self.listed.source.id}`, at {self.listed}"
        assert self.tried
        told = f" ({self.tried.reason})" if self.tried.reason else ""
        return f"{self.tried.state.value.replace('_', ' ')}: {gave(self.tried)}{told}"


@dataclass(slots=True)
class Search:
    """A search on one site: what its document said, and what was found so far."""

    trial: Trial
    wish: Wish
    drafter: Drafter
    tell: Callable[[Find], None]
    discovery: Discovery = field(default_factory=lambda: Discovery(""))
    failure: Failure | None = None
    finds: list[Find] = field(default_factory=list)

    @property
    def spacing(self) -> float:
        """Seconds from one request to the next."""
        return 0.0 if self.wish.loopback else _SPACING

    async def run(self) -> None:
        """Try what the address is or names; then where feeds usually are; then the page as a list."""
        await self._look()
        if self.failure and self.failure.status is None:
            return
        named = [one for one in self.discovery.candidates if one.kind != SourceKind.LIST]
        sitemaps = [
            Candidate(url, SourceKind.SITEMAP, found="named in robots.txt")
            for url in sorted(
                self.trial.visitor.sitemaps(self.wish.url), key=lambda url: "news" not in url.lower()
            )
        ]
        await self._try([*named[:MOST_TRIED], *sitemaps[:MOST_SITEMAPS]])
        if not self._any_good and self.discovery.form not in ("feed", "sitemap"):
            await self._try(list(_usual(self.wish.url)))
        if not self._any_good:
            await self._try([one for one in self.discovery.candidates if one.kind == SourceKind.LIST])

    @property
    def _any_good(self) -> bool:
        return any(find.good or find.listed for find in self.finds)

    async def _look(self) -> None:
        url = self.wish.url
        request = Request(url, accept=_ACCEPT, ports=frozenset([port_of(url)]), loopback=self.wish.loopback)
        robots = not looks_like_feed(url)
        outcome = await self.trial.visitor.get(request, rate_group(url), self.spacing, robots=robots)
        if isinstance(outcome, Failure):
            self.failure = outcome
            return
        home = homes.of_host(urlsplit(url).hostname or "")
        terms = Terms(
            url=outcome.url,
            zone=home.zone if home else "UTC",
            language=self.wish.given.language or (home.language if home else None) or "en",
            now=self.trial.visitor.clock.now(),
            content_type=outcome.headers.get("content-type"),
        )
        said = await asyncio.to_thread(self.trial.children.read, DISCOVER, terms, outcome.body)
        self.discovery = Discovery.from_json(said)

    async def _try(self, candidates: Sequence[Candidate]) -> None:
        for candidate in candidates:
            if any(_same(find.candidate.url, candidate.url) for find in self.finds):
                continue
            number = len(self.finds) + 1
            if listed := self.drafter.listed(candidate.url):
                find = Find(number, candidate, listed=listed)
            else:
                find = Find(number, candidate, await self._one(candidate))
            self.finds.append(find)
            self.tell(find)

    async def _one(self, candidate: Candidate) -> Tried:
        source = self._provisional(candidate)
        try:
            # What a page names is no operator's word: only the web's own ports, elsewhere than at home.
            ports = [port_of(self.wish.url)] if self._at_home(candidate) else []
            check_url(candidate.url, ports, loopback=source.loopback)
        except RefusedError as error:
            return Tried(source, SourceState.REFUSED, str(error))
        return await self.trial.one(source)

    def _at_home(self, candidate: Candidate) -> bool:
        return urlsplit(candidate.url).netloc == urlsplit(self.wish.url).netloc

    def _provisional(self, candidate: Candidate) -> Source:
        """The candidate as an entry that is only there to be tried."""
        home = homes.of_host(urlsplit(candidate.url).hostname or "")
        return Source.model_validate(
            {
                "id": "candidate",
                "outlet": candidate.title or "candidate",
                "url": candidate.url,
                "kind": candidate.kind,
                "language": self.wish.given.language or (home.language if home else None) or "en",
                "country": "XXX",
                "rank": 3,
                "zone": self.wish.given.zone or (home.zone if home else "UTC"),
                "family": "candidate",
                "spacing": self.spacing,
                "loopback": self.wish.loopback and self._at_home(candidate),
                "links": {"pattern": candidate.pattern} if candidate.pattern else None,
            }
        )


def _usual(url: str) -> Iterator[Candidate]:
    parts = urlsplit(url)
    below = parts.path.rstrip("/")
    paths = (f"{below}/feed", *_WELL_KNOWN) if below else _WELL_KNOWN
    for path in paths:
        yield Candidate(f"{parts.scheme}://{parts.netloc}{path}", SourceKind.FEED, found="a usual place")


def _same(one: str, other: str) -> bool:
    return (canonical(one) or one) == (canonical(other) or other)
