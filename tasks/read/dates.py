"""Times of publication, read strictly: what is not understood whole is not understood.

A wrong date makes an old treaty news, so every rung of the ladder either reads the entire text or
leaves it to the next: the standards, the source's own format, then the forms of our languages.
There is no rung that takes the clock. A day without an hour is its beginning in the source's zone.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from tasks.read.date_forms import (
    ADDRESSES,
    AMERICAN,
    CHINESE_HOURS,
    EASTERN,
    EPOCH,
    FORMS,
    NUMERIC_ZONE,
    OFFSETS,
    SLASHED,
)

LONGEST = 120
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
# A clock or a zone may be wrong by a day, not by more.
FUTURE = timedelta(days=1)
# The marks of direction that stand in dates of scripts which run to the left, and that script's comma.
_PLAIN = str.maketrans({"\u200e": "", "\u200f": "", "\u061c": "", "،": ","})


@dataclass(frozen=True, slots=True)
class DateWords:
    """The words that dates are written with: numbers of months by their names in lower case, and
    what a day of the week may look like.
    """

    months: Mapping[str, int]
    weekdays: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Reader:
    """What a date of one source is read with.

    `day_first` says which number of 20/11/2026 is the day where both could be; `form` is the
    source's own, as of strptime.
    """

    words: DateWords
    zone: ZoneInfo
    day_first: bool = True
    form: str | None = None


def month_names(rows: Iterable[tuple[str, ...]]) -> dict[str, int]:
    """Numbers by name, of languages given in the order in which they are to be believed.

    A row has the twelve names, other spellings of one behind a space; `_` stands for a space in one.
    """
    names: dict[str, int] = {}
    for months in rows:
        for number, spellings in enumerate(months, start=1):
            for name in spellings.split():
                names.setdefault(name.replace("_", " ").casefold(), number)
    return names


def weekday_pattern(spellings: Iterable[str]) -> re.Pattern[str]:
    """What a day of the week looks like beside a date, in brackets or with a comma; `_` is a space."""
    names = sorted({name.replace("_", " ") for name in spellings}, key=len, reverse=True)
    one = "|".join(map(re.escape, names)) or r"(?!)"
    return re.compile(
        rf"(?:^|(?<=[\s,日]))(?:[(（](?:{one})\.?[)）]|(?:{one})(?=[\s,.]|$))[.,]{{0,2}}", re.IGNORECASE
    )


def read(text: str, reader: Reader, now: datetime) -> datetime | None:
    """The time that `text` says, in UTC; None if it is not understood or cannot be."""
    if len(text) > LONGEST:
        return None
    words = " ".join(unicodedata.normalize("NFKC", text).translate(_PLAIN).split()).strip(" |·,;")
    if not words:
        return None
    bare = " ".join(reader.words.weekdays.sub(" ", words, count=1).split()).strip(" |·,;")
    return plausible(
        _own(words, reader) or _standard(bare, reader) or _slashed(bare, reader) or _epoch(bare), now
    )


def plausible(found: datetime | None, now: datetime) -> datetime | None:
    """A time in UTC, or None if no publication can be of it: before 2000 or more than a day ahead."""
    if found is None:
        return None
    try:
        utc = found.astimezone(UTC)
    except (OverflowError, ValueError):
        return None
    return utc if EARLIEST <= utc <= now + FUTURE else None


def from_address(address: str, pattern: str | None, zone: ZoneInfo, now: datetime) -> datetime | None:
    """The day that an address names, at its beginning in `zone`, in UTC.

    `pattern` is the source's own, with groups year, month and day; without it the usual forms hold.
    """
    forms = (re.compile(pattern),) if pattern else ADDRESSES
    for form in forms:
        match = form.search(address[:2048])
        found = _day(match.groupdict()) if match else None
        if found:
            return plausible(datetime.combine(found, time(), zone), now)
    return None


def _standard(words: str, reader: Reader) -> datetime | None:
    for form in FORMS:
        if match := form.fullmatch(words):
            parts = match.groupdict()
            if name := parts.get("name"):
                parts["month"] = str(_month(name, reader.words.months))
            if short := parts.get("short"):
                parts["year"] = f"20{short}"
            if found := _moment(parts, reader.zone):
                return found
    return None


def _month(name: str, months: Mapping[str, int]) -> int:
    """The number of a month that may go by two names at once, as in Arabic; 0 if they disagree."""
    numbers = {months.get(part.strip().casefold(), 0) for part in name.split("/")}
    return numbers.pop() if len(numbers) == 1 else 0


def _epoch(words: str) -> datetime | None:
    match = EPOCH.fullmatch(words)
    return datetime.fromtimestamp(int(match["seconds"]), UTC) if match else None


def _own(words: str, reader: Reader) -> datetime | None:
    if not reader.form:
        return None
    try:
        found = datetime.strptime(words, reader.form)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=reader.zone)


def _slashed(words: str, reader: Reader) -> datetime | None:
    for form in SLASHED:
        if match := form.fullmatch(words):
            parts = match.groupdict()
            first, second = int(parts["first"]), int(parts["other"])
            # In a source that writes English, 05/11 may be either; a day over 12 decides.
            if not reader.day_first and first <= 12 and second <= 12 and first != second:
                return None
            day, month = (second, first) if second > 12 else (first, second)
            return _moment({**parts, "day": str(day), "month": str(month)}, reader.zone)
    return None


def _moment(parts: Mapping[str, str | None], zone: ZoneInfo) -> datetime | None:
    day = _day(parts)
    clock = _clock(parts)
    if day is None or clock is None:
        return None
    naive = datetime.combine(day, time()) + clock
    offset = _offset(parts.get("zone"), naive, zone)
    return naive.replace(tzinfo=offset) if offset else None


def _day(parts: Mapping[str, str | None]) -> date | None:
    try:
        return date(int(parts["year"] or 0), int(parts["month"] or 0), int(parts["day"] or 0))
    except (KeyError, ValueError):
        return None


def _clock(parts: Mapping[str, str | None]) -> timedelta | None:
    hour, minute = int(parts.get("hour") or 0), int(parts.get("minute") or 0)
    second = min(int(parts.get("second") or 0), 59)
    half = _half(parts)
    # 21:40 PM is written, and means what it says; 21:40 AM means nothing.
    if half is not None and (hour > 23 or (hour > 12 and not half) or (hour == 0 and half)):
        return None
    if half is not None and hour <= 12:
        hour = hour % 12 + (12 if half else 0)
    # The end of a day may be written as its 24th hour.
    if minute > 59 or hour > 24 or (hour == 24 and (minute or second)):
        return None
    return timedelta(hours=hour, minutes=minute, seconds=second)


def _half(parts: Mapping[str, str | None]) -> bool | None:
    """Whether the hour is one of the afternoon; None where it is counted through the day."""
    said = (parts.get("first_half") or parts.get("half") or "").lower()
    return said[0] in "p下م" or said in ("午後", "ch") if said else None


def _offset(name: str | None, naive: datetime, zone: ZoneInfo) -> tzinfo | None:
    """The zone that an abbreviation or an offset stands for; None if nobody can tell."""
    if not name:
        return zone
    if match := NUMERIC_ZONE.fullmatch(name):
        hours, minutes = int(match.group(2)), int(match.group(3) or 0)
        if hours > 14 or minutes > 59:
            return None
        size = timedelta(hours=hours, minutes=minutes)
        return timezone(-size if match.group(1) == "-" else size)
    letters, local = name.upper(), naive.replace(tzinfo=zone)
    if local.tzname() == letters:
        return zone
    if letters in AMERICAN and zone.key.startswith(EASTERN):
        china = letters == "CST" and local.utcoffset() == timedelta(hours=CHINESE_HOURS)
        return zone if china else None
    hours_off = OFFSETS.get(letters, AMERICAN.get(letters))
    return timezone(timedelta(hours=hours_off)) if hours_off is not None else None
