"""What is said, in parts.

A message is put together once, when the alert is raised, and stored. Each channel lays it out for
itself when it is sent, and shortens it to what the channel takes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import TypeAdapter

from tasks.alert import guard
from tasks.alert.decide import Decision, Verdict
from tasks.alert.headline import Names, headline
from tasks.model import DateBasis, RoundBasis, Stage
from tasks.store.mentions import REGISTER
from tasks.store.outbox import Case
from tasks.store.rows import Report, StoredEvent
from tasks.store.second_reader import Doubts

WITNESSES = 5
QUOTES = 3
OFFICIALS = 8
CONFLICTS = 5
# The fields of a mention whose words say most, first things first.
TELLING = ("round", "stage", "instrument", "date", "mechanism", "officials")
DOUBTS = 3
# What a second reader says of the whole, in words.
DOUBTED = {"event": "that the text tells of this", "background": "whether this is news or a look back"}
PARTY = 1  # the rank of a source that is one of the parties itself


@dataclass(frozen=True, slots=True)
class Witness:
    """A publication that reports the event: its title, what it says of which field, where it is."""

    outlet: str
    language: str
    title: str
    quotes: tuple[tuple[str, str], ...] = ()
    url: str | None = None
    published: datetime | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A message in parts. All text in it is clean, and none of it is escaped yet.

    `event`, `stage`, `dyad` and `kind` are None for a message that is about no event. `more` counts
    the witnesses that are not shown.
    """

    headline: str
    notes: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    witnesses: tuple[Witness, ...] = ()
    more: int = 0
    event: int | None = None
    stage: str | None = None
    dyad: str | None = None
    kind: str | None = None
    late: bool = False
    test: bool = False

    @property
    def reference(self) -> str | None:
        """How to find the event again."""
        return None if self.event is None else f"Event {self.event}, stage {self.stage}"


_MESSAGES = TypeAdapter(Message)


def to_json(message: Message) -> dict[str, Any]:
    """The message as plain values, for the store and for machines."""
    values: dict[str, Any] = _MESSAGES.dump_python(message, mode="json")
    return values


def from_json(values: Mapping[str, Any]) -> Message:
    """The message that `to_json` made."""
    return _MESSAGES.validate_python(values)


def compose(
    case: Case, decision: Decision, names: Names, now: datetime, doubts: Sequence[Doubts] = ()
) -> Message:
    """The message that an event has reached the stage of the report on which `decision` rests.

    `doubts` are those of a second reader about the reports of this stage.

    Raises:
        ValueError: the decision rests on no report.
    """
    if decision.report is None:
        raise ValueError("a message needs the report that it rests on")
    stage = Stage(decision.report.stage)
    late = decision.verdict is Verdict.LATE
    witnesses, more = _witnesses(case.reports, decision.report)
    told = headline(case.event, stage, names)
    sure = _sureness(case, witnesses)
    return Message(
        headline=f"{'Late: ' if late else ''}{told} ({sure})",
        notes=(*_notes(case.event, decision, witnesses, now), *_doubts(doubts)),
        facts=tuple(_facts(case.event, names)),
        witnesses=tuple(_witness(report, names) for report in witnesses),
        more=more,
        event=case.event.id,
        stage=stage,
        dyad=case.event.dyad,
        kind=case.event.kind,
        late=late,
    )


def _sureness(case: Case, witnesses: Sequence[Report]) -> str:
    party = any(report.rank == PARTY for report in witnesses)
    if all(report.lead for report in witnesses):
        return "found by an aggregator"
    if case.event.witnesses <= 1:
        return "one source, a party itself" if party else "one source"
    if case.event.confirmed:
        return f"{case.event.witnesses} independent sources, confirmed by both capitals"
    return f"{case.event.witnesses} independent sources{', a party among them' if party else ''}"


def _notes(
    event: StoredEvent, decision: Decision, witnesses: Sequence[Report], now: datetime
) -> Iterator[str]:
    if decision.verdict is Verdict.LATE:
        yield f"Told late. {decision.reason}"
    elif (delay := _delay(decision.report, now)) > timedelta(days=2):
        yield f"The report was published {delay.days} days ago."
    if all(report.lead for report in witnesses):
        yield "It rests on an aggregator: no source that is read here has reported it yet."
    if event.round is not None and event.round_basis == RoundBasis.REGISTER:
        yield "The round number is inferred from the register; no report gives it."
    if event.date_basis == DateBasis.PUBLISHED:
        yield "The date is that of the report."
    elif event.date_basis == DateBasis.REGISTER:
        yield "The date comes from the register."
    for conflict in list(event.conflicts)[:CONFLICTS]:
        yield _conflict(conflict)


def _doubts(doubts: Sequence[Doubts]) -> list[str]:
    """What a second reader doubts, each of it once. It says nothing in words of its own."""
    said = [
        _doubt(one)
        for each in doubts
        for one in each.judgements
        if isinstance(one, Mapping) and one.get("verdict") == "disagree"
    ]
    return list(dict.fromkeys(said))[:DOUBTS]


def _doubt(judgement: Mapping[str, Any]) -> str:
    name, value = str(judgement.get("field")), judgement.get("value")
    what = guard.clean(DOUBTED.get(name, f"the {name}"), 60)
    reads = f", reads {guard.clean(str(value), 40).replace('_', ' ')}" if value else ""
    quote = guard.clean(str(judgement.get("quote") or ""), 120)
    return f"Second reader doubts: {what}{reads} (“{quote}”)."


def _delay(report: Report | None, now: datetime) -> timedelta:
    return now - report.published if report and report.published else timedelta(0)


def _conflict(conflict: Any) -> str:
    values = conflict if isinstance(conflict, Mapping) else {"value": conflict}
    name = guard.clean(str(values.get("field") or "one field"), 40).replace("_", " ")
    value = guard.clean(_listed(values.get("value")), 120)
    sources = guard.clean(_listed(values.get("sources")), 120)
    return f"Sources differ on the {name}: {value}" + (f" ({sources})." if sources else ".")


def _listed(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_listed(one)}" for key, one in value.items() if one is not None)
    if isinstance(value, (list, tuple)):
        return ", ".join(_listed(one) for one in value)
    return "" if value is None else str(value)


def _facts(event: StoredEvent, names: Names) -> Iterator[tuple[str, str]]:
    officials = [_official(official, names) for official in list(event.officials)[:OFFICIALS]]
    if officials:
        yield "Officials", "; ".join(officials)
    missing = [
        name
        for name, value in (("date", event.date_start), ("place", event.place), ("officials", officials))
        if not value
    ]
    if missing:
        yield "Not given", ", ".join(missing)


def _official(official: Any, names: Names) -> str:
    values = official if isinstance(official, Mapping) else {"name": official}
    name = guard.clean(str(values.get("name") or values.get("id") or "unknown"), 80)
    state = values.get("state")
    party = names.states.get(str(state), str(state)) if state else ""
    role = str(values.get("role") or "").replace("_", " ")
    more = ", ".join(guard.clean(part, 80) for part in (party, role) if part)
    return f"{name} ({more})" if more else name


def _witnesses(reports: Sequence[Report], first: Report) -> tuple[list[Report], int]:
    """The reports that are shown, one of each family and the best first, and how many are not.

    The report on which the decision rests is among them, whatever its rank; only what an aggregator
    found gives way to the same told by a source of ours, which then is what is cited.
    """
    told = [report for report in reports if report.family != REGISTER and report.id != first.id]
    same = [first, *(report for report in told if report.stage == first.stage)]
    own = [report for report in same if not report.lead]
    known = {one.id for one in same if one.lead and any(one.told_by(other) for other in own)}
    shown = {} if first.id in known else {first.family: first}
    for report in sorted(same, key=_standing):
        if report.id not in known:
            shown.setdefault(report.family, report)
    chosen = sorted(list(shown.values())[:WITNESSES], key=_standing)
    items = {report.item_id for report in same}
    return chosen, len(items) - len({report.item_id for report in chosen})


def _standing(report: Report) -> tuple[bool, bool, int, int]:
    return report.lead, report.background, report.rank, report.id


def _witness(report: Report, names: Names) -> Witness:
    title = guard.clean(report.title, 240)
    return Witness(
        outlet=guard.clean(report.outlet, 80),
        language=guard.clean(names.languages.get(report.language, report.language), 40),
        title=title,
        quotes=tuple(_quotes(report.evidence, title)),
        url=guard.link(report.url),
        published=report.published,
    )


def _quotes(evidence: Any, title: str) -> Iterator[tuple[str, str]]:
    seen = {title}
    for name in TELLING:
        found = evidence.get(name) if isinstance(evidence, Mapping) else None
        words = guard.clean(str(found.get("quote") or ""), 200) if isinstance(found, Mapping) else ""
        if words and words not in seen and len(seen) <= QUOTES:
            seen.add(words)
            yield name, words
