"""The register's arithmetic: which number a round can carry."""

from datetime import date

from tasks.model import DateBasis, Interval, Kind, Precision
from tasks.resolve.numbers import inferred, possible, refused
from tasks.settings.mechanisms import Mechanism, Spacing

CHANNEL = Mechanism(
    id="cn-ru-ssc", name="channel", title="channel", dyad="CHN-RUS", kinds=(Kind.CONSULTATION_ROUND,),
    numbered=True, spacing=Spacing(least=9, most=16),
)  # fmt: skip


def on(text: str) -> Interval:
    day = date.fromisoformat(text)
    return Interval(day, day, Precision.DAY, DateBasis.STATED)


KNOWN = {17: on("2022-09-19"), 18: on("2023-09-19")}


def test_the_next_round_is_numbered() -> None:
    assert inferred(CHANNEL, KNOWN, on("2024-11-12")) == 19


def test_a_round_after_one_that_was_missed_is_numbered_when_only_one_number_fits() -> None:
    assert inferred(CHANNEL, KNOWN, on("2025-12-02")) == 20


def test_between_two_rounds_that_are_known_nothing_is_inferred() -> None:
    assert possible(CHANNEL, KNOWN, date(2023, 3, 1)) == frozenset()


def test_a_day_that_two_numbers_fit_has_none() -> None:
    assert len(possible(CHANNEL, {18: on("2020-01-01")}, date(2023, 12, 1))) > 1
    assert inferred(CHANNEL, {18: on("2020-01-01")}, on("2023-12-01")) is None


def test_the_day_of_a_known_round_gives_its_number() -> None:
    assert inferred(CHANNEL, KNOWN, on("2023-09-20")) == 18


def test_a_number_of_long_ago_is_refused() -> None:
    known = {**KNOWN, 9: on("2013-08-15")}
    assert refused(CHANNEL, known, 9, on("2023-09-19")) == "round 9 was held on 2013-08-15"
    assert refused(CHANNEL, known, 18, on("2023-09-19")) is None


def test_a_channel_without_numbers_has_none() -> None:
    assert possible(CHANNEL.model_copy(update={"numbered": False}), KNOWN, date(2024, 11, 12)) == frozenset()
