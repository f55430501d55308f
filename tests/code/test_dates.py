"""Days are resolved against the day of publication, in the source's zone, and never guessed."""

from datetime import date

import pytest

from tasks.code.rules import Rules
from tasks.code.text import Span, fold, normalise
from tasks.model import Interval

# A Wednesday.
PUBLISHED = date(2025, 12, 3)

CASES = [
    ("en", "They met on Tuesday.", "2025-12-02 2025-12-02 day relative"),
    ("en", "They met on December 2, 2025.", "2025-12-02 2025-12-02 day stated"),
    ("en", "They met on Dec. 2.", "2025-12-02 2025-12-02 day relative"),
    ("en", "They met on 2 December.", "2025-12-02 2025-12-02 day relative"),
    ("en", "The visit of Dec. 1 to 2 ended.", "2025-12-01 2025-12-02 range relative"),
    ("en", "The exercise runs from 18-21 September.", "2025-09-18 2025-09-21 range relative"),
    ("en", "They met last week.", "2025-11-24 2025-11-30 week relative"),
    ("en", "They met yesterday.", "2025-12-02 2025-12-02 day relative"),
    ("en", "They will meet next Monday.", "2025-12-08 2025-12-08 day relative"),
    ("en", "They met on Monday and Tuesday.", "2025-12-01 2025-12-02 range relative"),
    ("ru", "Они встретились в понедельник и вторник.", "2025-12-01 2025-12-02 range relative"),
    ("zh", "双方上周四举行会谈。", "2025-11-27 2025-11-27 day relative"),
    ("zh", "双方将于下周四举行会谈。", "2025-12-11 2025-12-11 day relative"),
    ("en", "They meet on December 28.", "2025-12-28 2025-12-28 day relative"),
    ("en", "They met in November 2024.", "2024-11-01 2024-11-30 month stated"),
    ("en", "They met on a recent Tuesday.", None),
    ("en", "They met on 31 February.", None),
    ("en", "The pact has been in force since 2005.", "2005-01-01 2005-12-31 year stated"),
    ("vi", "Cuộc gặp diễn ra ngày 02/12.", "2025-12-02 2025-12-02 day relative"),
    ("vi", "Cuộc gặp diễn ra hôm 2/12.", "2025-12-02 2025-12-02 day relative"),
    ("vi", "Cuộc gặp diễn ra ngày 2 tháng 12 năm 2025.", "2025-12-02 2025-12-02 day stated"),
    ("vi", "Cuộc gặp diễn ra từ 18 đến 21/9.", "2025-09-18 2025-09-21 range relative"),
    ("vi", "trong hai ngày 16 - 17/9", "2025-09-16 2025-09-17 range relative"),
    ("vi", "Họ gặp nhau hôm qua.", "2025-12-02 2025-12-02 day relative"),
    ("vi", "Họ gặp nhau tuần trước.", "2025-11-24 2025-11-30 week relative"),
    ("vi", "Họ gặp nhau hôm thứ ba.", "2025-12-02 2025-12-02 day relative"),
    ("vi", "Vào một ngày thứ Ba gần đây họ gặp nhau.", None),
    ("vi", "Họ gặp nhau vào tháng 11/2024.", "2024-11-01 2024-11-30 month stated"),
    ("zh", "双方12月2日举行会谈。", "2025-12-02 2025-12-02 day relative"),
    ("zh", "双方2日举行会谈。", "2025-12-02 2025-12-02 day relative"),
    ("zh", "双方28日举行会谈。", "2025-11-28 2025-11-28 day relative"),
    ("zh", "9月18日至21日访问俄罗斯。", "2025-09-18 2025-09-21 range relative"),
    ("zh", "2024年11月12日举行。", "2024-11-12 2024-11-12 day stated"),
    ("zh", "双方上周举行会谈。", "2025-11-24 2025-11-30 week relative"),
    ("zh", "双方近日举行会谈。", None),
    ("ru", "Встреча прошла 2 декабря.", "2025-12-02 2025-12-02 day relative"),
    ("ru", "Встреча прошла во вторник.", "2025-12-02 2025-12-02 day relative"),
    ("ru", "Визит продлится с 18 по 21 сентября.", "2025-09-18 2025-09-21 range relative"),
    ("ru", "Встреча прошла 12 ноября 2024 года.", "2024-11-12 2024-11-12 day stated"),
    ("ru", "Встреча прошла вчера.", "2025-12-02 2025-12-02 day relative"),
    ("en", "They met in September last year.", "2024-09-01 2024-09-30 month relative"),
    ("en", "They met on 12 September last year.", "2024-09-12 2024-09-12 day relative"),
    ("zh", "双方去年9月举行会谈。", "2024-09-01 2024-09-30 month relative"),
    ("zh", "双方去年9月12日举行会谈。", "2024-09-12 2024-09-12 day relative"),
    ("zh", "双方上月26日举行会谈。", "2025-11-26 2025-11-26 day relative"),
    ("ru", "Встреча прошла в сентябре прошлого года.", "2024-09-01 2024-09-30 month relative"),
    ("fr", "Ils se verront dimanche et lundi.", "2025-11-30 2025-12-01 range relative"),
    ("it", "Si sono visti lunedì e martedì.", "2025-12-01 2025-12-02 range relative"),
]


def _written(interval: Interval) -> str:
    return f"{interval.start} {interval.end} {interval.precision} {interval.basis}"


@pytest.mark.parametrize(("language", "text", "expected"), CASES, ids=[case[1] for case in CASES])
def test_a_day_is_read(language: str, text: str, expected: str | None, rules: Rules) -> None:
    folded = fold(normalise(text))
    days = rules.tools[language].dates.find(folded, Span(0, len(folded)), PUBLISHED)
    assert [_written(day.interval) for day in days] == ([expected] if expected else [])


def test_without_a_day_of_publication_only_a_whole_date_is_one(rules: Rules) -> None:
    text = "They met on Tuesday, on Dec. 2, yesterday and on December 2, 2025."
    days = rules.tools["en"].dates.find(fold(text), Span(0, len(text)), None)
    assert [_written(day.interval) for day in days] == ["2025-12-02 2025-12-02 day stated"]


def test_a_stretch_that_has_begun_is_not_next_year_s(rules: Rules) -> None:
    text = fold(normalise("từ 18 đến 21/9"))
    (day,) = rules.tools["vi"].dates.find(text, Span(0, len(text)), date(2023, 9, 20))
    assert (day.interval.start, day.interval.end) == (date(2023, 9, 18), date(2023, 9, 21))
    assert day.ahead is None


def test_a_leap_day_without_a_year_is_the_last_one(rules: Rules) -> None:
    text = "They met on 29 February."
    days = rules.tools["en"].dates.find(fold(text), Span(0, len(text)), date(2025, 3, 5))
    assert [_written(day.interval) for day in days] == ["2024-02-29 2024-02-29 day relative"]


@pytest.mark.parametrize(
    ("text", "behind", "ahead"),
    [
        ("on Friday", "2025-11-28", "2025-12-05"),
        ("on 1 December", "2025-12-01", "2026-12-01"),
        ("on 20 December", "2025-12-20", None),
    ],
)
def test_a_day_has_another_reading_for_what_is_to_come(
    text: str, behind: str, ahead: str | None, rules: Rules
) -> None:
    (day,) = rules.tools["en"].dates.find(fold(text), Span(0, len(text)), PUBLISHED)
    assert day.interval.start.isoformat() == behind
    assert (day.ahead.start.isoformat() if day.ahead else None) == ahead


def test_a_month_of_a_plan_is_the_one_that_comes(rules: Rules) -> None:
    text = fold("They will meet in October.")
    (day,) = rules.tools["en"].dates.find(text, Span(0, len(text)), date(2025, 6, 3))
    assert (day.interval.start, day.interval.end) == (date(2024, 10, 1), date(2024, 10, 31))
    assert day.ahead is not None
    assert (day.ahead.start, day.ahead.end) == (date(2025, 10, 1), date(2025, 10, 31))
