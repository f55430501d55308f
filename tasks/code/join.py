"""Joins what several sentences of one item say of one event (codebook, "Two events or one")."""

from collections.abc import Sequence
from datetime import date, timedelta

from tasks.code.fields import LEADERS, Candidate, reckon_ahead
from tasks.code.rules import Rules, other_party
from tasks.model import SUPPOSED_MECHANISM, Kind, Precision, Stage

_NEAR = timedelta(days=2)
_TALKS = frozenset({Kind.MEETING, Kind.CONSULTATION_ROUND})
_MOST_OFFICIALS = 6
_OVER = (Stage.HELD, Stage.UNDER_WAY)
_COARSE = (Precision.WEEK, Precision.MONTH, Precision.YEAR)
_UNDONE = (Stage.POSTPONED, Stage.CANCELLED)


def joined(candidates: Sequence[Candidate], rules: Rules, published: date | None) -> list[Candidate]:
    """The candidates with those of one event joined, in the order of their first sentences.

    The first that states a field keeps it; a later one fills what is still open, or puts a stated
    value in the place of one that was carried from elsewhere.
    """
    events: list[Candidate] = []
    for candidate in _single(candidates, rules):
        event = next((one for one in events if _same(one, candidate, rules)), None)
        if event is None:
            events.append(candidate)
        else:
            _fill(event, candidate, rules)
    return events


def _single(candidates: Sequence[Candidate], rules: Rules) -> list[Candidate]:
    """The candidates without a headline over two meetings of one day, where each is told by itself."""
    others = [_counterparts(one, rules) for one in candidates]
    stated = {(one.story, one.dyad) for one in candidates if one.kind is Kind.STATEMENT}
    return [
        one
        for one, people in zip(candidates, others, strict=True)
        # "The presidents signed a document" is their joint statement.
        if not (one.kind is Kind.AGREEMENT and not one.instrument and (one.story, one.dyad) in stated)
        if one.mechanism or len(people) < 2 or sum(other < people for other in others if other) < 2
    ]


def _counterparts(candidate: Candidate, rules: Rules) -> frozenset[str]:
    party = other_party(candidate.dyad)
    return frozenset(one for one in candidate.officials if rules.actors.officials[one].state == party)


def _same(one: Candidate, two: Candidate, rules: Rules) -> bool:
    if one.dyad != two.dyad or (one.story != two.story and one.role is not two.role):
        return False
    if one.kind is not two.kind and not {one.kind, two.kind} <= _TALKS:
        return False
    if _other_mechanism(one, two):
        return False
    if one.round is not None and two.round is not None and one.round != two.round:
        return False
    if _apart(one, two):
        return False
    undone = one.stage in _UNDONE or two.stage in _UNDONE
    if not undone and _planned(one) != _planned(two) and not _supposed(one, two) and _dated_apart(one, two):
        return False
    return not _other_counterpart(one, two, rules)


def _other_mechanism(one: Candidate, two: Candidate) -> bool:
    if one.mechanism is None or two.mechanism is None or one.mechanism == two.mechanism:
        return False
    return all(each.evidence["mechanism"].rule != SUPPOSED_MECHANISM for each in (one, two))


def _planned(candidate: Candidate) -> bool:
    return candidate.stage is Stage.ANNOUNCED


def _supposed(one: Candidate, two: Candidate) -> bool:
    """Whether one of the stages was not said: a headline tells in the present what is to come."""
    return any(each.evidence["stage"].rule == "stage.told" for each in (one, two))


def _dated_apart(one: Candidate, two: Candidate) -> bool:
    """Whether a plan and a thing done are two: each has a number or a day of its own, or only one has."""
    if one.round is not None and one.round == two.round:
        return False
    return one.recalled != two.recalled or (one.day is None) != (two.day is None)


def _apart(one: Candidate, two: Candidate) -> bool:
    """Whether both days are stated and lie more than two days apart."""
    if one.day is None or two.day is None:
        return False
    if one.evidence["date"].rule == "date.carried" or two.evidence["date"].rule == "date.carried":
        return False
    if Precision.YEAR in (one.day.precision, two.day.precision):
        return one.day.end < two.day.start or two.day.end < one.day.start
    return one.day.start - two.day.end > _NEAR or two.day.start - one.day.end > _NEAR


def _other_counterpart(one: Candidate, two: Candidate, rules: Rules) -> bool:
    """Whether the other side acts by different people: two meetings of one day (codebook)."""
    if one.round is not None and one.round == two.round:
        return False
    first, second = _counterparts(one, rules), _counterparts(two, rules)
    apart = bool(first) and bool(second) and not first & second
    return apart and not (one.kind is two.kind is Kind.AGREEMENT and _credited(one, two, rules))


def _credited(one: Candidate, two: Candidate, rules: Rules) -> bool:
    """Whether a headline credits the leader of a country with the text that a minister has signed."""
    first, second = _leaders(one, rules), _leaders(two, rules)
    titled = min(one.number, two.number) == 0 and one.story == two.story
    return titled and bool(first) != bool(second)


def _leaders(candidate: Candidate, rules: Rules) -> frozenset[str]:
    day = candidate.day.start if candidate.day else None
    return frozenset(one for one in _counterparts(candidate, rules) if rules.holds(one, LEADERS, day))


def _fill(event: Candidate, more: Candidate, rules: Rules) -> None:
    if event.kind is Kind.MEETING and more.kind is Kind.CONSULTATION_ROUND:
        event.kind = more.kind
        event.evidence["kind"] = more.evidence["kind"]
    _fill_stage(event, more)
    if event.stage in (Stage.ANNOUNCED, *_UNDONE) and more.evidence["stage"].rule == "stage.told":
        reckon_ahead(more)
    for name in ("mechanism", "round", "place", "instrument", "day"):
        _fill_field(event, more, name)
    if event.round is not None:
        event.round_basis = event.round_basis or more.round_basis
    if event.kind is Kind.AGREEMENT and _credited(event, more, rules):
        leaders = _leaders(event, rules) | _leaders(more, rules)
        event.officials = [one for one in event.officials if one not in leaders]
        more.officials = [one for one in more.officials if one not in leaders]
    event.officials.extend(one for one in more.officials if _belongs(one, event, rules))
    if "officials" in more.evidence:
        event.evidence.setdefault("officials", more.evidence["officials"])
    event.contexts |= more.contexts
    if event.story == more.story:
        event.numbers.extend(more.numbers)
    event.recalled = event.recalled and more.recalled


def _belongs(official: str, event: Candidate, rules: Rules) -> bool:
    """Whether an official whom a later sentence names acted in the event, too.

    A channel is held by its chairs; who else is named beside them was talked about.
    """
    if official in event.officials:
        return False
    state = rules.actors.officials[official].state
    side = [one for one in event.officials if rules.actors.officials[one].state == state]
    mechanism = rules.mechanisms.get(event.mechanism or "")
    if not side or mechanism is None or state not in mechanism.chairs:
        return len(event.officials) < _MOST_OFFICIALS
    day = event.day.start if event.day else None
    return rules.holds(official, mechanism.chairs[state], day)


def _fill_stage(event: Candidate, more: Candidate) -> None:
    """A thing done or undone outweighs its plan; a stage only supposed gives way to a stated one."""
    supposed = event.evidence["stage"].rule == "stage.told" and more.evidence["stage"].rule != "stage.told"
    stated = more.evidence["stage"].confidence == 1
    done = event.stage is Stage.ANNOUNCED and more.stage in (*_OVER, *_UNDONE) and stated
    if done or supposed:
        if event.stage in _OVER and more.stage in _UNDONE:
            reckon_ahead(event)
        event.stage = more.stage
        event.evidence["stage"] = more.evidence["stage"]


def _fill_field(event: Candidate, more: Candidate, name: str) -> None:
    value = getattr(more, name)
    key = "date" if name == "day" else name
    if value is None or key not in more.evidence:
        return
    known = event.evidence.get(key)
    fuller = name == "instrument" and known is not None and len(str(value)) > len(known.quote)
    if name == "day" and event.day and more.day:
        # The week, and then the day in it.
        within = event.day.start <= more.day.start and more.day.end <= event.day.end
        fuller = within and event.day.precision in _COARSE and more.day.precision not in _COARSE
    if known is None or fuller or more.evidence[key].confidence > known.confidence:
        setattr(event, name, value)
        if name == "day":
            event.ahead = more.ahead
        event.evidence[key] = more.evidence[key]
