"""Days named in a text, resolved against the day of publication (codebook, "Date").

The tables and patterns are the language's (config/lexicon). A day is an interval with a precision
and a basis; what cannot be resolved without a guess is not a day.
"""

import re
from calendar import monthrange
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
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
# How many characters may join a month and its year, or two days that follow each other.
_JOIN_REACH = 5


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


@dataclass(frozen=True, slots=True)
class _Written:
    """A day as it is written: where, and what stands for its parts."""

    start: int
    end: int
    groups: Mapping[str, str]
    year_at: int | None


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
        found: list[_Written] = []
        for pattern in self._patterns:
            for match in pattern.finditer(folded, span.start, span.end):
                if all(match.end() <= other.start or other.end <= match.start() for other in found):
                    found.append(_written(match))
        found = _completed(sorted(found, key=lambda one: one.start), folded)
        days = []
        for one in found:
            if readings := self._intervals(one, folded, span, published):
                told, *ahead = readings
                since = self._is_since(one, folded, span)
                days.append(Day(one.start, one.end, told, ahead[0] if ahead else None, since))
        return _in_a_row(days, folded)

    def _intervals(
        self, written: _Written, folded: str, span: Span, published: date | None
    ) -> list[Interval]:
        """What a day is for an act that is over, and, where it differs, for one that is to come."""
        try:
            readings = list(dict.fromkeys(self._readings(written, folded, span, published)))[:2]
        except ValueError:
            # 31 February and its like: written so, but no day.
            return []
        if "relativeyear" in written.groups or "relativemonth" in written.groups:
            return [replace(one, basis=DateBasis.RELATIVE) for one in readings]
        return readings

    def _readings(
        self, written: _Written, folded: str, span: Span, published: date | None
    ) -> Iterator[Interval]:
        groups = written.groups
        month = self._month(groups, "month", "monthname")
        month2 = self._month(groups, "month2", "monthname2")
        year = self._year(groups, published)
        if "day" in groups and (month or month2):
            yield from _days(groups, month or month2, month2 or month, year, published)
        elif month:
            yield from _month(year, month, published, past="last" in groups)
        elif "year" in groups:
            yield _whole_year(int(groups["year"]), DateBasis.STATED)
        elif published is not None and "day" in groups and "relativemonth" in groups:
            first = self._relative_month(groups, published)
            yield from _days(groups, first.month, first.month, first.year, published)
        elif published is not None and "day" in groups:
            yield _day_alone(int(groups["day"]), published)
            yield _day_ahead(int(groups["day"]), published)
        elif published is not None:
            yield from self._relative(written, folded, span, published)

    def _year(self, groups: Mapping[str, str], published: date | None) -> int | None:
        if "year" in groups:
            return int(groups["year"])
        if "relativeyear" in groups and published is not None:
            return published.year + self._year_steps[groups["relativeyear"]]
        return None

    def _relative_month(self, groups: Mapping[str, str], published: date) -> date:
        months = published.year * 12 + published.month - 1 + self._month_steps[groups["relativemonth"]]
        return date(months // 12, months % 12 + 1, 1)

    def _month(self, groups: Mapping[str, str], digits: str, name: str) -> int | None:
        if digits in groups:
            return int(groups[digits])
        return self._months[groups[name]] if name in groups else None

    def _relative(self, written: _Written, folded: str, span: Span, published: date) -> Iterator[Interval]:
        groups = written.groups
        if "weekday" in groups:
            if not self._is_vague(written, folded, span):
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
            first = self._relative_month(groups, published)
            yield Interval(first, month_end(first), Precision.MONTH, DateBasis.RELATIVE)
        elif "relativeyear" in groups:
            year = published.year + self._year_steps[groups["relativeyear"]]
            yield _whole_year(year, DateBasis.RELATIVE)

    def _is_since(self, written: _Written, folded: str, span: Span) -> bool:
        """Whether a word such as "since" stands before a year, or as 以来 behind it."""
        if written.year_at is None:
            return False
        before = folded[max(span.start, written.year_at - _VAGUE_REACH) : written.year_at]
        return bool(
            self._since_before.search(before) or self._since_behind.match(folded, written.end, span.end)
        )

    def _is_vague(self, written: _Written, folded: str, span: Span) -> bool:
        start = max(span.start, written.start - _VAGUE_REACH)
        return bool(self._vague.search(folded, start, min(span.end, written.end + _VAGUE_REACH)))


def _written(match: re.Match[str]) -> _Written:
    groups = {name: text for name, text in match.groupdict().items() if text}
    return _Written(match.start(), match.end(), groups, match.start("year") if "year" in groups else None)


def _completed(found: Sequence[_Written], folded: str) -> list[_Written]:
    """The days with what stands beside them: a month and "last year", a day and "of last month"."""
    whole: list[_Written] = []
    for one in found:
        before = whole[-1] if whole else None
        if before is not None and _joins(folded[before.end : one.start]):
            for coarse, fine in ((before, one), (one, before)):
                if _completes(coarse.groups.keys(), fine.groups.keys()):
                    whole[-1] = _Written(before.start, one.end, {**coarse.groups, **fine.groups}, None)
                    break
            else:
                whole.append(one)
        else:
            whole.append(one)
    return whole


def _completes(coarse: Collection[str], fine: Collection[str]) -> bool:
    if set(coarse) == {"relativeyear"}:
        return bool({"month", "monthname"} & set(fine)) and not {"year", "relativeyear"} & set(fine)
    return set(coarse) == {"relativemonth"} and set(fine) <= {"day", "day2"} and "day" in fine


def _joins(between: str) -> bool:
    """Whether two parts of a date are parted by no more than a word such as "of" or "and"."""
    return len(between) <= _JOIN_REACH and not any(mark in between for mark in ",.;:，、。；()/")


def _in_a_row(days: Sequence[Day], folded: str) -> list[Day]:
    """The days with those joined of which one follows the other: "Sunday and Monday"."""
    joined: list[Day] = []
    for day in days:
        before = joined[-1] if joined else None
        if before is None or not _joins(folded[before.end : day.start]):
            joined.append(day)
            continue
        stretch = _stretch(before.interval, day.interval)
        ahead = _stretch(before.ahead, day.ahead)
        # "Today, Sunday, and Monday": it has begun and is not over.
        begun = _stretch(before.interval, day.ahead)
        readings = [one for one in (stretch, ahead, begun) if one is not None]
        if readings:
            joined[-1] = Day(before.start, day.end, readings[0], readings[1] if readings[1:] else None)
        else:
            joined.append(day)
    return joined


def _stretch(first: Interval | None, second: Interval | None) -> Interval | None:
    """Two days as one stretch, if the second is the one behind the first."""
    if first is None or second is None or {first.precision, second.precision} != {Precision.DAY}:
        return None
    if second.start - first.end != timedelta(days=1):
        return None
    return Interval(first.start, second.end, Precision.RANGE, first.basis)


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
    groups: Mapping[str, str], month: int | None, month2: int | None, year: int | None, published: date | None
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


def _whole_year(year: int, basis: DateBasis) -> Interval:
    return Interval(date(year, 1, 1), date(year, 12, 31), Precision.YEAR, basis)


def _month(year: int | None, month: int, published: date | None, *, past: bool) -> Iterator[Interval]:
    """A whole month; `past` is said of one that is over: last September."""
    if year is not None:
        yield _whole_month(year, month, DateBasis.STATED)
    elif published is not None:
        latest = published.replace(day=1) - timedelta(days=1) - _AHEAD if past else published
        nearest = _nearest(month, 1, latest)
        assert nearest is not None
        yield _whole_month(nearest, month, DateBasis.RELATIVE)
        if not past:
            coming = published.year + (month < published.month)
            yield _whole_month(coming, month, DateBasis.RELATIVE)


def _whole_month(year: int, month: int, basis: DateBasis) -> Interval:
    first = date(year, month, 1)
    return Interval(first, month_end(first), Precision.MONTH, basis)


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
