"""The words of `config/page.yaml`, ready to be held against lines."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from tasks.read.dates import DateWords, month_names, weekday_pattern
from tasks.read.shape import Line, Shape, fold
from tasks.settings.page import ANY, PageWords, read

LONGEST_CAPTION = 400
LONGEST_NOISE = 60
LONGEST_CREDIT = 250
# A caption's mark stands at its beginning or near its end, a mention of a photo anywhere.
CAPTION_TAIL = 60
_EDGES = " \t:：.。!！?？|»>›…-–—•·*#[]()（）【】«\"'“”▶►"
# MOSCOW, Dec. 2 (Xinhua) --; МОСКВА, 2 декабря. /ТАСС/.; (Dân trí) -; BEOGRAD -
_DATELINE = re.compile(
    r"[^\W\d_][\w .'’-]{1,40}(?:,\s[^()/]{3,20}?)?\s?[(/][\w .&/-]{2,30}[)/]\.?\s?[-–—]"
    r"|\([\w .-]{2,25}\)\s?[-–—]\s|[^a-zа-яёђјљњћџđšžčć\W\d_]{3,20}[^.()]{0,25}\s[-–—]{1,2}\s"
    r"|[^\W\d_]{3,20}, \d{1,2} [^\W\d_]{3,10}\. /[\w ]{2,20}/"
)
_MARKED = re.compile(r"([:：|>])")
_NUMERIC_DAY = re.compile(
    r"\b\d{1,2}[/.]\d{1,2}\b|\d{1,2}月\d{1,2}日|\d{1,2}日(?:[上下]午|晚|在)|\btháng\s\d{1,2}\b"
)
# How far into a paragraph it is told when something happened, if it is the first of a report.
OPENING = 130
_ELLIPSIS = re.compile(r"(?:\.\.\.|…|\[\.\.\.\]|\[…\])[\s)\]»”\"']*$")


@dataclass(frozen=True, slots=True)
class Furniture:
    """What the lines of a page may be besides its story."""

    stops: frozenset[str]
    asides: frozenset[str]
    noises: re.Pattern[str]
    captions: tuple[str, ...]
    pictures: tuple[str, ...]
    credits: tuple[str, ...]
    mores: tuple[str, ...]
    days: re.Pattern[str]
    agencies: tuple[str, ...]

    def stop(self, line: Line) -> bool:
        """Whether no part of the story follows below the line."""
        return line.folded.strip(_EDGES) in self.stops

    def aside(self, line: Line) -> bool:
        """Whether the line opens a box: it is one of the words, or begins with it and a colon.

        So do words that end a story if they stand alone: what follows on the line is a link.
        """
        if line.folded.strip(_EDGES) in self.asides:
            return True
        word, mark, _ = (
            _MARKED.split(line.folded, maxsplit=1) if _MARKED.search(line.folded) else ("", "", "")
        )
        return bool(mark) and word.strip() in (self.stops | self.asides)

    def noise(self, line: Line) -> bool:
        """Whether the line serves the site and not the story."""
        if line.shape is Shape.PARAGRAPH or len(line.text) > LONGEST_NOISE:
            return False
        return self.noises.search(line.folded) is not None

    def caption(self, line: Line) -> bool:
        """Whether the line is the caption of a picture."""
        if len(line.text) > LONGEST_CAPTION or self.dateline(line):
            return False
        tail = line.folded[-CAPTION_TAIL:]
        begins = line.folded.startswith((*self.captions, *self.pictures))
        return begins or any(word in tail for word in self.captions)

    def credit(self, line: Line) -> bool:
        """Whether the line names the source or the author, as the end of a story."""
        return len(line.text) <= LONGEST_CREDIT and line.folded.startswith(self.credits)

    def breaks_off(self, line: Line) -> bool:
        """Whether the line ends in the middle, for the reader to click."""
        return _ELLIPSIS.search(line.text) is not None or line.folded.rstrip(_EDGES).endswith(self.mores)

    def dateline(self, line: Line) -> bool:
        """Whether the paragraph begins as a report of an agency does: with place, day and name."""
        return line.folded.startswith(self.agencies) or _DATELINE.match(line.text) is not None

    def dated(self, line: Line) -> bool:
        """Whether the opening of the paragraph tells on which day something happened."""
        opening = line.folded[:OPENING]
        return _NUMERIC_DAY.search(opening) is not None or self.days.search(opening) is not None


@cache
def furniture(language: str | None) -> Furniture:
    """The words for pages in `language`, and in English, which stands on every page; None: in all."""
    rows = _shipped()
    known = {row.language for row in rows}
    primary = (language or "").split("-")[0].lower()
    wanted = {primary, "en", ANY} if primary in known else known
    return compiled([row for row in rows if row.language in wanted])


@cache
def date_words(language: str) -> DateWords:
    """The words of dates in every language; where two disagree on a month, those of `language` hold."""
    rows = sorted(_shipped(), key=lambda row: (row.language != language, row.language != "en"))
    spellings = (name for row in rows for names in row.weekdays for name in names.split())
    return DateWords(month_names(row.months for row in rows), weekday_pattern(spellings))


def compiled(rows: Iterable[PageWords]) -> Furniture:
    """The words of some languages as one."""
    chosen = list(rows)
    noises = sorted({fold(word) for row in chosen for word in row.noise}, key=len, reverse=True)
    return Furniture(
        stops=frozenset(fold(word) for row in chosen for word in row.stop),
        asides=frozenset(fold(word) for row in chosen for word in row.aside),
        noises=re.compile("|".join(_bounded(word) for word in noises) or r"(?!)"),
        captions=_folded(word for row in chosen for word in row.caption),
        pictures=_folded(word for row in chosen for word in row.picture),
        credits=_folded(word for row in chosen for word in row.credit),
        mores=_folded(word for row in chosen for word in row.more),
        days=_day_words(chosen),
        agencies=_folded(word for row in chosen for word in row.dateline),
    )


@cache
def _shipped() -> Sequence[PageWords]:
    return read()


def _day_words(rows: Sequence[PageWords]) -> re.Pattern[str]:
    spellings = {
        fold(word.replace("_", " ")) for row in rows for months in row.months for word in months.split()
    }
    months = "|".join(re.escape(word) for word in sorted(spellings, key=len, reverse=True)) or r"(?!)"
    days = "|".join(_bounded(word) for word in _folded(word for row in rows for word in row.day)) or r"(?!)"
    return re.compile(
        rf"\b\d{{1,2}}(?:st|nd|rd|th)?\.?\s(?:{months})\b|\b(?:{months})\.?\s\d{{1,2}}\b|{days}"
    )


def _folded(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({fold(word) for word in words}, key=len, reverse=True))


def _bounded(word: str) -> str:
    """The word on its own where it is spelled with letters of a script that has spaces."""
    if "\u2e80" <= word[:1] <= "\uffef":
        return re.escape(word)
    before, after = (r"\b" if word[at].isalnum() else "" for at in (0, -1))
    return before + re.escape(word) + after
