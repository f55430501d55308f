"""When a source is due next. Pure: what it rests on comes in, a time comes out.

Three rules stand above the arithmetic. A site that says no, or asks for patience, gets its way.
No hint or habit of a site makes this service slower than the promises below, because it is there to
be told first: they hold for every source that is well. And within them nobody is asked more often
than the configuration says.

A party's own channel (rank 1) that fails without a word, with a timeout or a broken page, is asked
again within the hour, so that its return is seen; where a wall, a 403, a 410, a 429 or robots.txt
has said no, rank counts for nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from tasks.fetch.outcome import FailureKind
from tasks.settings.sources import Source
from tasks.store import health
from tasks.store.health import PARTY
from tasks.store.sources import DueSource, Hints

# A hint that would let an hour pass between polls is not followed, unless the source is slower anyway.
PROMISE = timedelta(hours=1)
# A source of rank 1 is never polled less often than this, whatever its entry says.
PROMISE_TO_PARTY = timedelta(minutes=15)
# From due to asked: a cycle begins every five minutes, and then the source waits for its turn.
UNTIL_ASKED = timedelta(minutes=6)
LONGEST = timedelta(hours=6)
DAY = timedelta(days=1)
# Behind a wall nothing changes by asking again soon; what has been given up may come back some day.
WALLED = timedelta(hours=6)
GIVEN_UP = timedelta(days=30)
# Patience where the site does not say how much; doubled each time in a row.
PATIENCE = timedelta(minutes=15)
# A share of the interval that is added at random, so that sources do not march in step.
SPREAD = 0.05
WIDE_SPREAD = 0.5

# How much a failure weighs: what somebody must repair, what mostly passes, what passes at once.
# The weights and the linear growth are those of Media Cloud's rss-fetcher, which found that a
# surprising number of feeds come back from what looks like death.
WEIGHTS: Mapping[FailureKind, float] = {
    FailureKind.REFUSED: 1.0,
    FailureKind.ROBOTS: 1.0,
    FailureKind.REDIRECT: 1.0,
    FailureKind.TOO_LARGE: 1.0,
    FailureKind.ENCODING: 1.0,
    FailureKind.UNASKED: 1.0,
    FailureKind.GONE: 1.0,
    FailureKind.BLOCKED: 1.0,
    FailureKind.MISSING: 0.5,
    FailureKind.STATUS: 0.5,
    FailureKind.CONNECTION: 0.5,
    FailureKind.TLS: 0.5,
    FailureKind.TIMEOUT: 0.5,
    FailureKind.PROTOCOL: 0.5,
    FailureKind.NAME: 0.5,
    FailureKind.NAME_SERVER: 0.25,
    FailureKind.LIMITED: 0.0,
    FailureKind.LATE: 0.0,
}


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often a source is polled: `pace` in minutes as learned, None where it is as configured.

    `longest` is the time that may pass in any case, where one is promised; `remark` says what the
    site asks for and does not get.
    """

    pace: float | None
    interval: timedelta
    longest: timedelta | None = None
    remark: str | None = None


def rhythm(source: DueSource, headers: Mapping[str, str], now: datetime, *, unchanged: bool) -> Rhythm:
    """The rhythm of a source that has answered.

    `pace` grows by ten minutes when at least two thirds of the last reading were known, is halved
    when less than a third was, and stays between the configured minutes and twice of them. The
    interval is the longest of the pace and the hints, but at most six hours; a hint over the
    promise counts for nothing. Of rank 1 the interval is such that the promise to it is kept.
    """
    least = timedelta(minutes=source.settings.minutes)
    pace = _pace(source, unchanged=unchanged)
    learned = max(least, timedelta(minutes=pace or 0))
    promise = _promise(source.settings)
    hints = (_header_hint(headers, now), _minutes(source.hints.minutes))
    said = [hint for hint in hints if hint is not None]
    interval = min(max([learned, *(hint for hint in said if hint <= promise)]), max(LONGEST, least))
    longest = max(said, default=interval)
    remark = None
    if longest > promise:
        remark = f"it asks to be polled every {_words(longest)}, and is polled more often"
    # From one poll to the next it takes that much, and until the source has its turn.
    longest_wait = PROMISE_TO_PARTY - UNTIL_ASKED if source.settings.rank == PARTY else None
    return Rhythm(pace, min(interval, longest_wait or interval), longest_wait, remark)


def after_success(rhythm: Rhythm, hints: Hints, now: datetime, spread: float) -> datetime:
    """When a source that has answered is due next; `spread` is a random number from 0 to 1.

    Hours and days that the document names as silent are waited for, as far as the promise allows.
    """
    interval = rhythm.interval * (1 + SPREAD * spread)
    due = now + min(interval, rhythm.longest or interval)
    latest = now + (rhythm.longest or max(PROMISE, rhythm.interval))
    moved = due
    while _silent(hints, moved) and moved <= latest:
        moved = moved.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return moved if moved <= latest else due


def after_failure(
    source: DueSource, kind: FailureKind, failures: float, now: datetime, spread: float
) -> datetime:
    """When a source that has failed is due next: later with each failure in a row, a day at most;
    see `tasks.store.health.backoff`.

    `failures` is their sum by weight, this one included. A source is never given up: even what the
    site itself has given up is asked again after a month.
    """
    if kind is FailureKind.GONE:
        return now + GIVEN_UP
    usual = timedelta(minutes=source.settings.minutes)
    wait = health.backoff(source.settings, failures)
    least = WALLED if kind is FailureKind.BLOCKED else DAY if kind is FailureKind.ROBOTS else usual
    return now + max(wait, least) * (1 + SPREAD * spread)


def patience(
    headers: Mapping[str, str], usual: timedelta, strikes: int, now: datetime, spread: float
) -> timedelta:
    """How long a site that has asked for patience is left alone.

    As long as it says, but at least the usual interval and at most a day; if it does not say, a
    quarter of an hour, doubled for each of the `strikes` before this one.
    """
    said = _retry_after(headers, now)
    if said is None:
        return min(PATIENCE * (1 << min(strikes, 10)), DAY) * (1 + WIDE_SPREAD * spread)
    return min(max(said, usual), max(DAY, usual)) * (1 + SPREAD * spread)


def _pace(source: DueSource, *, unchanged: bool) -> float | None:
    least = float(source.settings.minutes)
    current = source.pace or least
    if unchanged:
        current += 10
    elif source.last_items:
        known = 1 - (source.last_new or 0) / source.last_items
        current = current + 10 if known >= 2 / 3 else current / 2 if known < 1 / 3 else current
    return min(max(current, least), 2 * least)


def _promise(settings: Source) -> timedelta:
    """The longest time from one poll to the next that a hint may bring about."""
    if settings.rank == PARTY:
        return PROMISE_TO_PARTY
    return max(PROMISE, timedelta(minutes=settings.minutes))


def _words(interval: timedelta) -> str:
    hours = interval / timedelta(hours=1)
    return f"{hours:.0f} hours" if hours >= 2 else f"{interval / timedelta(minutes=1):.0f} minutes"


def _minutes(value: float | None) -> timedelta | None:
    return timedelta(minutes=value) if value else None


def _header_hint(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """How long an answer says that it holds; None where it does not, or says not at all."""
    control = headers.get("cache-control", "").lower()
    directives = [directive.strip() for directive in control.split(",")]
    if {"no-cache", "no-store"} & set(directives):
        return None
    for directive in directives:
        name, _, value = directive.partition("=")
        if name == "max-age" and (seconds := _seconds(value.strip('"'))) is not None:
            return seconds
    expires = _http_date(headers.get("expires"))
    if expires is None:
        return None
    return max(expires - (_http_date(headers.get("date")) or now), timedelta(0))


def _retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    value = headers.get("retry-after", "").strip()
    if (seconds := _seconds(value)) is not None:
        return seconds
    date = _http_date(value)
    # A server whose clock is wrong is wrong in both headers.
    return date - (_http_date(headers.get("date")) or now) if date else None


def _seconds(digits: str) -> timedelta | None:
    """Seconds as a header gives them; of very many digits Python would make no number, nor would anybody."""
    if not digits.isdecimal():
        return None
    return timedelta(seconds=min(int(digits[:4000]), 10**9))


def _http_date(value: str | None) -> datetime | None:
    if not value:
        return None
    try:
        date = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return date if date.tzinfo else None


def _silent(hints: Hints, at: datetime) -> bool:
    return at.hour in hints.skip_hours or at.weekday() in hints.skip_days
