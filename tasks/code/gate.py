"""The gate: whether a text is worth the coder's time, by what occurs in it.

It may let through what the coder then drops; it must not drop what the coder would keep. So it
asks for little: China, or a channel by its name, and one word of security or one official.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tasks.code.matcher import ADJECTIVE, GENERIC, MECHANISM, METONYM, OFFICIAL, PAIR, STATE, SURNAME, Hit
from tasks.code.rules import CHINA, Rules

# What the parts are worth; a text passes at `PASS`. China alone, or security alone, does not.
_WORTH = {"china": 2, "pair": 3, "other": 1, "mechanism": 4, "official": 2}
_TOPIC_MOST = 4
PASS = 4
_FULL = 12


@dataclass(frozen=True, slots=True)
class Gate:
    """The weight of a text, whether it passes, and what it was weighed by."""

    weight: int
    passed: bool
    reasons: tuple[str, ...]

    @property
    def share(self) -> float:
        """The weight as a share of a full one, at most 1."""
        return round(min(self.weight / _FULL, 1.0), 3)


def weigh(hits: Sequence[Hit], rules: Rules) -> Gate:
    """Weigh a text by its hits."""
    parts: dict[str, int] = {}
    reasons: list[str] = []

    def add(part: str, worth: int, reason: str) -> None:
        if worth > parts.get(part, 0):
            parts[part] = worth
            reasons.append(f"{part} +{worth}: {reason}")

    for hit in hits:
        if hit.word_class in (STATE, ADJECTIVE, METONYM):
            part = "china" if hit.value == CHINA else "other" if hit.value in rules.watched else None
            if part:
                add(part, _WORTH[part], hit.value)
        elif hit.word_class == PAIR:
            add("china", _WORTH["pair"], hit.value)
            add("other", _WORTH["other"], hit.value)
        elif hit.word_class in (MECHANISM, GENERIC):
            add("mechanism", _WORTH["mechanism"], hit.value)
        elif hit.word_class in (OFFICIAL, SURNAME):
            state = rules.actors.officials[hit.value].state
            add("china" if state == CHINA else "official", _WORTH["official"], hit.value)
        elif hit.word_class == "topic":
            add("topic", min(hit.weight, _TOPIC_MOST), f"weight {hit.weight}")
    weight = sum(parts.values())
    anchored = "china" in parts or "mechanism" in parts
    about = "topic" in parts or "mechanism" in parts
    return Gate(weight, anchored and about and weight >= PASS, tuple(reasons))
