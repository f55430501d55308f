"""`config/evidence.yaml`: what makes two reports one event, in days and points, each with its reason."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from pydantic import Field, model_validator

from tasks.settings import located
from tasks.settings.located import Mistake, Row


class Reach(StrEnum):
    """How far apart two reports of one event may lie."""

    NEAR = "near"
    SERIES = "series"
    UNDATED = "undated"
    PROMPT = "prompt"
    TOGETHER = "together"
    NUMBERED = "numbered"
    WAITING = "waiting"
    PUT_OFF = "put_off"


class Point(StrEnum):
    """What counts for or against two reports being of one event."""

    DAY = "day"
    DAY_ALONE = "day_alone"
    PART_OF_DAY = "part_of_day"
    YEAR = "year"
    TOLD_PROMPTLY = "told_promptly"
    TOLD_ABOUT_THEN = "told_about_then"
    TOLD_TOGETHER = "told_together"
    NO_DAY = "no_day"
    MECHANISM = "mechanism"
    COUNTERPART = "counterpart"
    PLACE = "place"
    SUBJECT = "subject"
    OTHER_SUBJECT = "other_subject"
    LATER_SUBJECT = "later_subject"
    LATER_OTHER_SUBJECT = "later_other_subject"
    LATER_MECHANISM = "later_mechanism"
    LATER_COUNTERPART = "later_counterpart"
    LATER_PLACE = "later_place"
    LATER_SOON = "later_soon"


class _Days(Row):
    id: Reach
    # The resolver looks at most so far for what could be the same event.
    days: int = Field(ge=0, le=400)
    reason: str = Field(min_length=1)


class _Points(Row):
    id: Point
    points: int = Field(ge=-9, le=8)
    reason: str = Field(min_length=1)


class _Topic(Row):
    id: str = Field(pattern=r"^[a-z_]+$")
    forms: tuple[str, ...] = Field(min_length=1)
    reason: str = Field(min_length=1)


class _Kin(Row):
    one: str
    two: str
    reason: str = Field(min_length=1)


class _File(Row):
    same: int = Field(ge=1)
    perhaps: int = Field(ge=0)
    days: tuple[_Days, ...]
    points: tuple[_Points, ...]
    topics: tuple[_Topic, ...] = ()
    kin: tuple[_Kin, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> "_File":
        if self.perhaps >= self.same:
            raise ValueError("`perhaps` must be less than `same`")
        for name, wanted, given in (
            ("days", set(Reach), [row.id for row in self.days]),
            ("points", set(Point), [row.id for row in self.points]),
        ):
            if missing := sorted(wanted - set(given)):
                raise ValueError(f"`{name}` lacks {', '.join(missing)}")
            if len(given) != len(set(given)):
                raise ValueError(f"`{name}` gives a row twice")
        return self


@dataclass(frozen=True, slots=True)
class Evidence:
    """The weights of the resolver: `same` and `perhaps` in points, distances, and topics by their words."""

    same: int = 3
    perhaps: int = 2
    days: Mapping[Reach, timedelta] = field(default_factory=lambda: MappingProxyType({}))
    points: Mapping[Point, int] = field(default_factory=lambda: MappingProxyType({}))
    topics: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    # Pairs of subjects of which one report names the one and another the other.
    kin: frozenset[frozenset[str]] = frozenset()


def load(path: Path, mistakes: list[Mistake]) -> Evidence:
    """The evidence in the file at `path`; what is wrong with it is added to `mistakes`."""
    try:
        document = located.read(path, path.name)
    except located.ConfigurationError as error:
        mistakes.extend(error.mistakes)
        return Evidence()
    file = located.check(document, _File, mistakes)
    if file is None:
        return Evidence()
    return Evidence(
        same=file.same,
        perhaps=file.perhaps,
        days=MappingProxyType({row.id: timedelta(days=row.days) for row in file.days}),
        points=MappingProxyType({row.id: row.points for row in file.points}),
        topics=MappingProxyType({row.id: tuple(map(str.casefold, row.forms)) for row in file.topics}),
        kin=frozenset(frozenset({row.one, row.two}) for row in file.kin),
    )
