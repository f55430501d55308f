"""Days as a file writes them: `2024-05-12`, `2024-05`, `2024`, or two of these with `/` between.

A day that is not known is not written, so the precision follows from what is written.
"""

import re
from calendar import monthrange
from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator

from tasks.model import DateBasis, Interval, Precision

_WRITTEN = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{2})(?:-(?P<day>\d{2}))?)?")


def interval(text: str) -> Interval:
    """The first and the last day that `text` allows, with its precision; the basis is the register.

    Raises:
        ValueError: the text is no such day, or a range runs backwards.
    """
    first, slash, last = text.partition("/")
    start, end, precision = _stretch(first)
    if slash:
        end = _stretch(last)[1]
        precision = Precision.RANGE
    if end < start:
        raise ValueError(f"ends before it begins: {text}")
    return Interval(start, end, precision, DateBasis.REGISTER)


def first_day(text: str) -> date:
    """The earliest day that `text` allows; raises ValueError as `interval` does."""
    return interval(text).start


def last_day(text: str) -> date:
    """The latest day that `text` allows; raises ValueError as `interval` does."""
    return interval(text).end


def month_end(day: date) -> date:
    """The last day of the month in which `day` lies."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def _stretch(text: str) -> tuple[date, date, Precision]:
    match = _WRITTEN.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"is not a day, a month or a year: {text}")
    year, month, day = (int(part) if part else None for part in match.group("year", "month", "day"))
    assert year is not None
    if month is None:
        return date(year, 1, 1), date(year, 12, 31), Precision.YEAR
    if day is None:
        return date(year, month, 1), date(year, month, _length(year, month)), Precision.MONTH
    return date(year, month, day), date(year, month, day), Precision.DAY


def _length(year: int, month: int) -> int:
    if not 1 <= month <= 12:
        raise ValueError(f"is not a month: {month}")
    return monthrange(year, month)[1]


def _text(value: Any) -> Any:
    """A year alone reaches us as a number."""
    return str(value) if isinstance(value, int) else value


FirstDay = Annotated[date, BeforeValidator(lambda value: first_day(_text(value)))]
LastDay = Annotated[date, BeforeValidator(lambda value: last_day(_text(value)))]
Days = Annotated[Interval, BeforeValidator(lambda value: interval(_text(value)))]
