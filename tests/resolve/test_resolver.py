"""Reports of many outlets become one event, whatever their order; what contradicts is kept."""

import random
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest

from dragoman.replay import Line, Replay
from tasks.resolve.history import load_history
from tasks.settings.configuration import Configuration
from tasks.settings.register import Register
from tasks.store import events
from tasks.store.database import Connection
from tests.resolve.conftest import line

Begin = Callable[..., Replay]

OFFICIAL = line(
    1,
    "Wang Yi co-chairs 20th round of China-Russia strategic security consultation",
    "Wang Yi and Sergei Shoigu co-chaired the 20th round of China-Russia strategic security consultation in Moscow "
    "on December 2, 2025.",
    "2025-12-02T22:00:00+08:00", source="Xinhua", lang="en",
)  # fmt: skip
WRONG_CITY = line(
    2,
    "Vòng đàm phán an ninh chiến lược lần thứ 20",
    "Ông Wang Yi và ông Sergei Shoigu đồng chủ trì vòng đàm phán an ninh chiến lược lần thứ 20 tại Bắc Kinh.",
    "2025-12-03T09:00:00+07:00", source="A blog", lang="vi",
)  # fmt: skip
UNNUMBERED = line(
    3,
    "Шойгу и Ван И провели консультации",
    "Сергей Шойгу и Ван И провели 2 декабря в Москве консультации по стратегической безопасности.",
    "2025-12-02T18:00:00+03:00", source="TASS", lang="ru",
)  # fmt: skip
LAVROV = line(
    4,
    "Wang Yi meets Lavrov in Moscow",
    "Wang Yi met Foreign Minister Sergey Lavrov in Moscow on December 2, 2025, and discussed strategic stability and "
    "military cooperation.",
    "2025-12-02T23:00:00+08:00", source="CGTN", lang="en",
)  # fmt: skip
PLAN = line(
    5,
    "王毅将赴俄罗斯举行中俄战略安全磋商",
    "王毅将于12月1日至2日赴莫斯科同绍伊古举行第二十轮中俄战略安全磋商。",
    "2025-11-28T16:00:00+08:00", source="新华社", lang="zh",
)  # fmt: skip
STREAM = [PLAN, UNNUMBERED, OFFICIAL, LAVROV, WRONG_CITY]


def fed(begin: Begin, items: Sequence[Line]) -> list[dict[str, Any]]:
    replay = begin(before=date(2025, 1, 1))
    for item in items:
        replay.feed(item)
    return list(replay.events())


def rounds(events: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [event for event in events if event["mechanism"] == "cn-ru-ssc"]


def test_four_outlets_in_four_languages_tell_of_one_round(replaying: Begin) -> None:
    events = fed(replaying, STREAM)
    (event,) = rounds(events)
    assert (event["round"], event["round_basis"], event["stage"]) == (20, "stated", "held")
    assert event["date"]["start"] == event["date"]["end"] == "2025-12-02"
    assert len(event["mentions"]) == 4


def test_another_counterpart_on_the_same_day_is_another_event(replaying: Begin) -> None:
    events = fed(replaying, STREAM)
    assert [one["kind"] for one in events if one["mechanism"] != "cn-ru-ssc"] == ["meeting"]


def test_the_better_source_gives_the_place_and_the_other_stands_beside_it(replaying: Begin) -> None:
    (event,) = rounds(fed(replaying, [OFFICIAL, WRONG_CITY]))
    assert event["place"] == "Moscow"
    assert [(one["field"], one["value"], one["sources"]) for one in event["conflicts"]] == [
        ("place", "Beijing", ["A blog"])
    ]


def test_a_number_is_inferred_and_then_confirmed(replaying: Begin) -> None:
    (event,) = rounds(fed(replaying, [UNNUMBERED]))
    assert (event["round"], event["round_basis"]) == (20, "register")


# The two of Xinhua are one witness.
@pytest.mark.parametrize("seed", range(8))
def test_the_order_does_not_matter(seed: int, replaying: Begin) -> None:
    shuffled = random.Random(seed).sample(STREAM, len(STREAM))
    (event,) = rounds(fed(replaying, shuffled))
    told = {
        name: event[name]
        for name in ("round", "round_basis", "stage", "date", "place", "conflicts", "witnesses")
    }
    assert told == {
        "round": 20, "round_basis": "stated", "stage": "held", "place": "Moscow", "witnesses": 3,
        "date": {"start": "2025-12-02", "end": "2025-12-02", "precision": "day", "basis": "stated"},
        "conflicts": [{"field": "place", "value": "Beijing", "sources": ["A blog"]}],
    }  # fmt: skip


def test_an_impossible_number_is_not_believed(replaying: Begin) -> None:
    wrong = line(
        6,
        "Wang Yi holds 9th round of strategic security consultation",
        "Wang Yi and Sergei Shoigu held the 9th round of China-Russia strategic security consultation in Moscow on "
        "December 2, 2025.",
        "2025-12-03T08:00:00+00:00", source="A site", lang="en",
    )  # fmt: skip
    (event,) = rounds(fed(replaying, [wrong]))
    assert (event["round"], event["round_basis"]) == (20, "register")
    assert {"field": "round", "value": 9, "sources": ["A site"]} in event["conflicts"]


def test_a_register_that_learns_later_what_was_told_makes_no_second_event(
    db: Connection, settings: Configuration, history: Register, replaying: Begin
) -> None:
    replay = replaying(before=date(2025, 1, 1))
    replay.feed(OFFICIAL)
    assert load_history(db, history, settings, datetime(2026, 1, 1, tzinfo=UTC)) > 1
    assert load_history(db, history, settings, datetime(2026, 1, 1, tzinfo=UTC)) == 0
    known = events.listed(db, mechanism="cn-ru-ssc", history=True, limit=100)
    assert len([one for one in known if one.round == 20]) == 1
