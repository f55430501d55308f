"""The gate: whether a text is worth the coder's time, by what occurs in it.

It may let through what the coder then drops; it must not drop what the coder would keep. So it
asks for little: China, or a channel by its name, and one word of security or one official. What
each of them weighs stands in `config/gate.yaml`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tasks.code.matcher import ADJECTIVE, GENERIC, MECHANISM, METONYM, OFFICIAL, PAIR, STATE, SURNAME, Hit
from tasks.code.rules import CHINA, Rules
from tasks.settings.gate import Shows, Signal

_OF_STATES = frozenset({STATE, ADJECTIVE, METONYM})
_SIGNALS: Mapping[str, tuple[Signal, ...]] = {
    PAIR: (Signal.PAIR, Signal.OTHER),
    MECHANISM: (Signal.MECHANISM,),
    GENERIC: (Signal.GENERIC,),
    "topic": (Signal.TOPIC,),
}


@dataclass(frozen=True, slots=True)
class Weighed:
    """What one part of the sum comes to, by which signal, and the word that decided (by its offsets)."""

    part: str
    signal: str
    weight: int
    value: str
    start: int
    end: int
    reason: str

    def __str__(self) -> str:
        """How it stands among the reasons of an item."""
        return f"{self.part} +{self.weight}: {self.value}"


@dataclass(frozen=True, slots=True)
class Gate:
    """The weight of a text, whether it passes, and what it was weighed by.

    `lacks` is what it would have to show and does not; `share` its weight as a share of a full one,
    at most 1.
    """

    weight: int
    passed: bool
    parts: tuple[Weighed, ...] = ()
    lacks: tuple[str, ...] = ()
    share: float = 0.0

    @property
    def reasons(self) -> tuple[str, ...]:
        """Each part in a few words."""
        return tuple(str(part) for part in self.parts)


NOTHING = Gate(0, False)
"""What a text weighs that no list can read."""


def weigh(hits: Sequence[Hit], rules: Rules) -> Gate:
    """Weigh a text by its hits."""
    rows = rules.scales.by_signal
    parts: dict[str, Weighed] = {}
    shown: set[Shows] = set()
    for hit in hits:
        for signal in _signals(hit, rules):
            row = rows[signal]
            shown.update(row.shows)
            worth = min(hit.weight, row.weight) if signal is Signal.TOPIC else row.weight
            best = parts.get(row.part)
            if worth > (best.weight if best else 0):
                parts[row.part] = Weighed(row.part, signal, worth, hit.value, hit.start, hit.end, row.reason)
    weight = sum(part.weight for part in parts.values())
    lacks = tuple(needed.value for needed in Shows if needed not in shown)
    passed = not lacks and weight >= rules.scales.passes_at
    share = round(min(weight / rules.scales.full, 1.0), 3)
    return Gate(weight, passed, tuple(parts.values()), lacks, share)


def _signals(hit: Hit, rules: Rules) -> tuple[Signal, ...]:
    """What a hit signals: a pair stands for its other party as well."""
    if hit.word_class in _OF_STATES:
        if hit.value == CHINA:
            return (Signal.CHINA,)
        return (Signal.OTHER,) if hit.value in rules.watched else ()
    if hit.word_class in (OFFICIAL, SURNAME):
        ours = rules.actors.officials[hit.value].state == CHINA
        return (Signal.CHINA_OFFICIAL,) if ours else (Signal.OFFICIAL,)
    return _SIGNALS.get(hit.word_class, ())
