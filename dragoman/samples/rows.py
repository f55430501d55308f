"""`seeds/samples/`: the sources of the demo and their items, as checked rows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from pydantic import AwareDatetime, Field, model_validator

from tasks.settings import located
from tasks.settings.environment import ROOT
from tasks.settings.located import ConfigurationError, Document, Location, Mistake, Row

T = TypeVar("T")

FOLDER = ROOT / "seeds" / "samples"


class SampleKind(StrEnum):
    """How a sample source publishes."""

    RSS = "rss"
    ATOM = "atom"
    LIST = "list"


class Markup(Row):
    """How a source writes each kind of block, as templates with `$text` and the like."""

    paragraph: str
    heading: str
    caption: str
    note: str
    teaser: str
    box: str
    entry: str


class SampleSource(Row):
    """A source of the demo: what the watch is told about it, and how its pages are made."""

    id: str = Field(pattern=r"^sample-[a-z-]+$")
    outlet: str
    host: str = Field(pattern=r"^[a-z]+\.example$")
    kind: SampleKind
    feed: str
    title: str
    language: str
    country: str
    rank: int
    zone: str
    family: str
    layout: str
    markup: Markup


class Entry(Row):
    """A line of a side box."""

    text: str
    section: str = ""
    time: str = ""


class Box(Row):
    """A side box: its title and its lines."""

    title: str
    entries: tuple[Entry, ...]


class Teaser(Row):
    """Another story, cut short in the middle of this one."""

    title: str
    text: str


class Block(Row):
    """A stretch of a page's main column: exactly one of its fields. A bare text is a paragraph."""

    paragraph: str | None = None
    heading: str | None = None
    caption: str | None = None
    note: str | None = None
    teaser: Teaser | None = None

    @model_validator(mode="before")
    @classmethod
    def _bare_text(cls, value: Any) -> Any:
        return {"paragraph": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _one(self) -> "Block":
        if len(self.model_fields_set) != 1:
            raise ValueError("a block is one of paragraph, heading, caption, note, teaser")
        return self


class Sample(Row):
    """An item of a sample source.

    Either `published`, or, where the source tells no time, `seen`: when the item appears.
    `path` is its address below the source's own. `stamp` is the time as the page prints it.
    """

    id: str
    path: str = Field(pattern=r"^[a-z0-9][a-z0-9./-]*$")
    title: str
    summary: str
    published: AwareDatetime | None = None
    seen: AwareDatetime | None = None
    byline: str = ""
    stamp: str = ""
    blocks: tuple[Block, ...] = Field(min_length=1)
    aside: tuple[Box, ...] = ()

    @model_validator(mode="after")
    def _one_time(self) -> "Sample":
        if (self.published is None) == (self.seen is None):
            raise ValueError("needs `published`, or `seen` where the source gives no time, and not both")
        return self

    @property
    def appears(self) -> datetime:
        """When the item comes to light, with the zone as written."""
        appears = self.published or self.seen
        assert appears is not None, "the row was checked"
        return appears


@dataclass(frozen=True, slots=True)
class Samples:
    """Everything in the folder: sources as filed, the items of each oldest first, layouts by name."""

    sources: Sequence[SampleSource]
    items: Mapping[str, Sequence[Sample]]
    layouts: Mapping[str, str]

    def in_order(self) -> list[tuple[SampleSource, Sample]]:
        """All items with their sources, in the order in which they appear."""
        pairs = [(source, sample) for source in self.sources for sample in self.items[source.id]]
        return sorted(pairs, key=lambda pair: pair[1].appears)


def load(folder: Path, mistakes: list[Mistake]) -> Samples:
    """The samples in `folder`; what is wrong with them is added to `mistakes`."""
    layouts = {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("layouts/*.html"))}
    sources: list[SampleSource] = []
    for document, location, source in _rows(folder / "sources.yaml", SampleSource, mistakes):
        if source.layout not in layouts:
            mistakes.append(document.mistake((*location, "layout"), f"`{source.layout}` is not in layouts/"))
        sources.append(source)
    items: dict[str, Sequence[Sample]] = {}
    taken: set[str] = set()
    for source in sources:
        found: list[Sample] = []
        for document, location, sample in _rows(folder / f"{source.id}.yaml", Sample, mistakes):
            if sample.id in taken:
                mistakes.append(document.mistake((*location, "id"), f"`{sample.id}` is given twice"))
            taken.add(sample.id)
            found.append(sample)
        items[source.id] = tuple(sorted(found, key=lambda sample: sample.appears))
    return Samples(tuple(sources), items, layouts)


def _rows(path: Path, shape: type[T], mistakes: list[Mistake]) -> Iterator[tuple[Document, Location, T]]:
    try:
        document = located.read(path, f"samples/{path.name}")
    except ConfigurationError as error:
        mistakes.extend(error.mistakes)
        return
    found = located.rows(document, shape, mistakes)
    if not found:
        mistakes.append(document.mistake((), "has no rows that can be used"))
    for location, row in found:
        yield document, location, row


def samples(folder: Path = FOLDER) -> Samples:
    """The samples in `folder`.

    Raises:
        ConfigurationError: a file is missing or a row is wrong; it lists everything that is.
    """
    mistakes: list[Mistake] = []
    loaded = load(folder, mistakes)
    if mistakes:
        raise ConfigurationError(mistakes)
    return loaded
