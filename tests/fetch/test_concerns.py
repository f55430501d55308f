"""Which sources an operator has to know of."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tasks.fetch.concerns import DARK, DEAF, KINDS, SILENT, Condition, judged, silent, span
from tests.support.sources import NOW

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# A party's own channel that was asked a moment ago and brought something an hour ago.
WELL = Condition(
    "mfa", "Ministry", "CHN", 1, 30, "ok", None, NOW, NOW, None, new_item_at=NOW - HOUR, gap=10 * HOUR
)
OTHER = replace(WELL, id="paper", rank=3)


def kinds(*found: Condition) -> list[str]:
    return [one.kind for one in judged(found, NOW)[1]]


def test_who_is_well_is_no_concern() -> None:
    assert judged([WELL, OTHER], NOW) == (KINDS, [])


def test_a_party_that_is_silent_beyond_what_is_usual_for_it() -> None:
    quiet = replace(WELL, new_item_at=NOW - 11 * HOUR)
    (one,) = judged([quiet, OTHER], NOW)[1]
    assert (one.kind, one.subject) == (SILENT, "mfa")
    assert one.said == (
        "Ministry (mfa) is silent. Nothing new since 2026-11-22 01:00 UTC, where at most 10 hours are usual; it is ok."
    )
    assert kinds(replace(quiet, gap=12 * HOUR), OTHER) == []
    # Others may be silent: of them the state tells.
    assert kinds(WELL, replace(OTHER, new_item_at=NOW - 11 * HOUR)) == []


def test_as_long_as_nothing_is_learned_the_entry_decides() -> None:
    quiet = replace(WELL, gap=None, new_item_at=NOW - 29 * DAY)
    assert silent(quiet) is None
    assert silent(replace(quiet, new_item_at=NOW - 31 * DAY))


def test_a_sleep_of_the_service_is_laid_to_nobody() -> None:
    asleep = replace(WELL, polled_at=NOW - 3 * DAY, answered_at=NOW - 3 * DAY, new_item_at=NOW - 3 * DAY)
    assert silent(asleep) is None
    # The first poll after it fails; for some hours that says nothing.
    woken = replace(asleep, polled_at=NOW, unwell_since=NOW, state="failing")
    assert silent(woken) is None
    assert silent(replace(woken, unwell_since=NOW - 3 * HOUR))


def test_a_party_that_fails_before_anything_was_learned_is_silent_after_a_day() -> None:
    failing = replace(
        WELL, gap=None, state="failing", unwell_since=NOW - 23 * HOUR, new_item_at=NOW - 23 * HOUR
    )
    assert silent(failing) is None
    assert silent(replace(failing, unwell_since=NOW - 25 * HOUR, new_item_at=NOW - 25 * HOUR))


def test_one_that_never_gave_anything_is_silent_after_a_day() -> None:
    never = replace(WELL, new_item_at=None, gap=None, unwell_since=NOW - 2 * HOUR, state="failing")
    assert silent(never) is None
    assert silent(replace(never, unwell_since=NOW - 25 * HOUR)) == "It has never given an item"
    assert silent(replace(WELL, polled_at=None, new_item_at=None)) is None


@pytest.mark.parametrize("state", ["stale", "frozen", "gone", "hijacked"])
def test_a_country_that_loses_its_last_live_source(state: str) -> None:
    lost = replace(OTHER, state=state)
    assert DARK not in kinds(lost, WELL)
    assert DARK in kinds(lost, replace(lost, id="second"))
    (dark,) = [one for one in judged([lost, replace(WELL, country="RUS")], NOW)[1] if one.kind == DARK]
    assert (dark.subject, dark.said) == ("CHN", f"CHN has no live source left: paper is {state}.")


@pytest.mark.parametrize(
    "state", ["failing", "empty", "redesigned", "not_a_feed", "toxic", "blocked", "limited"]
)
def test_what_may_pass_counts_as_lost_after_a_day(state: str) -> None:
    failing = replace(OTHER, state=state, unwell_since=NOW - 23 * HOUR)
    assert DARK not in kinds(failing)
    assert DARK in kinds(replace(failing, unwell_since=NOW - 24 * HOUR))


def test_a_source_that_was_never_asked_is_not_lost() -> None:
    assert kinds(replace(OTHER, state="new", polled_at=None, answered_at=None)) == []


@pytest.mark.parametrize(
    ("state", "since", "told"),
    [
        ("blocked", 7 * HOUR, True),
        ("blocked", 5 * HOUR, False),
        ("gone", 0 * HOUR, True),
        ("hijacked", 0 * HOUR, True),
    ],
)
def test_what_does_not_mend_by_itself_is_told_of_every_rank(state: str, since: timedelta, told: bool) -> None:
    one = replace(OTHER, state=state, unwell_since=NOW - since, reason="the site forbids")
    assert (state in kinds(one, WELL)) is told


def test_if_nobody_answers_nothing_else_is_judged() -> None:
    asked = [
        replace(WELL, id=f"s{n}", answered_at=NOW - 2 * HOUR, unwell_since=NOW - 2 * HOUR, state="failing")
        for n in range(5)
    ]
    judged_kinds, (told,) = judged(asked, NOW)
    assert judged_kinds == {DEAF}
    assert "2026-11-22 10:00" in told.said
    assert kinds(*asked[:-1], WELL) == []


def test_a_service_that_has_just_begun_is_not_deaf() -> None:
    fresh = [
        replace(WELL, id=f"s{n}", answered_at=None, new_item_at=None, unwell_since=NOW) for n in range(3)
    ]
    assert kinds(*fresh) == []
    assert kinds(*(replace(one, unwell_since=NOW - HOUR) for one in fresh)) == [DEAF]


def test_spans_in_words() -> None:
    assert [span(length) for length in (6 * HOUR, 47 * HOUR, 4 * DAY)] == ["6 hours", "47 hours", "4 days"]
