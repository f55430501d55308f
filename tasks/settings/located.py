"""YAML that remembers where each value stood, so that a mistake is told with its line.

What an analyst edits is read with this and nothing else. A file is parsed into plain values
beside a map from the path of a value to its line; pydantic checks the values; what it finds wrong
is told as `Mistake(file, line, field, message)`, all at once and never one at a time.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

Location = tuple[str | int, ...]
T = TypeVar("T")


class Row(BaseModel):
    """A row of a configuration file: frozen, and an unknown key is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """One thing wrong in a configuration: where (file, line from 1, field) and what."""

    file: str
    line: int
    field: str
    message: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}"
        return f"{where}: {self.field}: {self.message}" if self.field else f"{where}: {self.message}"


class ConfigurationError(ValueError):
    """The configuration cannot be used; `mistakes` lists everything that is wrong with it."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(sorted(mistakes))
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))


@dataclass(slots=True)
class Document:
    """A parsed file: its plain values, and the line on which each of them begins."""

    file: str
    value: Any
    lines: dict[Location, int] = field(default_factory=dict)

    def line(self, location: Location) -> int:
        """The line (from 1) of the value at `location`, or of the nearest value around it."""
        while location and location not in self.lines:
            location = location[:-1]
        return self.lines.get(location, 1)

    def mistake(self, location: Location, message: str) -> Mistake:
        """A mistake at `location` of this file."""
        return Mistake(self.file, self.line(location), dotted(location), message)


def dotted(location: Location) -> str:
    """A location as a person writes it: `channels[2].url`."""
    text = ""
    for part in location:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


class _Loader(yaml.CSafeLoader):
    """The safe loader of libyaml, with dates, and words such as `no` and `off`, left as written."""


_BOOLEAN = "tag:yaml.org,2002:bool"
_Loader.yaml_implicit_resolvers = {
    first: [
        (tag, re.compile("^(?:true|false)$") if tag == _BOOLEAN else pattern)
        for tag, pattern in resolvers
        if tag != "tag:yaml.org,2002:timestamp"
    ]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def read(path: Path, name: str | None = None) -> Document:
    """Parse the YAML file at `path`; `name` is what messages call it (default: the path).

    Raises:
        ConfigurationError: the file is missing, not UTF-8, not YAML, or gives a key twice.
    """
    name = name or str(path)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError([Mistake(name, 1, "", f"cannot be read: {error}")]) from error
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        document = Document(name, None)
        mistakes: list[Mistake] = []
        if node is not None:
            document.value = _value(loader, node, (), document, mistakes)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise ConfigurationError([Mistake(name, line, "", f"is not YAML: {error.problem}")]) from error
    except yaml.YAMLError as error:
        raise ConfigurationError([Mistake(name, 1, "", f"is not YAML: {error}")]) from error
    finally:
        loader.dispose()
    if mistakes:
        raise ConfigurationError(mistakes)
    return document


def _value(
    loader: _Loader, node: yaml.Node, location: Location, document: Document, mistakes: list[Mistake]
) -> Any:
    document.lines[location] = node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        return [
            _value(loader, child, (*location, index), document, mistakes)
            for index, child in enumerate(node.value)
        ]
    if isinstance(node, yaml.MappingNode):
        values: dict[Any, Any] = {}
        for key_node, child in node.value:
            key = loader.construct_object(key_node)
            if key in values:
                line = key_node.start_mark.line + 1
                mistakes.append(Mistake(document.file, line, dotted((*location, key)), "is given twice"))
            values[key] = _value(loader, child, (*location, key), document, mistakes)
        return values
    return loader.construct_object(node)


def check(document: Document, shape: type[T] | TypeAdapter[T], mistakes: list[Mistake]) -> T | None:
    """The document's value as `shape`, or None with what is wrong added to `mistakes`."""
    adapter = shape if isinstance(shape, TypeAdapter) else TypeAdapter(shape)
    try:
        return adapter.validate_python(document.value)
    except ValidationError as error:
        mistakes.extend(_mistakes(document, (), error))
        return None


def rows(document: Document, shape: type[T], mistakes: list[Mistake]) -> list[tuple[Location, T]]:
    """Each row of a list file as `shape` with its location; wrong rows go to `mistakes` alone."""
    if document.value is None:
        return []
    if not isinstance(document.value, list):
        mistakes.append(document.mistake((), "must be a list of rows"))
        return []
    adapter = TypeAdapter(shape)
    good: list[tuple[Location, T]] = []
    for index, value in enumerate(document.value):
        try:
            good.append(((index,), adapter.validate_python(value)))
        except ValidationError as error:
            mistakes.extend(_mistakes(document, (index,), error))
    return good


def written_ids(document: Document) -> frozenset[str]:
    """The ids of all rows of a list file, of wrong rows, too: what names one of those is not wrong for it."""
    listed = document.value if isinstance(document.value, list) else []
    return frozenset(str(row["id"]) for row in listed if isinstance(row, dict) and "id" in row)


def _mistakes(document: Document, location: Location, error: ValidationError) -> Iterator[Mistake]:
    for problem in error.errors(include_url=False):
        yield document.mistake((*location, *problem["loc"]), problem["msg"].removeprefix("Value error, "))
