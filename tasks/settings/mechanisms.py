"""`config/mechanisms.yaml`: the standing channels, with their names in every language."""

import re
from collections.abc import Mapping
from pathlib import Path

from pydantic import Field, field_validator, model_validator

from tasks.model import Kind
from tasks.settings import located
from tasks.settings.located import Mistake, Row

DYAD = re.compile(r"^[A-Z]{3}-[A-Z]{3}$")


class Spacing(Row):
    """How many months lie between two rounds that follow each other, at least and at most.

    With it the register can tell which number an unnumbered report must carry.
    """

    least: float = Field(gt=0)
    most: float = Field(gt=0)

    @model_validator(mode="after")
    def _order(self) -> "Spacing":
        if self.least > self.most:
            raise ValueError("`least` is more than `most`")
        return self


class Mechanism(Row):
    """A standing channel between two parties.

    `forms` name it and nothing else; `generic` forms name it only between its own two parties,
    where several of them fit the chairs decide. `subjects` are words that, together with both
    chairs, show that it met although it was not named. `dyad` is None for a multilateral one,
    which is known so that its rounds are not taken for those of a dyad.
    """

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    name: str
    title: str
    dyad: str | None
    kinds: tuple[Kind, ...] = Field(min_length=1)
    numbered: bool = False
    spacing: Spacing | None = None
    chairs: Mapping[str, tuple[str, ...]] = {}
    forms: Mapping[str, tuple[str, ...]] = {}
    generic: Mapping[str, tuple[str, ...]] = {}
    subjects: Mapping[str, tuple[str, ...]] = {}
    test: Mapping[str, str] = {}
    note: str | None = None

    @field_validator("dyad")
    @classmethod
    def _dyad(cls, value: str | None) -> str | None:
        if value is not None and (not DYAD.match(value) or value != "-".join(sorted(value.split("-")))):
            raise ValueError("is not two codes of three letters in alphabetical order: CHN-RUS")
        return value


def load(path: Path, mistakes: list[Mistake]) -> dict[str, Mechanism]:
    """The mechanisms in the file at `path` by id; what is wrong is added to `mistakes`."""
    try:
        document = located.read(path, path.name)
    except located.ConfigurationError as error:
        mistakes.extend(error.mistakes)
        return {}
    found: dict[str, Mechanism] = {}
    for location, mechanism in located.rows(document, Mechanism, mistakes):
        if mechanism.id in found:
            mistakes.append(document.mistake((*location, "id"), f"`{mechanism.id}` is given twice"))
        for language, sentence in mechanism.test.items():
            named = [*mechanism.forms.get(language, ()), *mechanism.generic.get(language, ())]
            if not any(form.casefold() in sentence.casefold() for form in named):
                place = (*location, "test", language)
                mistakes.append(document.mistake(place, "the test sentence holds no form of its language"))
        found[mechanism.id] = mechanism
    return found
