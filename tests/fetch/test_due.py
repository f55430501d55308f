"""When a source is due next."""

from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime

import pytest

from tasks.fetch import due
from tasks.fetch.outcome import FailureKind
from tasks.store.sources import DueSource, Hints
from tests.support.sources import NOW, a_source

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def a_due(minutes: int = 15, **values: object) -> DueSource:
    settings = a_source(minutes=minutes)
    return replace(DueSource("desk", settings, "example.org", NOW), **values)  # type: ignore[arg-type]


def interval(source: DueSource, **headers: str) -> timedelta:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return due.rhythm(source, given, NOW, unchanged=False).interval


def http(delta: timedelta) -> str:
    return format_datetime(NOW + delta, usegmt=True)


def test_b30_without_hints_the_configuration_decides() -> None:
    assert interval(a_due()) == 15 * MINUTE


@pytest.mark.parametrize(
    ("headers", "minutes"),
    [
        ({"cache_control": "max-age=3600"}, 60),
        ({"cache_control": "public, max-age=1800"}, 30),
        ({"cache_control": 'max-age="1800"'}, 30),
        ({"cache_control": "max-age=60"}, 15),
        ({"cache_control": "no-cache, max-age=3600"}, 15),
        ({"cache_control": "max-age=soon"}, 15),
        ({"expires": http(HOUR)}, 60),
        ({"expires": http(3 * HOUR), "date": http(2.5 * HOUR)}, 30),
        ({"expires": http(-HOUR)}, 15),
        ({"expires": "0"}, 15),
        ({"expires": "Thu, 99 Foo 2026"}, 15),
        ({"cache_control": "max-age=1800", "expires": http(HOUR)}, 30),
    ],
)
def test_b30_what_the_server_hints_is_heard(headers: dict[str, str], minutes: int) -> None:
    assert interval(a_due(), **headers) == minutes * MINUTE


def test_b30_what_the_document_hints_is_heard() -> None:
    assert interval(a_due(hints=Hints(minutes=45))) == 45 * MINUTE
    assert interval(a_due(hints=Hints(minutes=45)), cache_control="max-age=3600") == HOUR


@pytest.mark.parametrize("headers", [{"cache_control": "max-age=31536000"}, {"expires": http(10 * HOUR)}])
def test_b31_a_hint_beyond_the_promise_counts_for_nothing(headers: dict[str, str]) -> None:
    assert interval(a_due(), **headers) == 15 * MINUTE


def test_a_slow_source_stays_slow() -> None:
    assert interval(a_due(minutes=720), cache_control="max-age=60") == 12 * HOUR
    assert interval(a_due(minutes=120), cache_control="max-age=7200") == 2 * HOUR


def test_b05_nothing_new_makes_the_interval_grow_to_its_double() -> None:
    source = a_due()
    seen = []
    for _ in range(4):
        rhythm = due.rhythm(source, {}, NOW, unchanged=True)
        source = replace(source, pace=rhythm.pace)
        seen.append(rhythm.interval / MINUTE)
    assert seen == [25, 30, 30, 30]


@pytest.mark.parametrize(
    ("pace", "items", "new", "minutes"),
    [(20.0, 30, 10, 30), (20.0, 30, 9, 30), (20.0, 30, 15, 20), (30.0, 30, 25, 15), (None, 30, 30, 15)],
)
def test_b33_the_pace_follows_the_news(pace: float | None, items: int, new: int, minutes: float) -> None:
    assert interval(a_due(pace=pace, last_items=items, last_new=new)) == minutes * MINUTE


def test_b30_silent_hours_are_waited_for_within_the_promise() -> None:
    rhythm = due.Rhythm(None, 15 * MINUTE)
    one_hour = Hints(skip_hours=frozenset([12]))
    assert due.after_success(rhythm, one_hour, NOW, 0) == NOW + HOUR
    whole_night = Hints(skip_hours=frozenset(range(8, 20)))
    assert due.after_success(rhythm, whole_night, NOW, 0) == NOW + 15 * MINUTE
    sunday = Hints(skip_days=frozenset([6]))
    assert due.after_success(rhythm, sunday, NOW, 0) == NOW + 15 * MINUTE


def test_sources_do_not_march_in_step() -> None:
    rhythm = due.Rhythm(None, 20 * MINUTE)
    assert due.after_success(rhythm, Hints(), NOW, 1) == NOW + 21 * MINUTE


def test_b24_failures_slow_down_in_a_straight_line_to_a_day() -> None:
    source = a_due()
    waits = [
        due.after_failure(source, FailureKind.STATUS, failures, NOW, 0) - NOW for failures in (0.5, 1, 3, 500)
    ]
    assert waits == [22.5 * MINUTE, 30 * MINUTE, HOUR, DAY]


def test_b24_what_passes_at_once_weighs_less() -> None:
    assert due.WEIGHTS[FailureKind.NAME_SERVER] == 0.25
    assert due.WEIGHTS[FailureKind.STATUS] == due.WEIGHTS[FailureKind.MISSING] == 0.5
    assert due.WEIGHTS[FailureKind.REFUSED] == 1
    assert set(due.WEIGHTS) == set(FailureKind)


def test_b22_behind_a_wall_we_ask_less() -> None:
    assert due.after_failure(a_due(), FailureKind.BLOCKED, 1, NOW, 0) == NOW + 6 * HOUR


def test_b23_what_was_given_up_is_asked_again_after_a_month() -> None:
    assert due.after_failure(a_due(), FailureKind.GONE, 1, NOW, 0) == NOW + 30 * DAY


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"retry-after": "1800"}, 30 * MINUTE),
        ({"retry-after": "120"}, 15 * MINUTE),
        ({"retry-after": "999999999"}, DAY),
        ({"retry-after": http(2 * HOUR)}, 2 * HOUR),
        ({"retry-after": http(5 * HOUR), "date": http(4 * HOUR)}, HOUR),
        ({"retry-after": http(-HOUR)}, 15 * MINUTE),
        ({"retry-after": "-5"}, 15 * MINUTE),
        ({"retry-after": "abc"}, 15 * MINUTE),
        ({}, 15 * MINUTE),
    ],
)
def test_b20_patience_as_long_as_the_site_says(headers: dict[str, str], expected: timedelta) -> None:
    assert due.patience(headers, 15 * MINUTE, 0, NOW, 0) == expected


def test_b21_patience_without_a_word_doubles() -> None:
    waits = [due.patience({}, MINUTE, strikes, NOW, 0) / MINUTE for strikes in (0, 1, 2, 50)]
    assert waits == [15, 30, 60, 24 * 60]
    assert due.patience({}, MINUTE, 0, NOW, 1) > 20 * MINUTE
