"""The coder: what an item says, as mentions, with the quote and the rule of every field.

A segment is read sentence by sentence. A sentence gives a candidate where an act of security
cooperation has a dyad; candidates that tell of one event are joined; what remains is judged as
news or as background.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from types import MappingProxyType

from tasks.code.complete import completed
from tasks.code.fields import SECURITY_OFFICES, Candidate, candidates
from tasks.code.gate import NOTHING, Gate, weigh
from tasks.code.join import joined
from tasks.code.language import language_of
from tasks.code.matcher import ADJECTIVE, MECHANISM, METONYM, OFFICIAL, PAIR, STATE, SURNAME
from tasks.code.parties import Focus, actors_in, home_of, parties_of, remember
from tasks.code.reading import Reading, Scan, Sentence, read, scan
from tasks.code.rules import CHINA, Rules, Tools
from tasks.code.text import fold
from tasks.model import (
    Coded,
    Evidence,
    Item,
    Mention,
    Official,
    SegmentRole,
    Stage,
    item_text,
)

# From how many days before publication on an event of the main story is a thing recalled.
_OLD = timedelta(days=10)
# A second story on a page is news of its own only if it is as fresh as this.
_FRESH_STACKED = timedelta(days=2)
# Behind so many sentences of the lead, what is older than this is told to recall it.
_LEAD = 5
_STALE = timedelta(days=4)
# The same where the title is about something else.
_BEHIND_ANOTHER = 2
# Where the day of publication is not known: how long before it was first seen a thing is surely old.
_LONG_AGO = timedelta(days=60)
# How near the beginning of the second sentence a word such as "explainer" calls the item one.
_OPENING = 25
# How much of a text `explain` repeats.
_SHOWN = 160


@dataclass(frozen=True, slots=True)
class Rejected:
    """A sentence that spoke of an act and gave no mention, and why not."""

    sentence: str
    reason: str


@dataclass(frozen=True, slots=True)
class Coding:
    """What the coder makes of an item, with what `explain` shows beside it."""

    coded: Coded
    gate: Gate
    scanned: Scan | None
    reading: Reading | None
    rejected: tuple[Rejected, ...]


def code(item: Item, rules: Rules, zone: tzinfo | None = None) -> Coding:
    """Code one item.

    `zone` is the source's time zone, in which relative days are meant; None stands for the zone
    of `item.published` itself. The text must be composed (NFC), as the read station stores it.
    """
    text = item_text(item)
    language = language_of(text, item.language)
    folded = fold(text)
    best: Coding | None = None
    for tools in tools_for(language, rules):
        known = tools.language.language if language == "und" else language
        coding = _code(item, known, rules, tools, scan(text, folded, tools), zone)
        if best is None or coding.coded.score > best.coded.score:
            best = coding
    return best or Coding(Coded(False, 0.0, language, ()), NOTHING, None, None, ())


# What an unknown language in Latin letters can be; other scripts tell the language themselves.
_LATIN = ("en", "vi", "de", "es", "fr", "hu", "it", "pl", "sr")


def tools_for(language: str, rules: Rules) -> list[Tools]:
    """The tools of a language; those of all languages in Latin letters where it is not known."""
    if language in rules.tools:
        return [rules.tools[language]]
    return [rules.tools[one] for one in _LATIN if one in rules.tools] if language == "und" else []


def _code(
    item: Item, language: str, rules: Rules, tools: Tools, scanned: Scan, zone: tzinfo | None
) -> Coding:
    gate = weigh(scanned.hits, rules)
    if not gate.passed:
        return Coding(Coded(False, gate.share, language, (), gate.reasons), gate, scanned, None, ())
    reading = read(item, scanned, tools, zone or (item.published.tzinfo if item.published else None))
    found, rejected = _read_stories(reading, rules, tools)
    if not found and not rejected:
        rejected.append(Rejected(reading.text[:_SHOWN], "no act of security cooperation is told of"))
    opinion = _is_opinion(reading)
    events = completed(joined(found, rules, reading.published), reading, rules)
    mentions = tuple(_mention(event, reading, rules, opinion) for event in events)
    relevant = any(not mention.background and mention.stage is not Stage.DENIED for mention in mentions)
    score = _score(gate, mentions, relevant)
    coded = Coded(relevant, score, language, mentions, gate.reasons)
    return Coding(coded, gate, scanned, reading, tuple(rejected))


def _read_stories(reading: Reading, rules: Rules, tools: Tools) -> tuple[list[Candidate], list[Rejected]]:
    found: list[Candidate] = []
    rejected: list[Rejected] = []
    stories: dict[int, list[Sentence]] = {}
    for sentence in reading.sentences:
        stories.setdefault(sentence.story, []).append(sentence)
    for listed in stories.values():
        focus = Focus(home=home_of(listed, rules, reading))
        for sentence in listed:
            actors = actors_in(sentence, focus, rules, reading.published)
            parties = parties_of(sentence, focus, rules, actors, reading)
            for outcome in candidates(sentence, parties, focus, listed, reading, rules, tools):
                if isinstance(outcome, str):
                    quote = reading.quote(sentence.span.start, sentence.span.end)
                    rejected.append(Rejected(quote, outcome))
                else:
                    found.append(outcome)
            remember(sentence, focus, parties, rules)
    return found, rejected


def _is_opinion(reading: Reading) -> bool:
    """Whether the title calls the item a comment, an explainer or a look back."""
    if not reading.sentences:
        return False
    if reading.sentences[0].has("opinion"):
        return True
    return any(
        hit.start - one.span.start <= _OPENING for one in reading.sentences[1:2] for hit in one.of("opinion")
    )


def _is_about_others(reading: Reading) -> bool:
    """Whether the title names neither China nor a channel, so that its news may be another."""
    title = reading.sentences[:1]
    return not any(
        hit.word_class == MECHANISM
        or (hit.word_class in (STATE, ADJECTIVE, METONYM) and hit.value == CHINA)
        or hit.word_class in (PAIR, OFFICIAL, SURNAME, "collective")
        for one in title
        for hit in one.hits
    )


def _mention(candidate: Candidate, reading: Reading, rules: Rules, opinion: bool) -> Mention:
    evidence = dict(candidate.evidence)
    background, rule = _background(candidate, reading, opinion)
    if background:
        evidence["background"] = Evidence(evidence["kind"].quote, rule, evidence["kind"].start)
    day = candidate.day.start if candidate.day else reading.published
    return Mention(
        kind=candidate.kind,
        stage=candidate.stage,
        dyad=candidate.dyad,
        background=background,
        mechanism=candidate.mechanism,
        round=candidate.round,
        round_basis=candidate.round_basis,
        date=candidate.day,
        place=candidate.place,
        officials=tuple(_official(one, candidate.mechanism, rules, day) for one in candidate.officials),
        instrument=candidate.instrument,
        contexts=tuple(sorted(candidate.contexts)),
        segment=candidate.role,
        evidence=MappingProxyType(evidence),
    )


def _background(candidate: Candidate, reading: Reading, opinion: bool) -> tuple[bool, str]:
    if opinion:
        return True, "background.opinion"
    published = reading.published
    age = published - candidate.day.end if published and candidate.day else None
    if candidate.role is SegmentRole.STACKED and (age is None or age > _FRESH_STACKED):
        return True, "background.stacked"
    if age is not None and age > _OLD:
        return True, "background.old"
    if published is None and candidate.day and reading.seen and reading.seen - candidate.day.end > _LONG_AGO:
        return True, "background.old"
    behind = candidate.number >= (_BEHIND_ANOTHER if _is_about_others(reading) else _LEAD)
    if behind and age is not None and age > _STALE:
        return True, "background.behind"
    if candidate.recalled and (age is None or age > _FRESH_STACKED):
        return True, "background.words"
    return False, ""


def _official(official: str, mechanism: str | None, rules: Rules, day: date | None) -> Official:
    """An official with the title of the office in which he or she acted, as far as that can be told."""
    person = rules.actors.officials[official]
    offices = [one for one in rules.actors.office_on(official, day) if one.office != "other"]
    channel = rules.mechanisms.get(mechanism or "")
    chair = channel.chairs.get(person.state, ()) if channel else ()
    # The chair of the channel, else an office of security, else the first.
    offices.sort(key=lambda one: (one.office not in chair, one.office not in SECURITY_OFFICES))
    return Official(official, person.name, person.state, offices[0].title if offices else None)


def _score(gate: Gate, mentions: tuple[Mention, ...], relevant: bool) -> float:
    """How sure it is that the item is relevant: the gate's share, raised by what was coded."""
    if not relevant:
        return round(min(gate.share, 0.49), 3)
    best = max(_completeness(mention.evidence) for mention in mentions if not mention.background)
    return round(0.6 + 0.4 * best, 3)


def _completeness(evidence: Mapping[str, Evidence]) -> float:
    wanted = ("mechanism", "round", "date", "place", "officials", "stage")
    return sum(name in evidence for name in wanted) / len(wanted)
