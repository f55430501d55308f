"""`config/lexicon/`: a language a file: its words by class, its ordinals, its dates.

A new language is one such file. The classes are a closed list, because the coder's rules speak of
them; the words in them are the analyst's.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from tasks.settings import located
from tasks.settings.located import Mistake, Row


class WordClass(StrEnum):
    """What a word does in a text, as far as the coder's rules ask."""

    TOPIC = "topic"
    EXCLUDE = "exclude"
    SIGN = "sign"
    INSTRUMENT = "instrument"
    CONSULT = "consult"
    CHANNEL = "channel"
    MEET = "meet"
    EXERCISE = "exercise"
    PATROL = "patrol"
    PLATFORM = "platform"
    MOVEMENT = "movement"
    TRANSFER = "transfer"
    ARMS = "arms"
    STATEMENT = "statement"
    INTENT = "intent"
    ANNOUNCED = "announced"
    UNDER_WAY = "under_way"
    HELD = "held"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"
    DENIED = "denied"
    HYPOTHETICAL = "hypothetical"
    BACKGROUND = "background"
    OPINION = "opinion"
    REPORT = "report"
    UNIT = "unit"
    COUNTER = "counter"
    LOCATIVE = "locative"
    TRAVEL = "travel"
    COLLECTIVE = "collective"
    PRONOUN = "pronoun"
    OTHER_SIDE = "other_side"
    MULTILATERAL = "multilateral"
    MARGINS = "margins"
    OFFICE = "office"
    CONTEXT = "context"
    JOINT = "joint"
    CHAIR = "chair"
    UNTIL = "until"
    TARGET = "target"
    DAY_BEFORE = "day_before"
    SAME_DAY = "same_day"
    DAY_AFTER = "day_after"
    LASTING = "lasting"


class Script(StrEnum):
    """Whether words stand between spaces."""

    WORD = "word"
    CONTINUOUS = "continuous"


class WordRow(Row):
    """Words of one class. `weight` counts for topics, and is for `lasting` how many days; `office` and
    `context` say which one.
    """

    word_class: WordClass = Field(alias="class")
    forms: tuple[str, ...] = Field(min_length=1)
    weight: int = Field(default=1, ge=1, le=5)
    office: str | None = None
    context: str | None = None
    test: str

    @model_validator(mode="after")
    def _named(self) -> "WordRow":
        if (self.word_class is WordClass.OFFICE) != (self.office is not None):
            raise ValueError("`office` goes with the class `office`, and only with it")
        if (self.word_class is WordClass.CONTEXT) != (self.context is not None):
            raise ValueError("`context` goes with the class `context`, and only with it")
        return self

    @property
    def value(self) -> str:
        """What a hit of the row stands for."""
        return self.office or self.context or self.word_class.value


def _pattern(text: str) -> str:
    try:
        re.compile(re.sub(r"\{[a-z]+\d?\}", "x", text))
    except re.error as error:
        raise ValueError(f"is not a regular expression: {error}") from error
    return text


Pattern = Annotated[str, AfterValidator(_pattern)]


class Ordinals(Row):
    """How a round's number is written, and on which side of its unit it stands.

    `reach` is how many characters may lie between the two.
    """

    before: tuple[Pattern, ...] = ()
    after: tuple[Pattern, ...] = ()
    reach: int = Field(default=40, ge=0, le=120)
    words: Mapping[int, tuple[str, ...]] = {}
    words_stand: str = Field(default="before", pattern="^(before|after)$")


class Dates(Row):
    """How days are written. The patterns are tried in their order, and the longest match stands.

    In a pattern `{day}`, `{month}`, `{year}`, `{monthname}`, `{weekday}`, `{relativeday}`,
    `{relativeweek}`, `{relativemonth}`, `{relativeyear}`, `{last}`, `{next}`, `{lastweek}` and
    `{nextweek}` stand for the tables here; a `2` behind the name makes it the end of a range. `last` and
    `next` put a weekday before or behind the publication, `last_week` and `next_week` into the week
    from Monday to Sunday before or behind its own (上周四). A year beside a word of `since` may begin a
    count.
    """

    months: Mapping[str, int] = {}
    weekdays: Mapping[str, int] = {}
    days: Mapping[str, int] = {}
    weeks: Mapping[str, int] = {}
    months_relative: Mapping[str, int] = {}
    years_relative: Mapping[str, int] = {}
    vague: tuple[str, ...] = ()
    since: tuple[str, ...] = ()
    last: tuple[str, ...] = ()
    next: tuple[str, ...] = ()
    last_week: tuple[str, ...] = ()
    next_week: tuple[str, ...] = ()
    patterns: tuple[Pattern, ...] = ()


class Language(Row):
    """One language's file."""

    language: str = Field(pattern=r"^[a-z]{2}$")
    script: Script = Script.WORD
    abbreviations: tuple[str, ...] = ()
    rows: tuple[WordRow, ...]
    ordinals: Ordinals = Ordinals()
    dates: Dates = Dates()


Lexicon = Mapping[str, Language]


def load(folder: Path, mistakes: list[Mistake]) -> Lexicon:
    """The languages in the YAML files of `folder` by code; what is wrong is added to `mistakes`."""
    found: dict[str, Language] = {}
    for path in sorted(folder.glob("*.yaml")):
        try:
            document = located.read(path, f"lexicon/{path.name}")
        except located.ConfigurationError as error:
            mistakes.extend(error.mistakes)
            continue
        language = located.check(document, Language, mistakes)
        if language is None:
            continue
        if language.language != path.stem:
            mistakes.append(document.mistake(("language",), f"does not fit the file's name {path.name}"))
        mistakes.extend(
            document.mistake(("rows", index, "test"), "the test sentence holds no form of its row")
            for index, row in enumerate(language.rows)
            if not any(form.rstrip("*").casefold() in row.test.casefold() for form in row.forms)
        )
        found[language.language] = language
    return found
