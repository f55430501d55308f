"""Days named in a text, resolved against the day of publication (codebook, "Date").

The tables and patterns are the language's (config/lexicon). A day is an interval with a precision
and a basis; what cannot be resolved without a guess is not a day.
"""

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from tasks.code.text import EDGE_AFTER, EDGE_BEFORE, Span, fold
from tasks.model import DateBasis, Interval, Precision
from tasks.settings.days import month_end
from tasks.settings.lexicon import Dates

# A day without a year is the nearest one before the publication, unless it would lie further
# ahead than this: then it is one that was announced.
_AHEAD = timedelta(days=45)
# How near a vague word (recent, gần đây) must stand to a weekday to make it unknown.
_VAGUE_REACH = 14


@dataclass(frozen=True, slots=True)
class Day:
    """A day in a text: where it is written, and which it is.

    `ahead` is which it is if it is told of something to come, where that makes a difference: on
    Friday, on 2 December, the 16th. `since` says that it is a year in which something began.
    """

    start: int
    end: int
    interval: Interval
    ahead: Interval | None = None
    since: bool = False


class DateReader:
    """The dates of one language, compiled."""

    def __init__(self, table: Dates) -> None:
        """Compile the tables and patterns of `table`."""
        self._months = {fold(name): number for name, number in table.months.items()}
        self._weekdays = {fold(name): number for name, number in table.weekdays.items()}
        self._days = {fold(name): number for name, number in table.days.items()}
        self._weeks = {fold(name): number for name, number in table.weeks.items()}
        self._month_steps = {fold(name): number for name, number in table.months_relative.items()}
        self._year_steps = {fold(name): number for name, number in table.years_relative.items()}
        parts = {
            "day": r"(?:0?[1-9]|[12]\d|3[01])",
            "month": r"(?:1[0-2]|0?[1-9])",
            "year": r"(?:19|20)\d\d",
            "monthname": _either(self._months),
            "weekday": _either(self._weekdays),
            "relativeday": _either(self._days),
            "relativeweek": _either(self._weeks),
            "relativemonth": _either(self._month_steps),
            "relativeyear": _either(self._year_steps),
            "last": _either(map(fold, table.last)),
            "next": _either(map(fold, table.next)),
            "lastweek": _either(map(fold, table.last_week)),
            "nextweek": _either(map(fold, table.next_week)),
        }
        self._patterns = [_compile(pattern, parts) for pattern in table.patterns]
        self._vague = re.compile(_either(map(fold, table.vague)))
        since = _either(map(fold, table.since))
        self._since_before, self._since_behind = re.compile(f"{since} ?$"), re.compile(f" ?{since}")

    def find(self, folded: str, span: Span, published: date | None) -> list[Day]:
        """The days within `span`, in their order; `published` is the local day of publication."""
        matches: list[tuple[re.Match[str], list[Interval]]] = []
        for pattern in self._patterns:
            for match in pattern.finditer(folded, span.start, span.end):
                if all(match.end() <= other.start() or other.end() <= match.start() for other, _ in matches):
                    matches.append((match, self._intervals(match, folded, span, published)))
        days = [
            Day(
                match.start(),
                match.end(),
                told,
                ahead[0] if ahead else None,
                self._is_since(match, folded, span),
            )
            for match, (told, *ahead) in ((match, readings) for match, readings in matches if readings)
        ]
        return sorted(days, key=lambda day: day.start)

    def _intervals(
        self, match: re.Match[str], folded: str, span: Span, published: date | None
    ) -> list[Interval]:
        """What a day is for an act that is over, and, where it differs, for one that is to come."""
        try:
            readings = self._readings(match, folded, span, published)
            return list(dict.fromkeys(readings))[:2]
        except ValueError:
            # 31 February and its like: written so, but no day.
            return []

    def _readings(
        self, match: re.Match[str], folded: str, span: Span, published: date | None
    ) -> Iterator[Interval]:
        groups = {name: text for name, text in match.groupdict().items() if text}
        month = self._month(groups, "month", "monthname")
        month2 = self._month(groups, "month2", "monthname2")
        year = int(groups["year"]) if "year" in groups else None
        if "day" in groups and (month or month2):
            yield from _days(groups, month or month2, month2 or month, year, published)
        elif month:
            yield from _month(year, month, published)
        elif year:
            yield Interval(date(year, 1, 1), date(year, 12, 31), Precision.YEAR, DateBasis.STATED)
        elif published is not None and "day" in groups:
            yield _day_alone(int(groups["day"]), published)
            yield _day_ahead(int(groups["day"]), published)
        elif published is not None:
            yield from self._relative(groups, match, folded, span, published)

    def _month(self, groups: dict[str, str], digits: str, name: str) -> int | None:
        if digits in groups:
            return int(groups[digits])
        return self._months[groups[name]] if name in groups else None

    def _relative(
        self, groups: dict[str, str], match: re.Match[str], folded: str, span: Span, published: date
    ) -> Iterator[Interval]:
        if "weekday" in groups:
            if not self._is_vague(match, folded, span):
                weekday = self._weekdays[groups["weekday"]]
                if "lastweek" in groups or "nextweek" in groups:
                    yield _weekday_of(1 if "nextweek" in groups else -1, weekday, published)
                    return
                if "weekday2" in groups:
                    yield from _weekdays(weekday, self._weekdays[groups["weekday2"]], published)
                    return
                yield _weekday(weekday, "next" in groups, published)
                if "last" not in groups:
                    yield _weekday(weekday, True, published)
        elif "relativeday" in groups:
            day = published + timedelta(days=self._days[groups["relativeday"]])
            yield Interval(day, day, Precision.DAY, DateBasis.RELATIVE)
        elif "relativeweek" in groups:
            monday = published - timedelta(days=published.weekday())
            monday += timedelta(weeks=self._weeks[groups["relativeweek"]])
            yield Interval(monday, monday + timedelta(days=6), Precision.WEEK, DateBasis.RELATIVE)
        elif "relativemonth" in groups:
            months = published.year * 12 + published.month - 1 + self._month_steps[groups["relativemonth"]]
            first = date(months // 12, months % 12 + 1, 1)
            yield Interval(first, month_end(first), Precision.MONTH, DateBasis.RELATIVE)
        elif "relativeyear" in groups:
            year = published.year + self._year_steps[groups["relativeyear"]]
            yield Interval(date(year, 1, 1), date(year, 12, 31), Precision.YEAR, DateBasis.RELATIVE)

    def _is_since(self, match: re.Match[str], folded: str, span: Span) -> bool:
        """Whether a word such as "since" stands before a year, or as 以来 behind it."""
        if "year" not in match.re.groupindex or match["year"] is None:
            return False
        start = match.start("year")
        before = folded[max(span.start, start - _VAGUE_REACH) : start]
        return bool(
            self._since_before.search(before) or self._since_behind.match(folded, match.end(), span.end)
        )

    def _is_vague(self, match: re.Match[str], folded: str, span: Span) -> bool:
        start = max(span.start, match.start() - _VAGUE_REACH)
        return bool(self._vague.search(folded, start, min(span.end, match.end() + _VAGUE_REACH)))


def _either(words: Iterable[str]) -> str:
    listed = sorted(set(words), key=len, reverse=True)
    # An empty table matches nothing.
    return "(?:" + "|".join(map(re.escape, listed)) + ")" if listed else "(?!)"


def _compile(pattern: str, parts: dict[str, str]) -> re.Pattern[str]:
    def group(match: re.Match[str]) -> str:
        name = match[1]
        return f"(?P<{name}>{parts[name.rstrip('2')]})"

    edged = re.sub(r"\{([a-z]+2?)\}", group, pattern)
    return re.compile(f"{EDGE_BEFORE}(?:{edged}){EDGE_AFTER}")


def _days(
    groups: dict[str, str], month: int | None, month2: int | None, year: int | None, published: date | None
) -> Iterator[Interval]:
    assert month is not None and month2 is not None
    day = int(groups["day"])
    basis = DateBasis.STATED
    years = [year]
    if year is None:
        if published is None:
            return
        basis = DateBasis.RELATIVE
        years = [_nearest(month, day, published), _coming(month, day, published)]
        if "day2" in groups and (last := _coming(month2, int(groups["day2"]), published)) is not None:
            # A stretch that has begun and is not over lies ahead in this year, not in the next.
            years[1] = last - (month2 < month)
    for one in years:
        if one is None:
            continue
        start = date(one, month, day)
        if "day2" not in groups:
            yield Interval(start, start, Precision.DAY, basis)
            continue
        end = date(one + (month2 < month), month2, int(groups["day2"]))
        if start < end <= start + timedelta(days=60):
            yield Interval(start, end, Precision.RANGE, basis)


def _day_alone(day: int, published: date) -> Interval:
    """The last such day of a month up to the publication (16日: the 16th, of this month or the last)."""
    month = published
    while month.day < day or monthrange(month.year, month.month)[1] < day:
        month = month.replace(day=1) - timedelta(days=1)
    found = month.replace(day=day)
    return Interval(found, found, Precision.DAY, DateBasis.RELATIVE)


def _month(year: int | None, month: int, published: date | None) -> Iterator[Interval]:
    basis = DateBasis.STATED
    if year is None:
        if published is None:
            return
        year, basis = _nearest(month, 1, published), DateBasis.RELATIVE
    assert year is not None
    first = date(year, month, 1)
    yield Interval(first, month_end(first), Precision.MONTH, basis)


def _nearest(month: int, day: int, published: date) -> int | None:
    """The year that puts the day last before the publication, or a little ahead of it."""
    years = range(published.year + 1, published.year - 9, -1)
    return next((one for one in years if _is_day(one, month, day, published + _AHEAD, latest=True)), None)


def _coming(month: int, day: int, published: date) -> int | None:
    """The year that puts the day first on or after the publication."""
    years = range(published.year, published.year + 9)
    return next((one for one in years if _is_day(one, month, day, published, latest=False)), None)


def _is_day(year: int, month: int, day: int, bound: date, *, latest: bool) -> bool:
    """Whether there is such a day (29 February) on the right side of `bound`."""
    if month < 1 or month > 12 or day > monthrange(year, month)[1]:
        return False
    found = date(year, month, day)
    return found <= bound if latest else found >= bound


def _day_ahead(day: int, published: date) -> Interval:
    """The first such day of a month on or after the publication."""
    month = published
    while month.day > day or monthrange(month.year, month.month)[1] < day:
        month = month_end(month) + timedelta(days=1)
    found = month.replace(day=day)
    return Interval(found, found, Precision.DAY, DateBasis.RELATIVE)


def _weekday(weekday: int, following: bool, published: date) -> Interval:
    """The last such weekday up to the publication, or the first after it."""
    behind = (published.weekday() - weekday) % 7
    day = published + timedelta(days=7 - behind) if following else published - timedelta(days=behind)
    return Interval(day, day, Precision.DAY, DateBasis.RELATIVE)


def _weekday_of(weeks: int, weekday: int, published: date) -> Interval:
    """The weekday of the calendar week so many before or behind that of the publication."""
    day = published + timedelta(weeks=weeks, days=weekday - published.weekday())
    return Interval(day, day, Precision.DAY, DateBasis.RELATIVE)


def _weekdays(first: int, last: int, published: date) -> Iterator[Interval]:
    """From one weekday to another, as it was last before the publication, and as it comes next."""
    length = timedelta(days=(last - first) % 7)
    for start in (
        _weekday(last, False, published).start - length,
        _weekday(first, True, published).start,
    ):
        yield Interval(start, start + length, Precision.RANGE, DateBasis.RELATIVE)
