"""Dates that move with the clock."""

from datetime import timedelta

from tasks.store.clock import Dated, moves
from tests.support.sources import NOW

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_b37_what_is_dated_after_it_was_seen_was_not_published_then() -> None:
    same = [Dated(NOW, NOW - HOUR) for _ in range(5)]
    assert moves(same, NOW, already=False)


def test_b37_a_day_without_a_time_shows_after_midnight() -> None:
    today = NOW.replace(hour=0)
    assert not moves([Dated(today, NOW - HOUR)] * 5, NOW, already=False)
    assert moves([Dated(today, NOW - DAY)] * 5, NOW, already=False)


def test_b37_a_first_reading_in_which_all_is_of_this_moment() -> None:
    assert moves([Dated(NOW, None)] * 3, NOW, already=False)
    assert not moves([Dated(NOW, None)] * 2, NOW, already=False)
    assert not moves([Dated(NOW, None)] * 3 + [Dated(NOW - HOUR, None)], NOW, already=False)


def test_a_feed_that_dates_its_edits_anew_is_believed() -> None:
    kept = [Dated(NOW - 2 * DAY, NOW - DAY) for _ in range(9)]
    assert not moves([*kept, Dated(NOW, NOW - DAY, same=False)], NOW, already=False)
    assert not moves([*kept, Dated(NOW, NOW - DAY)], NOW, already=False)


def test_one_item_that_is_known_does_not_convict_all_others() -> None:
    assert not moves([Dated(NOW, NOW - HOUR), *[Dated(NOW, None)] * 9], NOW, already=False)


def test_dates_are_believed_again_when_those_of_old_items_stay() -> None:
    assert moves([Dated(NOW - HOUR, NOW - HOUR)] * 5, NOW, already=True)
    assert not moves([Dated(NOW - 3 * DAY, NOW - 2 * DAY)] * 5, NOW, already=True)
    assert not moves([Dated(NOW - HOUR, None)] * 5, NOW, already=True)
