"""The short form of the kills; `python -m tests.trials.kills --times 1000` is the whole of it."""

from tests.trials import kills

TIMES = 6


def test_b06_what_was_killed_loses_nothing_and_keeps_no_validator_too_far(database: str) -> None:
    report = kills.trial(database, TIMES, seed=7)
    assert report.kills == TIMES
    assert report.published == report.stored > 50
    assert report.faults() == []
