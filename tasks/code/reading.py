"""An item as the rules read it: its sentences, each with its hits, ordinals and days."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, tzinfo

from tasks.code.dates import Day
from tasks.code.matcher import OFFICIAL, SURNAME, Hit
from tasks.code.ordinals import Ordinal
from tasks.code.rules import Tools
from tasks.code.text import Span, sentences
from tasks.model import Item, Segment, SegmentRole, adds

# How agencies begin, with the day of the report:
# BELGRADE, Nov. 20 (Xinhua) --, MOSCOW, December 2. /TASS/., 新华社北京12月9日电
_DATELINE = re.compile(
    r"[^.。!?\n]{0,30}?[^\n。!?]{0,40}?(?:\([^()\n]{2,30}\) ?-{1,2}|/[^/\n]{2,20}/[.,]? ?-?|[日号] ?[电讯])"
)

# What parts the clauses of a sentence in every script.
_CLAUSE_MARK = re.compile("[,;，；،؛：]|(?<= )[–—-](?= )|:(?= )")

# In how many sentences of a story, beside the first, an agency's line is looked for.
_BEGINNING = 4

# What is read for events; captions show other days, the rest is not the item's.
_READ = (SegmentRole.MAIN, SegmentRole.STACKED)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an item with what was found in it; `number` counts within its story."""

    span: Span
    role: SegmentRole
    story: int
    number: int
    hits: tuple[Hit, ...]
    ordinals: tuple[Ordinal, ...]
    days: tuple[Day, ...]
    breaks: tuple[int, ...] = ()
    by_class: Mapping[str, tuple[Hit, ...]] = field(default_factory=dict)

    def parted(self, one: int, two: int) -> int:
        """How many marks between clauses stand between two offsets."""
        low, high = sorted((one, two))
        return bisect_left(self.breaks, high) - bisect_left(self.breaks, low)

    def of(self, *classes: str) -> list[Hit]:
        """The hits of some classes, in their order."""
        found = [self.by_class[one] for one in classes if one in self.by_class]
        if len(found) <= 1:
            return list(found[0]) if found else []
        return sorted((hit for hits in found for hit in hits), key=lambda hit: (hit.start, -hit.end))

    def has(self, *classes: str) -> bool:
        """Whether there is a hit of one of the classes."""
        return any(one in self.by_class for one in classes)


def around(story: Sequence[Sentence], sentence: Sentence, before: int, behind: int) -> Sequence[Sentence]:
    """The sentences of a story around one, so many before and behind it; -1 leaves out a side and itself.

    `story` holds all of its sentences in the order of their numbers: a look around costs the same
    wherever it is taken, however long the story is.
    """
    return story[max(sentence.number - before, 0) : sentence.number + behind + 1]


@dataclass(frozen=True, slots=True)
class Reading:
    """A whole item, read. Offsets count in `text`, which `tasks.model.item_text` gives."""

    text: str
    folded: str
    sentences: tuple[Sentence, ...]
    hits: tuple[Hit, ...]
    segments: tuple[Segment, ...]
    published: date | None
    seen: date | None = None
    named: frozenset[str] = frozenset()  # the officials who are named in it

    def quote(self, start: int, end: int) -> str:
        """The words between two offsets, as they are written."""
        return self.text[start:end]


@dataclass(frozen=True, slots=True)
class Scan:
    """The text of an item, folded, with all hits of one language: what the gate needs."""

    text: str
    folded: str
    hits: tuple[Hit, ...]


def scan(text: str, folded: str, tools: Tools) -> Scan:
    """Find everything in a text that one language's lists name."""
    return Scan(text, folded, tuple(tools.matcher.hits(text, folded)))


def read(item: Item, scanned: Scan, tools: Tools, zone: tzinfo | None) -> Reading:
    """Read an item that has been scanned with one language's tools.

    `zone` is the source's: relative days count from the local day of publication.
    """
    text, folded, hits = scanned.text, scanned.folded, scanned.hits
    published = item.published.astimezone(zone).date() if item.published else None
    starts = [hit.start for hit in hits]
    segments = _read_first(item, text)
    found: list[Sentence] = []
    told: Counter[int] = Counter()
    for segment, story in zip(segments, _stories(segments), strict=True):
        if segment.role not in _READ:
            continue
        for span in sentences(text, segment.start, segment.end, tools.language.abbreviations):
            number = told[story]
            found.append(_sentence(span, segment.role, story, number, folded, tools, hits, starts, published))
            told[story] += 1
    seen = item.first_seen.date() if item.first_seen else None
    named = frozenset(hit.value for hit in hits if hit.word_class in (OFFICIAL, SURNAME))
    return Reading(text, folded, tuple(found), hits, tuple(segments), published, seen, named)


def _read_first(item: Item, text: str) -> tuple[Segment, ...]:
    """The segments in the order in which they are read: the title, then the summary, as its readers do."""
    segments = item.segments or (Segment(SegmentRole.MAIN, 0, text),)
    if not (item.body and adds(item.summary, item.body)):
        return segments
    at = len(text) - len(item.summary)
    summary = Segment(SegmentRole.MAIN, at, item.summary)
    first, *others = segments
    if not item.segments:
        first = Segment(SegmentRole.MAIN, 0, text[:at])
    title = len(item.title)
    if first.start != 0 or first.role is not SegmentRole.MAIN:
        return (summary, first, *others)
    if first.end <= title:
        return (first, summary, *others)
    return (
        Segment(SegmentRole.MAIN, 0, text[:title]),
        summary,
        Segment(SegmentRole.MAIN, title, text[title : first.end]),
        *others,
    )


def _stories(segments: Sequence[Segment]) -> list[int]:
    """Which story each segment belongs to: 0 the main one, however often a caption or a box parts it.

    Two stacked segments are one story if only captions lie between them.
    """
    found: list[int] = []
    story, parted, before = 0, False, SegmentRole.MAIN
    for segment in segments:
        if segment.role is SegmentRole.STACKED:
            story += not parted
        parted = segment.role is SegmentRole.CAPTION and (parted or before is SegmentRole.STACKED)
        found.append(story if segment.role is SegmentRole.STACKED else 0)
        before = segment.role
    return found


def _sentence(
    span: Span,
    role: SegmentRole,
    segment: int,
    number: int,
    folded: str,
    tools: Tools,
    hits: Sequence[Hit],
    starts: Sequence[int],
    published: date | None,
) -> Sentence:
    within = tuple(
        hit
        for hit in hits[bisect_left(starts, span.start) : bisect_left(starts, span.end)]
        if hit.end <= span.end
    )
    ordinals = tuple(tools.ordinals.find(folded, span)) if within else ()
    rounds = _rounds(ordinals, within)
    # An agency's line stands at the beginning, behind the title and the summary.
    dateline = _DATELINE.match(folded, span.start, span.end) if number <= _BEGINNING else None
    days = tuple(
        day
        for day in (tools.dates.find(folded, span, published) if within or number <= _BEGINNING else ())
        if not _counts(day, ordinals, rounds) and not (dateline and day.end <= dateline.end())
    )
    breaks = tuple(
        mark.start()
        for mark in _CLAUSE_MARK.finditer(folded, span.start, span.end)
        if not any(day.start <= mark.start() < day.end for day in days)
    )
    by_class: dict[str, list[Hit]] = {}
    for hit in within:
        by_class.setdefault(hit.word_class, []).append(hit)
    classes = {name: tuple(hits) for name, hits in by_class.items()}
    return Sentence(span, role, segment, number, within, ordinals, days, breaks, classes)


def _counts(day: Day, ordinals: Sequence[Ordinal], rounds: Sequence[Ordinal]) -> bool:
    """Whether what looks like a day counts something: the 19th round, lần thứ hai (no Monday)."""
    within = any(ordinal.start <= day.start and day.end <= ordinal.end for ordinal in ordinals)
    return within or any(day.start < ordinal.end and ordinal.start < day.end for ordinal in rounds)


def _rounds(ordinals: Sequence[Ordinal], hits: Sequence[Hit]) -> list[Ordinal]:
    """The ordinals that stand beside a unit, so that they count rounds and not days."""
    units = [hit for hit in hits if hit.word_class in ("unit", "counter", "mechanism", "generic")]
    return [
        ordinal
        for ordinal in ordinals
        if any(
            0 <= (ordinal.start - unit.end if ordinal.after else unit.start - ordinal.end) <= 3
            for unit in units
        )
    ]
