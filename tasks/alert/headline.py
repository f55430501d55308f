"""What happened, in one line: who, what, which round, where and when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from tasks.alert import guard
from tasks.model import Kind, Precision, Stage
from tasks.store.rows import StoredEvent

ANY_VERB: Mapping[Stage, str] = MappingProxyType(
    {
        Stage.ANNOUNCED: "are to hold",
        Stage.UNDER_WAY: "have begun",
        Stage.HELD: "held",
        Stage.POSTPONED: "have postponed",
        Stage.CANCELLED: "have cancelled",
    }
)
VERBS: Mapping[tuple[Kind, Stage], str] = MappingProxyType(
    {
        (Kind.AGREEMENT, Stage.ANNOUNCED): "are to sign",
        (Kind.AGREEMENT, Stage.UNDER_WAY): "are signing",
        (Kind.AGREEMENT, Stage.HELD): "signed",
        (Kind.TRANSFER, Stage.ANNOUNCED): "have announced",
        (Kind.TRANSFER, Stage.HELD): "carried out",
        (Kind.STATEMENT, Stage.ANNOUNCED): "are to issue",
        (Kind.STATEMENT, Stage.UNDER_WAY): "are issuing",
        (Kind.STATEMENT, Stage.HELD): "issued",
    }
)
OBJECTS: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.AGREEMENT: "an agreement",
        Kind.CONSULTATION_ROUND: "a security consultation",
        Kind.EXERCISE: "a joint exercise",
        Kind.PATROL: "a joint patrol",
        Kind.TRANSFER: "a delivery of arms, equipment or training",
        Kind.MEETING: "talks on security",
        Kind.STATEMENT: "a joint statement with a security chapter",
    }
)
# Beginnings of the names of states that English gives an article.
ARTICLE = ("United ", "European ", "Netherlands", "Holy ", "Czech Republic")


@dataclass(frozen=True, slots=True)
class Names:
    """Display names by id: of states (`RUS`), of mechanisms (`cn-ru-ssc`), of languages (`zh`).

    A mechanism is called without its parties here, "strategic security consultation". An id
    without a name stands for itself.
    """

    states: Mapping[str, str] = field(default_factory=dict)
    mechanisms: Mapping[str, str] = field(default_factory=dict)
    languages: Mapping[str, str] = field(default_factory=dict)


def headline(event: StoredEvent, stage: Stage, names: Names) -> str:
    """That the event has reached the stage, as one clean line."""
    parties, act = _parties(event.dyad, names), _act(event, names)
    verb = VERBS.get((Kind(event.kind), stage)) or ANY_VERB.get(stage)
    told = f"{parties} {verb} {act}" if verb else f"{parties}: {act} is denied"
    place = guard.clean(event.place or "", 80)
    return ", ".join(part for part in (told, place, days(event)) if part)


def days(event: StoredEvent) -> str | None:
    """When the event is, as exactly as is known: `18–20 September 2023`, `September 2023`; or None."""
    start, end = event.date_start, event.date_end
    if start is None or end is None:
        return None
    if event.date_precision == Precision.YEAR:
        return f"{start.year}"
    if event.date_precision == Precision.MONTH:
        return f"{start:%B %Y}"
    if event.date_precision == Precision.WEEK:
        return f"in the week of {day_words(start)}"
    if start == end:
        return day_words(start)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}–{day_words(end)}"
    return f"{day_words(start)} – {day_words(end)}"


def day_words(day: date) -> str:
    """A day as English writes it: `19 September 2023`."""
    return f"{day.day} {day:%B %Y}"


def _parties(dyad: str, names: Names) -> str:
    """The two parties, China first: the other one is what differs."""
    codes = sorted(dyad.split("-"), key=lambda code: code != "CHN")
    return " and ".join(_state(code, names) for code in codes)


def _state(code: str, names: Names) -> str:
    name = guard.clean(names.states.get(code, code), 60)
    return f"the {name}" if name.startswith(ARTICLE) else name


def _act(event: StoredEvent, names: Names) -> str:
    kind = Kind(event.kind)
    title = guard.clean(names.mechanisms.get(event.mechanism or "", event.mechanism or ""), 120)
    if kind is Kind.AGREEMENT:
        instrument = guard.clean(event.instrument or "", 160)
        named = f": “{instrument}”" if instrument else f" ({title})" if title else ""
        return OBJECTS[kind] + named
    if kind is Kind.CONSULTATION_ROUND:
        what = f"the {title}" if title else OBJECTS[kind]
        if event.round is not None:
            return f"round {event.round} of {what}"
        return f"a round of {what}" if title else what
    if not title:
        return OBJECTS[kind]
    return f"the {title}" if event.round is None else f"the {_ordinal(event.round)} {title}"


def _ordinal(number: int) -> str:
    suffix = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{suffix}"
