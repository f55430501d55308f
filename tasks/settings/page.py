"""`config/page.yaml`: what pages put around their stories, and the names of months, a language a row."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from tasks.settings import located
from tasks.settings.environment import ROOT
from tasks.settings.located import Mistake, Row

ANY = "any"
SHIPPED = ROOT / "config" / "page.yaml"


def _twelve(months: tuple[str, ...]) -> tuple[str, ...]:
    if len(months) not in (0, 12):
        raise ValueError(f"are twelve, not {len(months)}")
    return months


def _seven(weekdays: tuple[str, ...]) -> tuple[str, ...]:
    if len(weekdays) not in (0, 7):
        raise ValueError(f"are seven, not {len(weekdays)}")
    return weekdays


class PageWords(Row):
    """The words of one language, or of every page (`language: any`)."""

    language: str = Field(pattern=r"^([a-z]{2,3}|any)$")
    months: Annotated[tuple[str, ...], AfterValidator(_twelve)] = ()
    weekdays: Annotated[tuple[str, ...], AfterValidator(_seven)] = ()
    stop: tuple[str, ...] = ()
    aside: tuple[str, ...] = ()
    noise: tuple[str, ...] = ()
    caption: tuple[str, ...] = ()
    picture: tuple[str, ...] = ()
    credit: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    day: tuple[str, ...] = ()
    dateline: tuple[str, ...] = ()


def load(path: Path, mistakes: list[Mistake]) -> Sequence[PageWords]:
    """All rows of the file at `path`; what is wrong is added to `mistakes`."""
    try:
        document = located.read(path, path.name)
    except located.ConfigurationError as error:
        mistakes.extend(error.mistakes)
        return ()
    found: dict[str, PageWords] = {}
    for location, words in located.rows(document, PageWords, mistakes):
        if words.language in found:
            mistakes.append(document.mistake((*location, "language"), f"`{words.language}` is given twice"))
        found[words.language] = words
    return tuple(found.values())


def read(path: Path = SHIPPED) -> Sequence[PageWords]:
    """All rows of the file at `path`, by default the one that comes with the program.

    Raises:
        ConfigurationError: with everything that is wrong in it.
    """
    mistakes: list[Mistake] = []
    words = load(path, mistakes)
    if mistakes:
        raise located.ConfigurationError(mistakes)
    return words
