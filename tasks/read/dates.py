"""Times of publication, read strictly: what is not understood whole is not understood.

A wrong date makes an old treaty news, so every rung of the ladder either reads the entire text or
leaves it to the next: the standards, the source's own format, then the forms of our languages.
There is no rung that takes the clock. A day without an hour is its beginning in the source's zone.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

LONGEST = 120
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
# A clock or a zone may be wrong by a day, not by more.
FUTURE = timedelta(days=1)

_TIME = (
    r"(?P<hour>\d{1,2})[:h.](?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d{1,9})?)?\s?(?P<half>[ap]\.?m\.?)?"
)
_ZONE = (
    r"\(?(?P<zone>Z|(?:GMT|UTC|UT)?\s?[+-]\d{1,2}(?::?\d{2})?|(?!uhr\b)[A-Z][A-Za-z]{1,4})\)?"
    r"(?:\s?\([^)]{1,30}\))?"
)
_TAIL = (
    rf"(?:[\s,T|–-]{{1,3}}(?:lúc\s|um\s|u\s|в\s|à\s|alle\s|о\s)?{_TIME}(?:\s?{_ZONE})?)?(?:\s(?:uhr|h|ч))?"
)
_WEEKDAY = r"(?:(?:thứ\s\w{1,4}|[^\W\d]{2,12})(?:\s[^\W\d]{2,8})?[.,]{0,2}\s)?"
_MONTH = r"(?P<name>[^\W\d_]{3,12})\.?"
_YEAR = r"(?P<year>\d{4})(?:\.|\s?г\.?|\s?р\.?|\s?року|\s?года|\s?r\.)?"

_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        # 2026-11-20T21:40:00+08:00, 2026/11/20, 2026.11.20., 20261120T214000Z
        rf"{_WEEKDAY}(?P<year>\d{{4}})(?P<mark>[-/.])(?P<month>\d{{1,2}})(?P=mark)(?P<day>\d{{1,2}})\.?{_TAIL}",
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"
        r"(?:T?(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?(?P<zone>Z|[+-]\d{4})?)?",
        # Fri, 20 Nov 2026 21:40:00 +0300; 20. novembar 2026.; 20 ноября 2026 г., 21:40
        rf"{_WEEKDAY}(?P<day>\d{{1,2}})(?:\.|er)?[\s-](?:de\s)?{_MONTH},?[\s-](?:de\s)?{_YEAR},?{_TAIL}",
        rf"{_WEEKDAY}(?P<day>\d{{1,2}})\s(?P<name>[^\W\d_]{{3}})\s(?P<short>\d{{2}})\s{_TIME}(?:\s?{_ZONE})?",
        # November 20, 2026, 9:40 PM
        rf"{_WEEKDAY}{_MONTH}\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s{_YEAR},?{_TAIL}",
        # 2026. november 20. 21:40
        rf"(?P<year>\d{{4}})\.\s?{_MONTH}\s(?P<day>\d{{1,2}})\.?,?{_TAIL}",
        # 2026年11月20日 21:40
        rf"(?P<year>\d{{4}})年(?P<month>\d{{1,2}})月(?P<day>\d{{1,2}})日(?:\s?[（(]?(?:星期|周).[)）]?)?"
        rf"(?:\s?{_TIME})?",
        # ngày 20 tháng 11 năm 2026
        rf"{_WEEKDAY}(?:ngày\s)?(?P<day>\d{{1,2}})\stháng\s(?P<month>\d{{1,2}}),?\s(?:năm\s)?(?P<year>\d{{4}}){_TAIL}",
    )
)
# 20/11/2026, in the order of the source; the time may stand before.
_SLASHED = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"{_WEEKDAY}(?:ngày\s)?(?P<first>\d{{1,2}})(?P<mark>[/.-])(?P<other>\d{{1,2}})(?P=mark)(?P<year>\d{{4}})\.?,?{_TAIL}",
        rf"{_TIME}(?:\s?{_ZONE})?[\s,|–-]{{1,3}}(?:ngày\s)?(?P<first>\d{{1,2}})(?P<mark>[/.-])(?P<other>\d{{1,2}})"
        r"(?P=mark)(?P<year>\d{4})",
    )
)
# Abbreviations that mean one thing only. Where the source's own zone goes by the same letters it
# wins: CST is China's time in Beijing and that of Chicago elsewhere, as RFC 822 has it.
_OFFSETS = {
    "Z": 0.0,
    "UT": 0.0,
    "UTC": 0.0,
    "GMT": 0.0,
    "WET": 0.0,
    "WEST": 1.0,
    "BST": 1.0,
    "CET": 1.0,
    "CEST": 2.0,
    "EET": 2.0,
    "EEST": 3.0,
    "MSK": 3.0,
    "MSD": 4.0,
    "ICT": 7.0,
    "HKT": 8.0,
    "SGT": 8.0,
    "JST": 9.0,
    "KST": 9.0,
    "EST": -5.0,
    "EDT": -4.0,
    "CST": -6.0,
    "CDT": -5.0,
    "MST": -7.0,
    "MDT": -6.0,
    "PST": -8.0,
    "PDT": -7.0,
}
_NUMERIC_ZONE = re.compile(r"(?:GMT|UTC|UT)?\s?([+-])(\d{1,2}):?(\d{2})?", re.IGNORECASE)
_ADDRESSES = tuple(
    re.compile(form)
    for form in (
        r"/(?P<year>20\d\d)[/-](?P<month>\d\d?)[/-](?P<day>\d\d?)(?=[/_.-])",
        r"/(?P<year>20\d\d)(?P<month>\d\d)/(?P<day>\d\d)(?=/)",
        r"/(?P<year>20\d\d)/(?P<month>\d\d)(?P<day>\d\d)(?=/)",
        r"(?<=[/_t-])(?P<year>20\d\d)(?P<month>\d\d)(?P<day>\d\d)(?=[/_.-])",
    )
)


@dataclass(frozen=True, slots=True)
class Reader:
    """What a date of one source is read with.

    `months` gives the number of a month by its name in lower case; `day_first` says which number of
    20/11/2026 is the day where both could be; `form` is the source's own, as of strptime.
    """

    months: Mapping[str, int]
    zone: ZoneInfo
    day_first: bool = True
    form: str | None = None


def month_names(rows: Iterable[tuple[str, ...]]) -> dict[str, int]:
    """Numbers by name, of languages given in the order in which they are to be believed."""
    names: dict[str, int] = {}
    for months in rows:
        for number, spellings in enumerate(months, start=1):
            for name in spellings.split():
                names.setdefault(name.casefold(), number)
    return names


def read(text: str, reader: Reader, now: datetime) -> datetime | None:
    """The time that `text` says, in UTC; None if it is not understood or cannot be."""
    words = " ".join(text[:LONGEST].split()).strip(" |·,;")
    if not words or len(text) > LONGEST:
        return None
    found = _standard(words, reader) or _own(words, reader) or _slashed(words, reader)
    return plausible(found, now)


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
    forms = (re.compile(pattern),) if pattern else _ADDRESSES
    for form in forms:
        match = form.search(address[:2048])
        found = _day(match.groupdict()) if match else None
        if found:
            return plausible(datetime.combine(found, time(), zone), now)
    return None


def _standard(words: str, reader: Reader) -> datetime | None:
    for form in _FORMS:
        if match := form.fullmatch(words):
            parts = match.groupdict()
            if name := parts.get("name"):
                parts["month"] = str(reader.months.get(name.casefold(), 0))
            if short := parts.get("short"):
                parts["year"] = f"20{short}"
            if found := _moment(parts, reader.zone):
                return found
    return None


def _own(words: str, reader: Reader) -> datetime | None:
    if not reader.form:
        return None
    try:
        found = datetime.strptime(words, reader.form)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=reader.zone)


def _slashed(words: str, reader: Reader) -> datetime | None:
    for form in _SLASHED:
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
    half = (parts.get("half") or "")[:1].lower()
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    # The end of a day may be written as its 24th hour.
    if minute > 59 or hour > 24 or (hour == 24 and (minute or second)):
        return None
    return timedelta(hours=hour, minutes=minute, seconds=second)


def _offset(name: str | None, naive: datetime, zone: ZoneInfo) -> tzinfo | None:
    """The zone that an abbreviation or an offset stands for; None if nobody can tell."""
    if not name:
        return zone
    if match := _NUMERIC_ZONE.fullmatch(name):
        hours, minutes = int(match.group(2)), int(match.group(3) or 0)
        if hours > 14 or minutes > 59:
            return None
        size = timedelta(hours=hours, minutes=minutes)
        return timezone(-size if match.group(1) == "-" else size)
    if naive.replace(tzinfo=zone).tzname() == name.upper():
        return zone
    hours_off = _OFFSETS.get(name.upper())
    return timezone(timedelta(hours=hours_off)) if hours_off is not None else None
