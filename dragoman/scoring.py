"""What answers are worth beside the gold: pure counting, from which every figure of `eval` comes.

Counts are kept item by item, so that a figure's uncertainty can be told by drawing the items anew
(bootstrap), and so that each fault has an item to which it belongs.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from dragoman.gold import GoldItem, GoldMention
from tasks.model import Stage

Result = Mapping[str, Any]
"""An output line of a replay."""

Counts = defaultdict[str, float]

FIELDS = ("dyad", "kind", "mechanism", "round", "stage", "background", "date", "place", "instrument")

# How much it says that two mentions are about one thing; below the dyad's points they are not.
_POINTS: Mapping[str, int] = {
    "dyad": 8, "kind": 6, "mechanism": 4, "round": 4, "date": 4, "place": 2, "background": 1, "stage": 1,
}  # fmt: skip
_ENOUGH = 10
_TOOK_PLACE = frozenset({Stage.UNDER_WAY, Stage.HELD})

RESAMPLES = 500
_SEED = 20_260_101
_INTERVAL = (0.025, 0.975)


@dataclass(slots=True)
class Scored:
    """One item beside its answers: counts, and each fault in words."""

    item: GoldItem
    counts: Counts = field(default_factory=lambda: defaultdict(float))
    faults: list[str] = field(default_factory=list)

    def add(self, *names: str) -> None:
        """Count one more of each."""
        for name in names:
            self.counts[name] += 1


@dataclass(frozen=True, slots=True)
class Figure:
    """A score between 0 and 1 with the interval in which 95 of 100 drawings of the items lie.

    `value` is None where there is nothing to judge; `cases` is what it was judged on.
    """

    name: str
    value: float | None
    low: float | None
    high: float | None
    cases: int


def score(items: Sequence[GoldItem], results: Sequence[Result]) -> list[Scored]:
    """Each item's counts and faults; `results` are the replay's output lines, in the same order."""
    scored = [Scored(item) for item in items]
    pairs = [
        _paired(item.gold.mentions, result["mentions"]) for item, result in zip(items, results, strict=True)
    ]
    for one, result, paired in zip(scored, results, pairs, strict=True):
        _relevance(one, result)
        _mentions(one, result, paired)
    _events(scored, results, pairs)
    _alerts(scored, results, pairs)
    return scored


def figures(scored: Sequence[Scored], resamples: int = RESAMPLES) -> list[Figure]:
    """All figures over these items, in the order in which they are read."""
    every = [one.counts for one in scored]
    total = _sum(every)
    measures = _measures(total)
    # The same seed each time: two runs that answer alike print alike.
    drawing = random.Random(_SEED)  # noqa: S311 - statistics
    drawn = [_sum(drawing.choices(every, k=len(every))) for _ in range(resamples)]
    return [_figure(name, measure, total, drawn) for name, measure in measures]


@dataclass(frozen=True, slots=True)
class _Share:
    """A part of a whole, each a sum of counts; the score is part / whole."""

    part: tuple[str, ...]
    whole: tuple[str, ...]

    def __call__(self, counts: Mapping[str, float]) -> float | None:
        whole = self.cases(counts)
        return sum(counts.get(name, 0) for name in self.part) / whole if whole else None

    def cases(self, counts: Mapping[str, float]) -> float:
        return sum(counts.get(name, 0) for name in self.whole)


@dataclass(frozen=True, slots=True)
class _F1:
    """The harmonic mean of precision and recall over counts `<stem>/tp`, `/fp` and `/fn`."""

    stem: str

    def __call__(self, counts: Mapping[str, float]) -> float | None:
        right, false, missed = (counts.get(f"{self.stem}/{end}", 0) for end in ("tp", "fp", "fn"))
        whole = 2 * right + false + missed
        return 2 * right / whole if whole else None

    def cases(self, counts: Mapping[str, float]) -> float:
        return counts.get(f"{self.stem}/tp", 0) + counts.get(f"{self.stem}/fn", 0)


@dataclass(frozen=True, slots=True)
class _Macro:
    """The mean of several F1, each class counting the same."""

    parts: tuple[_F1, ...]

    def __call__(self, counts: Mapping[str, float]) -> float | None:
        values = [value for part in self.parts if part.cases(counts) and (value := part(counts)) is not None]
        return sum(values) / len(values) if values else None

    def cases(self, counts: Mapping[str, float]) -> float:
        return sum(part.cases(counts) for part in self.parts)


@dataclass(frozen=True, slots=True)
class _Cubed:
    """B-cubed: precision and recall of each mention's event, and their harmonic mean."""

    def __call__(self, counts: Mapping[str, float]) -> float | None:
        number = counts.get("events/mentions", 0)
        if not number:
            return None
        precision = counts.get("events/precision", 0) / number
        recall = counts.get("events/recall", 0) / number
        return 2 * precision * recall / (precision + recall)

    def cases(self, counts: Mapping[str, float]) -> float:
        return counts.get("events/mentions", 0)


Measure = _Share | _F1 | _Macro | _Cubed


def _measures(total: Counts) -> list[tuple[str, Measure]]:
    languages = sorted({name.split("/")[1] for name in total if name.startswith("relevance/")})
    rows: list[tuple[str, Measure]] = []
    # `all` sorts among the codes of the languages, and is read first.
    for language in ["all", *(one for one in languages if one != "all")]:
        stem = f"relevance/{language}"
        rows.append(
            (f"relevance precision {language}", _Share((f"{stem}/tp",), (f"{stem}/tp", f"{stem}/fp")))
        )
        rows.append((f"relevance recall {language}", _Share((f"{stem}/tp",), (f"{stem}/tp", f"{stem}/fn"))))
    rows.append(("mentions F1", _F1("mention")))
    for name in ("kind", "stage"):
        classes = sorted({key.split("/")[1] for key in total if key.startswith(f"{name}/")})
        parts = tuple(_F1(f"{name}/{one}") for one in classes)
        rows.append((f"{name} macro-F1", _Macro(parts)))
        rows.extend((f"{name} F1 {one}", part) for one, part in zip(classes, parts, strict=True))
    for name in FIELDS:
        whole = tuple(f"field/{name}/{end}" for end in ("right", "wrong", "empty"))
        rows.append((f"{name} right", _Share(whole[:1], whole)))
        rows.append((f"{name} wrong, not empty", _Share(whole[1:2], whole)))
    rows.append(("officials F1", _F1("official")))
    rows.append(("events B-cubed precision", _Share(("events/precision",), ("events/mentions",))))
    rows.append(("events B-cubed recall", _Share(("events/recall",), ("events/mentions",))))
    rows.append(("events B-cubed F1", _Cubed()))
    rows.append(
        ("alerts precision", _Share(("alert/right",), ("alert/right", "alert/false", "alert/repeat")))
    )
    rows.append(("alerts recall", _Share(("alert/found",), ("alert/gold",))))
    rows.append(
        ("alerts repeated", _Share(("alert/repeat",), ("alert/right", "alert/false", "alert/repeat")))
    )
    return rows


def _figure(name: str, measure: Measure, total: Counts, drawn: Sequence[Counts]) -> Figure:
    value = measure(total)
    cases = round(measure.cases(total))
    values = sorted(found for counts in drawn if (found := measure(counts)) is not None)
    if value is None or not values:
        return Figure(name, value, None, None, cases)
    low, high = (values[min(int(share * len(values)), len(values) - 1)] for share in _INTERVAL)
    return Figure(name, value, low, high, cases)


def _sum(counts: Iterable[Counts]) -> Counts:
    total: Counts = defaultdict(float)
    for one in counts:
        for name, number in one.items():
            total[name] += number
    return total


def _relevance(one: Scored, result: Result) -> None:
    wanted, given = one.item.gold.relevant, bool(result["relevant"])
    end = "tp" if wanted and given else "fn" if wanted else "fp" if given else "tn"
    language = (one.item.line.lang or result["lang"]).split("-")[0]
    one.add(f"relevance/all/{end}", f"relevance/{language}/{end}")
    if end in ("fn", "fp"):
        said = "missed" if end == "fn" else "is not"
        one.faults.append(f"relevant: {said} ({one.item.gold.why})")


@dataclass(frozen=True, slots=True)
class _Pair:
    """A mention of the gold and what was coded of it, by their places in their lists."""

    gold: int
    coded: int


def _paired(gold: Sequence[GoldMention], coded: Sequence[Mapping[str, Any]]) -> list[_Pair]:
    """Which coded mention is which of the gold: the likeliest pair first, each in one pair at most."""
    points = sorted(
        (-_likeness(gold[one], coded[other]), one, other)
        for one, other in product(range(len(gold)), range(len(coded)))
    )
    pairs: list[_Pair] = []
    for negative, one, other in points:
        taken = any(pair.gold == one or pair.coded == other for pair in pairs)
        if -negative >= _ENOUGH and not taken:
            pairs.append(_Pair(one, other))
    return pairs


def _likeness(gold: GoldMention, coded: Mapping[str, Any]) -> int:
    found = sum(points for name, points in _POINTS.items() if _judged(name, gold, coded) == "right")
    return found + len(gold.officials & _ids(coded))


def _judged(name: str, gold: GoldMention, coded: Mapping[str, Any]) -> str:
    """`right`, `wrong` (a value that is not so) or `empty` (a value that is not there)."""
    wanted, given = _accepted(name, gold), _given(name, coded)
    if given in wanted:
        return "right"
    return "empty" if given is None else "wrong"


def _accepted(name: str, gold: GoldMention) -> frozenset[Hashable]:
    if name == "date":
        return frozenset({(gold.date.start.isoformat(), gold.date.end.isoformat()) if gold.date else None})
    if name == "place":
        return frozenset({gold.place, *gold.places})
    if name == "round":
        return frozenset({gold.round, *gold.rounds})
    return frozenset({getattr(gold, name)})


def _given(name: str, coded: Mapping[str, Any]) -> Hashable:
    value = coded[name]
    if name == "date":
        return (value["start"], value["end"]) if value else None
    if name == "instrument":
        return value is not None
    return value if value is None or isinstance(value, int) else str(value)


def _ids(coded: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(official["id"] for official in coded["officials"])


def _mentions(one: Scored, result: Result, pairs: Sequence[_Pair]) -> None:
    gold, coded = one.item.gold.mentions, result["mentions"]
    matched = {pair.gold: pair.coded for pair in pairs}
    for place, mention in enumerate(gold):
        if mention.optional:
            continue
        if place in matched:
            _fields(one, mention, coded[matched[place]])
            continue
        one.add("mention/fn", f"kind/{mention.kind}/fn", f"stage/{mention.stage}/fn")
        one.faults.append(f"mention missing: {_named(mention)}")
    for place, extra in enumerate(coded):
        if place in matched.values():
            continue
        one.add("mention/fp", f"kind/{extra['kind']}/fp", f"stage/{extra['stage']}/fp")
        one.faults.append(f"mention too many: {extra['dyad']} {extra['kind']} {extra['stage']}")


def _named(mention: GoldMention) -> str:
    return f"{mention.dyad} {mention.kind} {mention.stage}{' (background)' if mention.background else ''}"


def _fields(one: Scored, gold: GoldMention, coded: Mapping[str, Any]) -> None:
    one.add("mention/tp")
    for name in FIELDS:
        judged = _judged(name, gold, coded)
        one.add(f"field/{name}/{judged}")
        if judged != "right":
            wanted = " or ".join(sorted(map(str, _accepted(name, gold))))
            one.faults.append(f"{name}: {_given(name, coded)}, should be {wanted} [{_named(gold)}]")
    for name in ("kind", "stage"):
        wanted, given = str(getattr(gold, name)), str(coded[name])
        if wanted == given:
            one.add(f"{name}/{wanted}/tp")
        else:
            one.add(f"{name}/{wanted}/fn", f"{name}/{given}/fp")
    given_ids = _ids(coded)
    one.counts["official/tp"] += len(gold.officials & given_ids)
    one.counts["official/fp"] += len(given_ids - gold.officials)
    one.counts["official/fn"] += len(gold.officials - given_ids)
    for extra in sorted(given_ids - gold.officials):
        one.faults.append(f"official too many: {extra} [{_named(gold)}]")
    for missing in sorted(gold.officials - given_ids):
        one.faults.append(f"official missing: {missing} [{_named(gold)}]")


def _events(scored: Sequence[Scored], results: Sequence[Result], pairs: Sequence[Sequence[_Pair]]) -> None:
    """B-cubed over the mentions that were found: for each, how pure its event is, and how whole.

    After Bagga and Baldwin (1998).
    """
    members = [
        (index, one.item.gold.mentions[pair.gold].event, results[index]["mentions"][pair.coded]["event_id"])
        for index, one in enumerate(scored)
        for pair in pairs[index]
    ]
    together = Counter((gold, coded) for _, gold, coded in members)
    by_gold = Counter(gold for _, gold, _ in members)
    by_coded = Counter(coded for _, _, coded in members)
    for index, gold, coded in members:
        counts = scored[index].counts
        counts["events/mentions"] += 1
        same = together[gold, coded]
        counts["events/precision"] += same / by_coded[coded]
        counts["events/recall"] += same / by_gold[gold]
        strangers = sorted({other for _, other, event in members if event == coded} - {gold})
        if strangers:
            scored[index].faults.append(f"event: {gold} is joined with {', '.join(strangers)}")
        if same < by_gold[gold]:
            scored[index].faults.append(f"event: {gold} is {_pieces(members, gold)} events")


def _pieces(members: Sequence[tuple[int, str, str]], gold: str) -> int:
    return len({coded for _, one, coded in members if one == gold})


def _alerts(scored: Sequence[Scored], results: Sequence[Result], pairs: Sequence[Sequence[_Pair]]) -> None:
    """Alerts by event and stage, `under_way` and `held` being one: right once, then repeated."""
    names = _event_names(scored, results, pairs)
    wanted = {
        (alert.event, _told_as(alert.stage)): index
        for index, one in enumerate(scored)
        for alert in one.item.gold.alerts
    }
    told: set[tuple[str, str]] = set()
    for one, result in zip(scored, results, strict=True):
        for alert in result["alerts"]:
            key = names.get(alert["event_id"], f"unknown {alert['event_id']}"), _told_as(alert["stage"])
            end = "repeat" if key in told else "right" if key in wanted else "false"
            told.add(key)
            one.add(f"alert/{end}")
            if end != "right":
                one.faults.append(f"alert {end}: {key[0]} {key[1]}")
    for key, index in wanted.items():
        one = scored[index]
        one.add("alert/gold", *["alert/found"] * (key in told))
        if key not in told:
            one.faults.append(f"alert missing: {key[0]} {key[1]}")


def _event_names(
    scored: Sequence[Scored], results: Sequence[Result], pairs: Sequence[Sequence[_Pair]]
) -> dict[str, str]:
    """The gold's name for each event of ours: that of most of its mentions."""
    votes: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for one, result, paired in zip(scored, results, pairs, strict=True):
        for pair in paired:
            votes[result["mentions"][pair.coded]["event_id"]][one.item.gold.mentions[pair.gold].event] += 1
    return {event: counted.most_common(1)[0][0] for event, counted in votes.items()}


def _told_as(stage: str) -> str:
    return str(Stage.HELD) if stage in _TOOK_PLACE else str(stage)
