"""`seeds/register.yaml`: the history that the store starts from.

The register knows which rounds of the standing mechanisms were held, so that a report without a
number can be numbered and a recalled event is not news. What it cannot vouch for one by one
(`context`), what belongs to no dyad (`multilateral`) and what nobody has seen (`expected`) is kept
beside the events and is never one of them.
"""

import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from pydantic import Field, field_validator, model_validator

from tasks.model import Kind, Stage
from tasks.settings import located
from tasks.settings.days import Days
from tasks.settings.located import Document, Location, Mistake, Row

_DYAD = re.compile(r"[A-Z]{3}-[A-Z]{3}")
# An event that has reached one of these has no further to go.
_FINAL = (Stage.HELD, Stage.CANCELLED, Stage.DENIED)


class Confidence(StrEnum):
    """How well a row is supported; the register's head says what the words mean."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Acting(Row):
    """Somebody who acted for a side, with the role that the read-out gives."""

    id: str
    role: str
    side: str = Field(pattern=r"^[A-Z]{3}$")


class Entry(Row):
    """One thing that happened, with the pages on which it was seen.

    `stages` say when it was announced, held and so on, as exactly as that is known. `places` are
    ids of `config/actors/places.yaml`, or the name of a state where no more is known.
    """

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    dyad: str | None = None
    multilateral: bool = False
    context: bool = False
    mechanism: str | None = None
    kind: Kind | None = None
    round: int | None = Field(default=None, ge=1)
    stages: Mapping[Stage, Days] = Field(min_length=1)
    places: tuple[str, ...] = ()
    officials: tuple[Acting, ...] = ()
    instrument: str | None = None
    confidence: Confidence
    sources: tuple[str, ...] = ()
    note: str | None = None

    @field_validator("dyad")
    @classmethod
    def _alphabetical(cls, dyad: str | None) -> str | None:
        if dyad and (not _DYAD.fullmatch(dyad) or dyad != "-".join(sorted(dyad.split("-")))):
            raise ValueError("is not two codes of three letters in alphabetical order: CHN-RUS")
        return dyad

    @model_validator(mode="after")
    def _whole(self) -> "Entry":
        if self.multilateral == (self.dyad is not None):
            raise ValueError("needs either a `dyad` or `multilateral: true`")
        if self.kind is None and not self.context:
            raise ValueError("needs a `kind`, or `context: true`")
        return self

    @property
    def place(self) -> str | None:
        """Where it happened, in one line."""
        return "; ".join(self.places) or None

    @property
    def over(self) -> date | None:
        """The last day on which it can have ended, or None if it never got so far."""
        return max((when.end for stage, when in self.stages.items() if stage in _FINAL), default=None)


class Expected(Row):
    """A round that the rotation lets expect and that has not been seen."""

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    dyad: str
    mechanism: str
    round: int | None = None
    note: str


class _File(Row):
    events: tuple[Entry, ...] = ()
    expected: tuple[Expected, ...] = ()
    lookalikes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Register:
    """What is known of the past. Only `events` are events of a dyad.

    `lookalikes` are pairs of distinct events that matching tends to make one.
    """

    events: tuple[Entry, ...] = ()
    context: tuple[Entry, ...] = ()
    multilateral: tuple[Entry, ...] = ()
    expected: tuple[Expected, ...] = ()
    lookalikes: tuple[tuple[str, str], ...] = ()


def load(
    path: Path,
    mistakes: list[Mistake],
    officials: Container[str] | None = None,
    mechanisms: Container[str] | None = None,
) -> Register:
    """The register in the file at `path`; what is wrong with it is added to `mistakes`.

    With the known `officials` and `mechanisms`, those that it names beside them are mistakes, too.
    """
    try:
        document = located.read(path, path.name)
    except located.ConfigurationError as error:
        mistakes.extend(error.mistakes)
        return Register()
    file = located.check(document, _File, mistakes)
    if file is None:
        return Register()
    mistakes.extend(_repeated(document, file))
    mistakes.extend(_unknown_lookalikes(document, file))
    mistakes.extend(_strangers(document, file, officials, mechanisms))
    return Register(
        events=tuple(entry for entry in file.events if not entry.context and not entry.multilateral),
        context=tuple(entry for entry in file.events if entry.context),
        multilateral=tuple(entry for entry in file.events if entry.multilateral and not entry.context),
        expected=file.expected,
        lookalikes=file.lookalikes,
    )


def over_before(register: Register, day: date | None) -> tuple[Entry, ...]:
    """The events that were over before `day`, that is, on the last day that their dates allow.

    An event of "2018" is over before 1 January 2019 and on no day before. One that was announced
    before `day` and held after it is left out whole, or the replay of the days between would know
    what is to come. With no day, all events.
    """
    if day is None:
        return register.events
    return tuple(entry for entry in register.events if entry.over is not None and entry.over < day)


def _repeated(document: Document, file: _File) -> Iterator[Mistake]:
    """Ids that are given twice, and rounds that two events of a mechanism and kind both claim."""
    ids: set[str] = set()
    rounds: dict[tuple[str, Kind, int], str] = {}
    rows: list[tuple[Location, Entry | Expected]] = []
    rows += [(("events", index), entry) for index, entry in enumerate(file.events)]
    rows += [(("expected", index), row) for index, row in enumerate(file.expected)]
    for location, row in rows:
        if row.id in ids:
            yield document.mistake((*location, "id"), f"`{row.id}` is given twice")
        ids.add(row.id)
        if isinstance(row, Entry) and row.mechanism and row.kind and row.round:
            first = rounds.setdefault((row.mechanism, row.kind, row.round), row.id)
            if first != row.id:
                yield document.mistake((*location, "round"), f"is the round of `{first}`, too")


def _unknown_lookalikes(document: Document, file: _File) -> Iterator[Mistake]:
    ids = {entry.id for entry in file.events}
    for index, pair in enumerate(file.lookalikes):
        for position, event in enumerate(pair):
            if event not in ids:
                location = ("lookalikes", index, position)
                yield document.mistake(location, f"`{event}` is no event of the register")


def _strangers(
    document: Document, file: _File, officials: Container[str] | None, mechanisms: Container[str] | None
) -> Iterator[Mistake]:
    """Officials and mechanisms of which the register speaks and which the configuration does not know."""
    for index, entry in enumerate(file.events):
        location: Location = ("events", index)
        if mechanisms is not None and entry.mechanism is not None and entry.mechanism not in mechanisms:
            message = f"`{entry.mechanism}` is no known mechanism"
            yield document.mistake((*location, "mechanism"), message)
        for position, acting in enumerate(entry.officials):
            if officials is not None and acting.id not in officials:
                message = f"`{acting.id}` is no known official"
                yield document.mistake((*location, "officials", position, "id"), message)


def read(path: Path) -> Register:
    """The register in the file at `path`.

    Raises:
        ConfigurationError: anything is wrong with it; it lists everything that is.
    """
    mistakes: list[Mistake] = []
    register = load(path, mistakes)
    if mistakes:
        raise located.ConfigurationError(mistakes)
    return register
