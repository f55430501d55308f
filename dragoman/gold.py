"""The labelled items: what a careful reader of the codebook says of each.

`tests/gold/README.md` says how they were written and what each field means. A line is an input line
of `dragoman replay` with one field more, `gold`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from dragoman.replay import Line, Usable
from tasks.model import Kind, Stage
from tasks.settings.environment import ROOT
from tasks.settings.located import ConfigurationError, Mistake

FOLDER = ROOT / "tests" / "gold"
_EPOCH = datetime.min.replace(tzinfo=UTC)
HISTORY_BEFORE = date(2023, 1, 1)
"""The answers about rounds and alerts hold for a store that knows the register up to this day."""


class _Row(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Days(_Row):
    """First and last day of an event."""

    start: date
    end: date


def _words(value: object) -> object:
    """Some outlets in the sets give a summary of null, which says the same as an empty one."""
    return () if value is None else value


class GoldMention(_Row):
    """What an item says about one event, by the codebook.

    `places` and `rounds` are further values that are as right; an `optional` mention may be given
    or not.
    """

    event: str
    kind: Kind
    stage: Stage
    background: bool
    dyad: str
    mechanism: str | None
    round: int | None
    date: Days | None
    place: str | None
    officials: Annotated[frozenset[str], BeforeValidator(_words)]
    instrument: bool
    places: tuple[str | None, ...] = ()
    rounds: tuple[int | None, ...] = ()
    optional: bool = False


class GoldAlert(_Row):
    """A stage of an event that its item is the first to report."""

    event: str
    stage: Stage


class Gold(_Row):
    """The answers for one item."""

    relevant: bool
    why: str
    mentions: tuple[GoldMention, ...]
    alerts: tuple[GoldAlert, ...]


class _Labelled(_Row):
    gold: Gold


@dataclass(frozen=True, slots=True)
class GoldItem:
    """An item with its answers."""

    usable: Usable
    gold: Gold

    @property
    def line(self) -> Line:
        """The item as a replay takes it."""
        return self.usable.line


def read(folder: Path, split: str) -> Sequence[GoldItem]:
    """The items of one split, in the order of time, as a replay takes them.

    One without a time stands behind the one before it in its file.

    Raises:
        FileNotFoundError: there is no such split in `folder`.
        ConfigurationError: lines cannot be read; file, line and field are named.
    """
    paths = sorted((folder / split).glob("*.jsonl"))
    if not paths:
        raise FileNotFoundError(
            f"no gold items in {folder / split}; the sets come with the project's sources"
        )
    mistakes: list[Mistake] = []
    found: list[tuple[datetime, GoldItem]] = []
    for path in paths:
        clock = _EPOCH
        for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            try:
                line, labelled = Line.model_validate_json(text), _Labelled.model_validate_json(text)
            except ValidationError as error:
                problem = error.errors(include_url=False)[0]
                field = ".".join(str(part) for part in problem["loc"])
                mistakes.append(Mistake(f"{split}/{path.name}", number, field, problem["msg"]))
                continue
            clock = line.fetched or line.published or clock
            found.append((clock, GoldItem(Usable(number, line), labelled.gold)))
    if mistakes:
        raise ConfigurationError(mistakes)
    return tuple(item for _, item in sorted(found, key=lambda timed: timed[0]))
