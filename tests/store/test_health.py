"""How a source is doing that gives items."""

from datetime import datetime, timedelta

import pytest

from tasks.store import health
from tasks.store.health import ADVICE, Signs, judged
from tasks.store.sources import SourceState
from tests.support.sources import NOW, a_source

DAY = timedelta(days=1)
LONG_AGO = datetime.fromisoformat("2018-01-05T10:00:00+00:00")


def state(newest: datetime | None, new: datetime | None, **more: object) -> SourceState:
    return judged(a_source(stale_after=14), Signs(newest, new, **more), NOW)[0]  # type: ignore[arg-type]


def test_a_source_with_news_is_well() -> None:
    assert judged(a_source(), Signs(NOW, NOW), NOW) == (SourceState.OK, None)


def test_b35_what_is_of_long_ago_is_stale() -> None:
    assert judged(a_source(), Signs(LONG_AGO, NOW), NOW) == (
        SourceState.STALE,
        "its newest item is of 2018-01-05",
    )
    assert state(LONG_AGO, NOW, clock_at=LONG_AGO) is SourceState.STALE


def test_b36_without_dates_only_new_items_count() -> None:
    assert state(None, NOW - 15 * DAY) is SourceState.STALE
    assert state(None, NOW - 13 * DAY) is SourceState.OK


def test_old_items_under_a_fresh_clock_are_frozen() -> None:
    assert state(LONG_AGO, NOW, clock_at=NOW) is SourceState.FROZEN


def test_the_same_items_for_far_longer_than_usual_and_dated_today_are_frozen() -> None:
    usual = {"gap": DAY}
    assert state(NOW, NOW - 5 * DAY, **usual) is SourceState.FROZEN
    assert state(NOW, NOW - 3 * DAY, **usual) is SourceState.OK
    # Nothing is known yet of how often it has news: its entry decides.
    assert state(NOW, NOW - 5 * DAY) is SourceState.OK
    assert state(NOW, NOW - 15 * DAY) is SourceState.FROZEN


def test_a_quiet_source_that_claims_nothing_is_not_frozen() -> None:
    quiet = NOW - 10 * DAY
    assert state(quiet, quiet, clock_at=quiet, gap=DAY) is SourceState.OK


def test_what_has_shown_the_same_for_years_is_frozen_whatever_it_says() -> None:
    assert state(None, NOW - 400 * DAY) is SourceState.FROZEN


def test_a_redirect_that_lasts_is_told_before_and_after_it_is_believed() -> None:
    new = "https://new.example.org/feed"
    assert judged(a_source(), Signs(NOW, NOW, moved_to=new), NOW) == (
        SourceState.MOVED,
        f"a permanent redirect leads to {new}",
    )
    found, reason = judged(a_source(), Signs(NOW, NOW, address=new), NOW)
    assert found is SourceState.MOVED
    assert new in str(reason)


def test_old_news_is_told_before_a_move() -> None:
    assert state(LONG_AGO, NOW, moved_to="https://new.example.org/") is SourceState.STALE


@pytest.mark.parametrize("word", SourceState)
def test_for_every_state_it_is_said_what_to_do(word: SourceState) -> None:
    assert word in ADVICE
    assert "{" not in health.advice("desk", word)


def test_b24_a_partys_own_channel_is_asked_again_within_the_hour() -> None:
    assert health.backoff(a_source(rank=1, minutes=20), 50) == timedelta(hours=1)
    assert health.backoff(a_source(rank=1, minutes=120), 1) == timedelta(hours=1)
    assert health.backoff(a_source(rank=2, minutes=20), 1000) == DAY
