"""The silence to expect of a source."""

from datetime import datetime, timedelta

import pytest

from tasks.store import items, rhythm, sources
from tasks.store.database import Connection
from tasks.store.items import FoundItem
from tasks.store.rhythm import expected
from tests.support import emptied
from tests.support.sources import NOW, a_source

database = emptied.database
kept_database = emptied.kept_database
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)


def published(db: Connection, moments: list[datetime]) -> None:
    """Let the source have brought an item at each of these moments."""
    sources.synchronise(db, [a_source()], NOW - 9 * WEEK)
    db.execute("update source set read_at = %s", (NOW,))
    for number, moment in enumerate(sorted(moments)):
        items.add(db, "desk", [FoundItem((f"guid:{number}",), "title")], moment, baseline=False)


def learned(db: Connection, now: datetime = NOW) -> timedelta | None:
    rhythm.learn(db, now)
    found: timedelta | None = sources.states(db)[0]["gap"]
    return found


def office_hours(weeks: int, *, without: tuple[int, ...] = ()) -> list[datetime]:
    """Every half hour of working days, in bursts of three; weeks counted backwards from the present."""
    monday = (NOW - timedelta(days=NOW.weekday())).replace(hour=9)
    days = [
        monday - WEEK * week + DAY * day
        for week in range(1, weeks + 1)
        if week not in without
        for day in range(5)
    ]
    return [
        day + 4 * HOUR * step + timedelta(minutes=minute)
        for day in days
        for step in range(3)
        for minute in (0, 1)
    ]


def test_bursts_nights_and_weekends_are_usual(db: Connection) -> None:
    published(db, office_hours(7))
    weekend = timedelta(days=2, hours=16)
    gap = learned(db)
    assert gap is not None
    assert 1.4 * weekend < gap < 1.6 * weekend


def test_a_week_of_holidays_is_not(db: Connection) -> None:
    published(db, office_hours(7))
    usual = learned(db)
    db.execute("delete from item")
    db.execute("delete from item_alias")
    published(db, office_hours(7, without=(3,)))
    assert learned(db, NOW + 2 * DAY) == usual


def test_what_the_first_reading_brings_and_one_burst_teach_nothing(db: Connection) -> None:
    sources.synchronise(db, [a_source()], NOW)
    db.execute("update source set read_at = %s", (NOW,))
    items.add(
        db, "desk", [FoundItem((f"guid:{n}",), "title") for n in range(9)], NOW - 9 * DAY, baseline=True
    )
    items.add(db, "desk", [FoundItem((f"guid:new{n}",), "title") for n in range(9)], NOW, baseline=False)
    assert learned(db) is None


def test_what_was_learned_stays_in_a_long_silence(db: Connection) -> None:
    published(db, office_hours(7))
    usual = learned(db)
    assert learned(db, NOW + 30 * WEEK) == usual


def test_a_source_is_learned_from_once_a_day(db: Connection) -> None:
    published(db, office_hours(3))
    assert rhythm.learn(db, NOW) == 1
    assert rhythm.learn(db, NOW + DAY - HOUR) == 0
    assert rhythm.learn(db, NOW + DAY) == 1


@pytest.mark.parametrize(
    ("longest", "minutes", "hours"),
    [
        ([], 15, None),
        ([HOUR], 15, None),
        ([10 * HOUR, 20 * HOUR], 15, 30),
        ([10 * HOUR, 20 * HOUR, 200 * HOUR], 15, 30),
        ([HOUR] * 8, 15, 6),
        ([HOUR] * 8, 120, 8),
    ],
)
def test_the_second_longest_week_decides_within_reason(
    longest: list[timedelta], minutes: int, hours: float | None
) -> None:
    found = expected(longest, minutes)
    assert found == (hours * HOUR if hours else None)
