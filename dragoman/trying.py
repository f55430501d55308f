"""Trying a source now: the request, the manners and the reading of a poll, and nothing that is kept.

What needs a memory cannot be said of a first look: whether a source is frozen or in other hands,
beyond what its document admits, is for the service to tell.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flows.parts import fetcher_of
from tasks.code.latin import written_in
from tasks.fetch import follow_ups, plan
from tasks.fetch.batch import side_by_side
from tasks.fetch.outcome import Failure, Outcome, Response
from tasks.fetch.visit import Visitor
from tasks.read.child import Children, ToxicError
from tasks.read.document import Document, Entry, Fault
from tasks.read.reading import read_document, terms
from tasks.settings.environment import Environment
from tasks.settings.kinds import KINDS
from tasks.settings.sources import Robots, Source
from tasks.store import health
from tasks.store.follow_ups import FollowUp
from tasks.store.health import Signs
from tasks.store.responses import StoredResponse
from tasks.store.sources import DueSource, SourceState

# Of a source in many parts, as many are fetched as show that they can be had.
MOST_PARTS = 3
# Entries whose words tell the language.
_LOOKED_AT = 40
# One language under several names, as far as a list of sources is concerned.
_SAME = {"hr": "sr", "bs": "sr", "nb": "no", "nn": "no"}


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of trying a source.

    `status` is HTTP's, None where none came. `form` is the document's own format, `newest` the
    latest time of publication in it (UTC), `language` the one that its items are written in, where
    that can be told, `title` what it calls itself. `elapsed` is in seconds.
    """

    source: Source
    state: SourceState
    reason: str | None = None
    status: int | None = None
    url: str = ""
    form: str = ""
    items: int = 0
    newest: datetime | None = None
    language: str | None = None
    title: str = ""
    elapsed: float = 0.0

    @property
    def well(self) -> bool:
        """Whether the source can be relied on: it gives items, and recent ones."""
        return self.state in (SourceState.OK, SourceState.MOVED)

    @property
    def other_language(self) -> bool:
        """Whether its items are written in another language than its entry says."""
        if self.language is None or self.source.discovery:
            return False
        return _plain(self.language) != _plain(self.source.language)

    @property
    def hint(self) -> str:
        """What to do about it; empty if nothing."""
        told = [health.advice(self.source.id, self.state)]
        if self.other_language:
            said, found = self.source.language, self.language
            told.append(f"Its items are in `{found}` and its entry says `{said}`: correct `language`.")
        return " ".join(filter(None, told))

    def row(self) -> dict[str, Any]:
        """What came of it as plain values."""
        source = self.source
        return {
            "id": source.id,
            "enabled": source.enabled,
            "kind": source.kind.value,
            "state": self.state.value,
            "well": self.well,
            "reason": self.reason,
            "hint": self.hint,
            "status": self.status,
            "url": self.url,
            "form": self.form,
            "items": self.items,
            "newest": self.newest,
            "language": source.language,
            "written_in": self.language,
            "seconds": round(self.elapsed, 3),
        }


@dataclass(frozen=True, slots=True)
class Trial:
    """What trying takes: somebody who asks sites, and children that read what comes."""

    visitor: Visitor
    children: Children

    async def all(self, sources: Iterable[Source], tell: Callable[[Tried], None]) -> None:
        """Try sources, rate groups side by side and the sources of one in turns; each is told at once.

        Raises:
            ExceptionGroup: something went wrong that is no fault of a source; the others were tried.
        """
        groups: dict[str, list[Source]] = defaultdict(list)
        for source in sources:
            groups[source.group].append(source)

        async def in_turns(members: Sequence[Source]) -> None:
            for source in members:
                tell(await self.one(source))

        await side_by_side([in_turns(members) for members in groups.values()])

    async def one(self, source: Source) -> Tried:
        """Try one source."""
        now = self.visitor.clock.now()
        due = DueSource(source.id, source, source.group, now)
        robots = KINDS[source.kind].robots or source.robots is Robots.ALWAYS
        outcome = await self.visitor.get(plan.request(due), source.group, source.pause, robots=robots)
        if isinstance(outcome, Failure):
            state = SourceState(plan.poll(due, outcome, now, 0.0).state)
            return _told(Tried(source, state, outcome.reason), outcome)
        try:
            document = await self._read(source, outcome, source.kind)
        except ToxicError as error:
            return _told(Tried(source, SourceState.TOXIC, str(error)), outcome)
        entries, trouble = await self._parts(source, document)
        return _told(_judged(source, outcome, document, entries, trouble, now), outcome)

    async def _read(self, source: Source, response: Response, kind: str, depth: int = 0) -> Document:
        now = self.visitor.clock.now()
        stored = _stored(source, response, now)
        how = terms(source, stored, now, depth=depth)
        return await asyncio.to_thread(read_document, self.children, kind, how, stored)

    async def _parts(self, source: Source, document: Document) -> tuple[list[Entry], str | None]:
        """The entries of a document and of the first parts that it names, and why one cannot be had."""
        entries = list(document.entries)
        trouble = None
        waiting = [(follow, 1) for follow in document.follow if not follow.catch_up]
        for _ in range(MOST_PARTS):
            if not waiting:
                break
            follow, depth = waiting.pop(0)
            part = FollowUp(
                0, source, follow.url, follow.kind, depth, 1, follow.stamp, follow.size, follow.md5
            )
            outcome = await self._part(part)
            if isinstance(outcome, Failure):
                trouble = f"its part {follow.url} cannot be had: {outcome.reason}"
                continue
            try:
                read = await self._read(source, outcome, follow.kind, depth)
            except ToxicError as error:
                trouble = f"its part {follow.url} cannot be read: {error}"
                continue
            trouble = f"its part {follow.url}: {read.problem}" if read.problem else trouble
            entries.extend(read.entries)
            waiting[:0] = [(further, depth + 1) for further in read.follow[:1] if not further.catch_up]
        return entries, trouble

    async def _part(self, part: FollowUp) -> Outcome:
        source = part.settings
        robots = KINDS[part.kind].robots or source.robots is Robots.ALWAYS
        group = follow_ups.group_of(part)
        outcome = await self.visitor.get(follow_ups.request_for(part), group, source.pause, robots=robots)
        return follow_ups.whole(part, outcome)


@asynccontextmanager
async def opened(environment: Environment, children: Children, now: datetime) -> AsyncIterator[Trial]:
    """Everything that trying takes in this environment; `now` is the present in UTC."""
    async with fetcher_of(environment) as fetcher:
        yield Trial(Visitor(fetcher, now), children)


def _judged(
    source: Source,
    response: Response,
    document: Document,
    entries: Sequence[Entry],
    trouble: str | None,
    now: datetime,
) -> Tried:
    moved = response.url if response.moved else None
    newest = max((entry.published for entry in entries if entry.published), default=None)
    state: SourceState
    reason: str | None
    if document.problem:
        state, reason = _useless(document, moved), document.problem
        if response.url != str(source.url):
            reason = f"a redirect leads to {response.url}: {reason}"
    elif not entries:
        state, reason = (
            (SourceState.FAILING, trouble) if trouble else (SourceState.EMPTY, "it holds no entries")
        )
    else:
        signs = Signs(newest, None, document.channel.clock, moved_to=moved)
        state, reason = health.judged(source, signs, now)
    sample = " ".join(f"{entry.title} {entry.summary}" for entry in entries[:_LOOKED_AT])
    return Tried(
        source,
        state,
        reason or trouble,
        form=document.kind,
        items=len(entries) + document.dropped,
        newest=newest,
        language=written_in(sample),
        title=document.channel.title,
    )


def _useless(document: Document, moved: str | None) -> SourceState:
    if document.fault is Fault.REDESIGNED:
        return SourceState.REDESIGNED
    if document.fault is Fault.FOREIGN:
        return SourceState.MOVED if moved else SourceState.NOT_A_FEED
    return SourceState.EMPTY


def _told(tried: Tried, outcome: Outcome) -> Tried:
    return replace(tried, status=outcome.status, url=outcome.url, elapsed=outcome.elapsed)


def _stored(source: Source, response: Response, now: datetime) -> StoredResponse:
    """A response in the form in which reading takes it."""
    arrived = plan.arrived(response)
    return StoredResponse(
        id=0,
        source_id=source.id,
        item_id=None,
        url=arrived.url,
        status=arrived.status,
        content_type=arrived.content_type,
        etag=None,
        last_modified=None,
        body=arrived.body,
        fetched_at=now,
        log_id=None,
        attempts=1,
        truncated=arrived.truncated,
        probe=False,
    )


def _plain(language: str) -> str:
    code = language.split("-")[0]
    return _SAME.get(code, code)
