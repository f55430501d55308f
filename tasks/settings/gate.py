"""`config/gate.yaml`: what the words of a text weigh at the gate, and from which weight on it passes."""

from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from pydantic import Field

from tasks.settings import located
from tasks.settings.located import Document, Mistake, Row


class Signal(StrEnum):
    """What can occur in a text and weigh something; a closed list, because the coder tells them apart."""

    CHINA = "china"
    CHINA_OFFICIAL = "china_official"
    PAIR = "pair"
    OTHER = "other"
    OFFICIAL = "official"
    MECHANISM = "mechanism"
    GENERIC = "generic"
    TOPIC = "topic"


class Shows(StrEnum):
    """What a text must show to be worth reading; both of them."""

    PARTY = "party"
    SECURITY = "security"


class Weight(Row):
    """What one signal weighs, for which part of the sum, and why."""

    signal: Signal
    part: str = Field(pattern=r"^[a-z_]+$")
    weight: int = Field(ge=0, le=20)
    shows: tuple[Shows, ...] = ()
    reason: str = Field(min_length=1)


class Scales(Row):
    """The weights, the sum at which a text passes, and the sum that counts as a full one."""

    passes_at: int = Field(default=1, ge=1, le=100)
    full: int = Field(default=1, ge=1, le=100)
    weights: tuple[Weight, ...] = ()

    @cached_property
    def by_signal(self) -> Mapping[Signal, Weight]:
        """The row of each signal."""
        return {row.signal: row for row in self.weights}


def load(path: Path, mistakes: list[Mistake]) -> Scales:
    """The scales in the file at `path`; what is wrong is added to `mistakes`, and then they are of no use."""
    try:
        document = located.read(path, path.name)
    except located.ConfigurationError as error:
        mistakes.extend(error.mistakes)
        return Scales()
    found = located.check(document, Scales, mistakes)
    if found is None:
        return Scales()
    mistakes.extend(_incomplete(document, found))
    return found


def _incomplete(document: Document, scales: Scales) -> list[Mistake]:
    """What no row can be blamed for alone: a signal without one or with two, a sum that none reaches."""
    wrong: list[Mistake] = []
    seen: set[Signal] = set()
    most: dict[str, int] = {}
    for index, row in enumerate(scales.weights):
        if row.signal in seen:
            wrong.append(document.mistake(("weights", index, "signal"), f"`{row.signal}` is given twice"))
        seen.add(row.signal)
        most[row.part] = max(most.get(row.part, 0), row.weight)
    wrong += [
        document.mistake(("weights",), f"gives no weight to `{signal}`")
        for signal in Signal
        if signal not in seen
    ]
    if not wrong and sum(most.values()) < scales.passes_at:
        heaviest = sum(most.values())
        wrong.append(document.mistake(("passes_at",), f"no text can pass: the heaviest weighs {heaviest}"))
    wrong += [
        document.mistake(("weights",), f"nothing shows `{needed}`, and no text can pass without it")
        for needed in Shows
        if not wrong and not any(needed in row.shows for row in scales.weights)
    ]
    return wrong
