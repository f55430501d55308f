"""`dragoman replay`: a stream of items, as if the service had been on while they were published.

No network, no Prefect, a scratch database, and a clock that stands at each item's time. The items
go through the functions that the flows call, and nothing is sent.

Each line is a publication of its own: one whose `id` has been there before is not an edit of that
item, as it would be in the service, but another item with the same words or others.
"""

import json
import logging
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path
from types import TracebackType
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
)

from dragoman.pages import Pages
from tasks.alert.raise_alerts import Desk, raise_alerts
from tasks.code.coder import Coding, code
from tasks.code.rules import Rules, compile_rules
from tasks.code.station import origin_of, store_mentions
from tasks.code.text import normalise
from tasks.model import Evidence, Item, Kind, Mention, PublishedBasis, RoundBasis
from tasks.read.plain import LONGEST_BODY, LONGEST_SUMMARY, LONGEST_TITLE, without_controls
from tasks.read.segment import segment
from tasks.resolve.history import load_history
from tasks.resolve.resolver import resolve
from tasks.settings.configuration import Configuration
from tasks.settings.register import Register
from tasks.settings.sources import Source
from tasks.store import events, items, mentions, outbox
from tasks.store.database import Connection
from tasks.store.items import FoundItem, StoredItem

# Whoever gives no other time is taken to have been read on the first day of the stream.
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
# An outlet that no configured source names.
_UNKNOWN_RANK = 3
# Years in which something can have been published. Beyond them, days before and after are none.
_FIRST_YEAR, _LAST_YEAR = 1970, 2100
_LOG = logging.getLogger(__name__)


def _moment(text: object) -> datetime | None:
    """A time as ISO 8601 has it; a bare number would else be taken for seconds since 1970."""
    if text is None:
        return None
    if not isinstance(text, str):
        raise ValueError("must be a time in ISO 8601, as a string")
    return datetime.fromisoformat(text)


def _possible(moment: datetime) -> datetime:
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise ValueError(f"must lie in the years {_FIRST_YEAR} to {_LAST_YEAR}")
    return moment


Moment = Annotated[AwareDatetime, AfterValidator(_possible)]
OptionalMoment = Annotated[Moment | None, BeforeValidator(_moment)]
Text = Annotated[str, AfterValidator(without_controls)]


class Line(BaseModel):
    """A line of the input: an item as a source would have published it."""

    model_config = ConfigDict(extra="ignore")

    id: str = Field(min_length=1)
    title: Text
    source: Text = "replay"
    lang: Text | None = None
    published: OptionalMoment = None
    fetched: OptionalMoment = None
    url: Text | None = None
    summary: Text | None = None
    body: Text | None = None
    html: Text | None = None


@dataclass(frozen=True, slots=True)
class Usable:
    """A line that could be read, and its number in the file, from 1."""

    number: int
    line: Line


@dataclass(frozen=True, slots=True)
class Unusable:
    """A line that could not be used, its number in the file, from 1, and why."""

    number: int
    reason: str


@dataclass(slots=True)
class Replayed:
    """What became of one item: its coding, and its number in the store if it said something."""

    line: Line
    coding: Coding
    number: int | None = None


@dataclass(slots=True)
class Summary:
    """What a replay came to."""

    items: int = 0
    relevant: int = 0
    mentions: int = 0
    events: int = 0
    alerts: int = 0
    unusable: int = 0


def lines(path: Path) -> Iterator[Usable | Unusable]:
    """The lines of a file, in their order; one that cannot be used says why."""
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        for number, text in enumerate(file, start=1):
            if not text.strip():
                continue
            try:
                yield Usable(number, Line.model_validate_json(text))
            except ValidationError as error:
                problem = error.errors(include_url=False)[0]
                field = ".".join(str(part) for part in problem["loc"])
                yield Unusable(number, f"{field}: {problem['msg']}" if field else problem["msg"])


class Replay:
    """One replay over an empty store; feed it items in their order and ask for the results.

    Leave it as a context where items may have pages: these are read in a process of their own.
    """

    def __init__(
        self,
        db: Connection,
        configuration: Configuration,
        register: Register,
        *,
        before: date | None = None,
        history: bool = True,
        kinds: Iterable[Kind] | None = None,
    ) -> None:
        """Prepare: `before` keeps back the history from that day on, `history` False all of it."""
        self._db = db
        self._configuration = configuration
        self._rules: Rules = compile_rules(configuration)
        watch = configuration.watch
        if kinds is not None:
            watch = watch.model_copy(update={"kinds": frozenset(kinds)})
        self._desk = replace(Desk.of(configuration), watch=watch, channels=_nobody(configuration))
        self._sources: dict[str, Source] = {}
        self._clock = _EPOCH
        self._done: list[Replayed] = []
        self._pages = Pages()
        if history:
            load_history(db, register, configuration, _EPOCH, before)

    def __enter__(self) -> "Replay":
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._pages.close()

    @property
    def broken(self) -> bool:
        """Whether the connection to the database has gone, so that no item can be fed any more."""
        return self._db.closed

    def feed(self, line: Line) -> Replayed:
        """Take one item through read, code, resolve and alert at its own time.

        If that fails, nothing of the item stays, and the next can be fed.
        """
        self._clock = line.fetched or line.published or self._clock
        now = self._clock.astimezone(UTC)
        stored = self._stored(line, now)
        coding = code(stored.item, self._rules, _zone(line, stored.source))
        done = Replayed(line, coding)
        if coding.coded.mentions:
            self._resolve(done, stored, now)
        self._done.append(done)
        return done

    def _resolve(self, done: Replayed, stored: StoredItem, now: datetime) -> None:
        with self._db.transaction():
            # Not by the line's own id, which may come again.
            key = str(len(self._done))
            found = FoundItem(keys=(key,), title=stored.item.title, url=stored.item.url)
            items.add(self._db, stored.source.id, [found], now, baseline=False)
            number = items.number_of(self._db, stored.source.id, key)
            origin = origin_of(stored, done.coding, self._rules.outlets)
            store_mentions(self._db, number, done.coding, origin)
            resolve(self._db, [number], self._configuration, now)
            raise_alerts(self._db, self._desk, now)
        done.number = number

    def _stored(self, line: Line, now: datetime) -> StoredItem:
        source = self._source(line)
        title = normalise(line.title)[:LONGEST_TITLE]
        language = line.lang.split("-")[0].lower() if line.lang else None
        body, headings = line.body, frozenset[str]()
        if line.html and not body and (found := self._pages.article(line.html, line.url, title, language)):
            body, headings = found.text, found.headings
        item = Item(
            id=line.id,
            source=source.id,
            title=title,
            url=line.url,
            summary=normalise(line.summary or "")[:LONGEST_SUMMARY],
            body=normalise(body)[:LONGEST_BODY] if body else None,
            language=language,
            published=line.published,
            published_basis=PublishedBasis.STATED if line.published else PublishedBasis.UNKNOWN,
            first_seen=now,
        )
        if item.body:
            item = replace(item, segments=segment(item.title, item.body, language, headings))
        return StoredItem(0, item, source, attempts=1, baseline=False, version=1)

    def _source(self, line: Line) -> Source:
        name = line.source.strip() or "replay"
        if name not in self._sources:
            known = next(
                (
                    one
                    for one in self._configuration.sources
                    if name.casefold() in (one.id.casefold(), one.outlet.casefold())
                ),
                None,
            )
            self._sources[name] = known or _made_up(name)
        return self._sources[name]

    def results(self) -> Iterator[dict[str, Any]]:
        """An output line for each item, in order; merged events go by the name that they have now."""
        for done in self._done:
            yield self._result(done)

    def _result(self, done: Replayed) -> dict[str, Any]:
        coded = done.coding.coded
        stored = mentions.of_item(self._db, done.number) if done.number is not None else []
        described = [
            self._described(mention, self._final(report.event_id))
            for mention, report in zip(coded.mentions, stored, strict=True)
        ]
        return {
            "id": done.line.id,
            "relevant": coded.relevant,
            "score": coded.score,
            "lang": coded.language,
            "mentions": described,
            "alerts": self._alerts(done),
        }

    def _described(self, mention: Mention, event_id: int | None) -> dict[str, Any]:
        """A mention; where it gives no round, with the one that the register knows its event by.

        The register is what was seeded and what other reports have told since.
        """
        event = events.by_id(self._db, event_id) if event_id is not None else None
        if event and mention.round is None and event.round is not None:
            evidence = {**mention.evidence, "round": Evidence("", "round.register")}
            mention = replace(mention, round=event.round, round_basis=RoundBasis.REGISTER, evidence=evidence)
        return {"event_id": str(event_id), **described_mention(mention)}

    def _alerts(self, done: Replayed) -> list[dict[str, Any]]:
        """The stages that were told because of an item."""
        if done.number is None:
            return []
        return [
            {"event_id": str(self._final(event)), "stage": stage}
            for event, stage in outbox.alerts_of_item(self._db, done.number)
        ]

    def _final(self, event_id: int | None) -> int | None:
        while event_id is not None:
            event = events.by_id(self._db, event_id)
            if event is None or event.merged_into is None:
                return event_id
            event_id = event.merged_into
        return None

    def events(self) -> Iterator[dict[str, Any]]:
        """The events at the end of which an item told, with their conflicts and mentions."""
        found = events.listed(self._db, limit=1_000_000)
        for event in sorted(found, key=lambda one: one.id):
            yield described_event(self._db, event.id)

    def summary(self, unusable: int = 0) -> Summary:
        """What it came to."""
        return Summary(
            items=len(self._done),
            relevant=sum(done.coding.coded.relevant for done in self._done),
            mentions=sum(len(done.coding.coded.mentions) for done in self._done),
            events=len(events.listed(self._db, limit=1_000_000)),
            alerts=sum(len(self._alerts(done)) for done in self._done),
            unusable=unusable,
        )


def described_mention(mention: Any) -> dict[str, Any]:
    """A mention as the output has it."""
    return {
        "kind": mention.kind,
        "stage": mention.stage,
        "background": mention.background,
        "dyad": mention.dyad,
        "mechanism": mention.mechanism,
        "round": mention.round,
        "round_basis": mention.round_basis,
        "date": described_date(mention.date),
        "place": mention.place,
        "officials": [asdict(official) for official in mention.officials],
        "instrument": mention.instrument,
        "contexts": list(mention.contexts),
        "segment": mention.segment,
        "evidence": {name: asdict(evidence) for name, evidence in mention.evidence.items()},
    }


def described_date(interval: Any) -> dict[str, Any] | None:
    """An interval as the output has it."""
    if interval is None:
        return None
    return {
        "start": interval.start.isoformat(),
        "end": interval.end.isoformat(),
        "precision": interval.precision,
        "basis": interval.basis,
    }


def described_event(db: Connection, event_id: int) -> dict[str, Any]:
    """An event with every field, its stages, conflicts and mentions, ready for JSON."""
    event = events.by_id(db, event_id)
    if event is None:
        raise LookupError(f"there is no event {event_id}")
    told = [report for report in mentions.of_events(db, [event_id]) if report.family != mentions.REGISTER]
    date_given = None
    if event.date_start is not None and event.date_end is not None:
        date_given = {
            "start": event.date_start.isoformat(),
            "end": event.date_end.isoformat(),
            "precision": event.date_precision,
            "basis": event.date_basis,
        }
    return {
        "event_id": str(event.id),
        "register_id": event.register_id,
        "status": event.status,
        "dyad": event.dyad,
        "kind": event.kind,
        "mechanism": event.mechanism,
        "round": event.round,
        "round_basis": event.round_basis,
        "stage": event.stage,
        "date": date_given,
        "place": event.place,
        "officials": list(event.officials),
        "instrument": event.instrument,
        "contexts": list(event.contexts),
        "conflicts": list(event.conflicts),
        "witnesses": event.witnesses,
        "confirmed": event.confirmed,
        "split_from": str(event.split_from) if event.split_from is not None else None,
        "stages": [
            {"stage": stage["stage"], "decision": stage["decision"], "reason": stage["reason"]}
            for stage in events.stages(db, [event_id])
        ],
        "mentions": [
            {"outlet": report.outlet, "language": report.language, "title": report.title, "url": report.url,
             "stage": report.stage, "background": report.background, "reason": report.reason}
            for report in told
        ],
    }  # fmt: skip


def _zone(line: Line, source: Source) -> tzinfo:
    """Where the item's days are meant: the offset that it gives, or its source's zone behind UTC."""
    offset = line.published.utcoffset() if line.published else None
    return line.published.tzinfo or UTC if line.published and offset else source.timezone


def _nobody(configuration: Configuration) -> Any:
    """The channels of a replay: none, because it sends nothing."""
    return type(configuration.channels)()


def _made_up(name: str) -> Source:
    slug = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-") or "replay"
    return Source.model_validate(
        {
            "id": slug, "outlet": name, "url": "https://replay.invalid/", "language": "und",
            "country": "ZZZ", "rank": _UNKNOWN_RANK, "zone": "UTC", "family": name.casefold(),
        }
    )  # fmt: skip


def run(
    replay: Replay, stream: Iterable[Usable | Unusable], progress: Callable[[int], None]
) -> Sequence[Unusable]:
    """Feed a stream; the lines that could not be used. `progress` hears the number of each line.

    Raises:
        psycopg.OperationalError: the database has gone.
    """
    unusable: list[Unusable] = []
    for count, found in enumerate(stream, start=1):
        unusable += [found] if isinstance(found, Unusable) else _fed(replay, found)
        progress(count)
    return unusable


def _fed(replay: Replay, usable: Usable) -> list[Unusable]:
    """Feed a line; if it brings a station down, it counts as unusable, with the reason."""
    try:
        replay.feed(usable.line)
    except Exception as error:
        if replay.broken:
            raise
        _LOG.debug("line %s brought a station down", usable.number, exc_info=True)
        # What the database says goes on for lines.
        reason = (str(error).splitlines() or [""])[0]
        return [Unusable(usable.number, f"{type(error).__name__}: {reason}"[:500])]
    return []


def write(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    """Write rows as JSON Lines."""
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
