"""Writing into `config/sources/`, a folder that people edit: entries are added, days are renewed.

Nothing that stands there is written anew. An entry goes to the end of its file, a day into its
place; then the whole is read again beside the old file, and takes its place at once if every other
value is what it was. Comments, order and layout stay as somebody left them.
"""

import fcntl
import json
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import partial
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from tasks.settings import located
from tasks.settings.located import ConfigurationError, Mistake
from tasks.settings.sources import Source, Verified

# What may stand in YAML without quotes, as far as nothing else decides.
_PLAIN = re.compile(r"[^\W_][\w /.:;()+=?&%–-]*")
_FILE_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")


class WriteError(ValueError):
    """The list of sources cannot be written as asked; the message says why. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Place:
    """A source and where it stands: the file's name in the configuration, and its line from 1."""

    source: Source
    file: str
    line: int

    def __str__(self) -> str:
        return f"sources/{self.file}:{self.line}"


def places(folder: Path) -> Sequence[Place]:
    """Every source in the YAML files of `folder`, with the place where it stands.

    Raises:
        ConfigurationError: a file is wrong; nothing is added to what cannot be read.
    """
    mistakes: list[Mistake] = []
    found: list[Place] = []
    for path in sorted(folder.glob("*.yaml")):
        document = located.read(path, f"sources/{path.name}")
        for location, source in located.rows(document, Source, mistakes):
            found.append(Place(source, path.name, document.line(location)))
    if mistakes:
        raise ConfigurationError(mistakes)
    return found


def entry(source: Source) -> str:
    """A source as an entry of a file: what is not the default, a line a value, the day at the end."""
    values = source.model_dump(exclude_defaults=True)
    verified = values.pop("verified", None)
    lines = list(_pairs(values, 0))
    if verified:
        note = f", note: {json.dumps(verified['note'], ensure_ascii=False)}" if verified.get("note") else ""
        lines.append(f"verified: {{on: {verified['on'].isoformat()}{note}}}")
    return "\n".join(f"{'- ' if number == 0 else '  '}{line}" for number, line in enumerate(lines)) + "\n"


def append(folder: Path, name: str, sources: Sequence[Source]) -> Path:
    """Add entries to the end of `folder`/`name`.yaml, which is made if it is not there; its path.

    Raises:
        WriteError: an id is taken, or the file is not laid out as a list that can be added to.
        ConfigurationError: a file of the folder is wrong as it stands.
    """
    if not _FILE_NAME.fullmatch(name):
        raise WriteError(f"`{name}` is no name of a file: small letters, digits and hyphens, without .yaml")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.yaml"
    with _alone(folder):
        taken = {place.source.id: place for place in places(folder)}
        for source in sources:
            if source.id in taken:
                raise WriteError(f"there is a source `{source.id}` already, at {taken[source.id]}")
            taken[source.id] = Place(source, path.name, 0)
        old = _read(path) if path.exists() else ""
        before = _values(path) if path.exists() else []
        _replace(path, _extended(old, sources), partial(_added, before, sources))
    return path


def renew(folder: Path, verified: Mapping[str, Verified]) -> Sequence[str]:
    """Write into the entries, by id, on which day they were seen alive; the ids that were changed.

    A note that is there stays: somebody wrote it. Only an entry without any day gets the new one.

    Raises:
        WriteError: an id is unknown, or its entry is not laid out as block of lines.
        ConfigurationError: a file of the folder is wrong as it stands.
    """
    changed: list[str] = []
    with _alone(folder):
        by_file: dict[str, list[str]] = {}
        for place in places(folder):
            if place.source.id in verified:
                by_file.setdefault(place.file, []).append(place.source.id)
        if missing := sorted(verified.keys() - {id for ids in by_file.values() for id in ids}):
            raise WriteError(f"there is no source `{missing[0]}`")
        for file, ids in by_file.items():
            path = folder / file
            days = {id: verified[id] for id in ids}
            before = _values(path)
            _replace(path, _renewed(_read(path), days), partial(_kept, before, days))
            changed.extend(ids)
    return changed


def _pairs(values: Mapping[str, Any], depth: int) -> Iterator[str]:
    for key, value in values.items():
        if isinstance(value, Mapping) and value:
            yield f"{'  ' * depth}{key}:"
            yield from _pairs(value, depth + 1)
        else:
            yield f"{'  ' * depth}{key}: {_value(value)}"


def _value(value: Any) -> str:
    """A value on one line."""
    if isinstance(value, Enum):
        return _value(value.value)
    if isinstance(value, bool | int | float) or value is None:
        return json.dumps(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_text(str(key))}: {_value(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list | tuple | set | frozenset):
        ordered = sorted(value) if isinstance(value, set | frozenset) else value
        return "[" + ", ".join(_value(one) for one in ordered) + "]"
    return _text(str(value))


def _text(text: str) -> str:
    plain = _PLAIN.fullmatch(text) and ": " not in text and not text.endswith((":", " "))
    if plain and yaml.safe_load(text) == text:
        return text
    if "\\" in text and "'" not in text and text.isprintable():
        return f"'{text}'"
    return json.dumps(text, ensure_ascii=not text.isprintable())


def _extended(old: str, sources: Sequence[Source]) -> str:
    """The text of a file with entries behind it, indented as those that are there."""
    end = "\r\n" if "\r\n" in old else "\n"
    root = yaml.compose(old, Loader=yaml.CSafeLoader)
    if root is not None and (not isinstance(root, yaml.SequenceNode) or root.flow_style):
        raise WriteError(
            "the file is not a list with a dash before each entry; nothing can be added to its end"
        )
    column = root.start_mark.column if root is not None else 0
    lines = "\n".join(entry(source) for source in sources).split("\n")
    new = end.join(f"{' ' * column}{line}" if line else "" for line in lines)
    head = old.rstrip("\r\n ")
    return f"{head}{end * 2}{new}" if head else new


def _renewed(text: str, days: Mapping[str, Verified]) -> str:
    """The text of a file with the days of some entries in their places."""
    root = yaml.compose(text, Loader=yaml.CSafeLoader)
    assert root is not None
    lines = text.split("\n")
    # From below: what is changed does not move what is still to come.
    for node in reversed(root.value):
        pairs = {key.value: (key, value) for key, value in node.value}
        id = pairs["id"][1].value if "id" in pairs else ""
        if id not in days:
            continue
        if "verified" in pairs:
            day = next(value for key, value in pairs["verified"][1].value if key.value == "on")
            _put_day(lines, day, days[id].on)
        else:
            _put_line(lines, node, days[id])
    return "\n".join(lines)


def _put_day(lines: list[str], node: yaml.Node, day: date) -> None:
    start, end = node.start_mark, node.end_mark
    if start.line != end.line:
        raise WriteError(f"the day in line {start.line + 1} is written over several lines")
    line = lines[start.line]
    lines[start.line] = f"{line[: start.column]}{day.isoformat()}{line[end.column :]}"


def _put_line(lines: list[str], node: yaml.MappingNode, verified: Verified) -> None:
    if node.flow_style:
        raise WriteError(f"the entry in line {node.start_mark.line + 1} is written in braces")
    # Behind a value whose end is sure: blocks end only where something else begins.
    key, value = next(
        (key, value)
        for key, value in reversed(node.value)
        if isinstance(value, yaml.ScalarNode) and value.style not in ("|", ">")
    )
    end = "\r" if lines[value.end_mark.line].endswith("\r") else ""
    text = (
        f"verified: {{on: {verified.on.isoformat()}, note: {json.dumps(verified.note, ensure_ascii=False)}}}"
    )
    lines.insert(value.end_mark.line + 1, f"{' ' * key.start_mark.column}{text}{end}")
    if value.end_mark.line + 2 == len(lines):
        lines.append("")


def _read(path: Path) -> str:
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()


def _values(path: Path) -> list[Any]:
    value = located.read(path, f"sources/{path.name}").value
    return value if isinstance(value, list) else []


def _added(before: Sequence[Any], sources: Sequence[Source], after: Sequence[Any]) -> bool:
    return list(after[: len(before)]) == list(before) and [
        Source.model_validate(value) for value in after[len(before) :]
    ] == list(sources)


def _kept(before: Sequence[Any], days: Mapping[str, Verified], after: Sequence[Any]) -> bool:
    def without_day(rows: Iterable[Any]) -> list[Any]:
        return [{key: value for key, value in row.items() if key != "verified"} for row in rows]

    def notes(rows: Iterable[Any]) -> dict[str, str]:
        return {row["id"]: row["verified"].get("note", "") for row in rows if row.get("verified")}

    written = {row["id"]: row["verified"]["on"] for row in after if row["id"] in days}
    return (
        without_day(before) == without_day(after)
        and notes(before).items() <= notes(after).items()
        and written == {id: verified.on.isoformat() for id, verified in days.items()}
    )


def _replace(path: Path, text: str, right: Callable[[list[Any]], bool]) -> None:
    """Put `text` into the place of a file at once, if what it says is `right`."""
    path = path.resolve()
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        if not _sound(part, right):
            raise WriteError(f"{path.name} cannot be changed without damage: its layout is not understood")
        part.chmod(path.stat().st_mode & 0o7777 if path.exists() else 0o644)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _sound(path: Path, right: Callable[[list[Any]], bool]) -> bool:
    try:
        return right(_values(path))
    except (ConfigurationError, ValidationError, KeyError, TypeError):
        return False


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Two commands that write at the same time take turns."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
