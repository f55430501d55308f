from datetime import date, timedelta
from typing import Any

import pytest

from tasks.alert import guard
from tasks.alert.decide import decide
from tasks.alert.layout import LAYOUTS, POSSIBLE_REPEAT, html, markdown, plain
from tasks.alert.message import Message, compose, from_json, to_json
from tasks.settings.channels import Format
from tasks.settings.watch import Watch
from tasks.store.outbox import Case
from tasks.store.rows import Report
from tests.alert.makers import NAMES, NOW, case, reached, report
from tests.alert.test_guard import HOSTILE


def told(one: Case, later: timedelta = timedelta(0)) -> Message:
    return compose(one, decide(reached(), one, Watch()), NAMES, NOW + later)


def xinhua(**fields: Any) -> Report:
    evidence = {
        "round": {"quote": "第十八轮", "rule": "round.zh", "start": 3, "confidence": 1.0},
        "date": {"quote": "9月19日", "rule": "date.zh", "start": 8, "confidence": 1.0},
        "place": {"quote": "莫斯科", "rule": "place.zh", "start": 20, "confidence": 1.0},
    }
    values: dict[str, Any] = {
        "outlet": "Xinhua", "language": "zh", "title": "中俄举行第十八轮战略安全磋商", "evidence": evidence,
    }  # fmt: skip
    return report(1, **(values | fields))


def test_a_message_says_who_told_it_in_which_words_and_where() -> None:
    officials = [
        {"id": "wang_yi", "name": "Wang Yi", "state": "CHN", "role": "foreign_minister"},
        {"id": "nikolai_patrushev", "name": "Nikolai Patrushev", "state": "RUS", "role": None},
    ]
    message = told(case([xinhua()], officials=officials))
    assert plain(message) == (
        "China and Russia held round 18 of the strategic security consultation, Moscow, 19 September 2023 "
        "(one source)\n"
        "\n"
        "Officials: Wang Yi (China, foreign minister); Nikolai Patrushev (Russia)\n"
        "\n"
        "“中俄举行第十八轮战略安全磋商”\n"
        "Xinhua (Chinese), 20 September 2023, 08:00 UTC\n"
        "round: “第十八轮”\n"
        "date: “9月19日”\n"
        "https://news.example/1\n"
        "\n"
        "Event 12, stage held"
    )


def test_the_headline_says_how_sure_it_is() -> None:
    assert told(case([report(rank=1)])).headline.endswith("(one source, a party itself)")
    both = case([report(1), report(2, rank=1)], witnesses=2)
    assert told(both).headline.endswith("(2 independent sources, a party among them)")
    capitals = case([report(1, rank=1), report(2, rank=1)], witnesses=2, confirmed=True)
    assert told(capitals).headline.endswith("(2 independent sources, confirmed by both capitals)")
    assert told(case([report(1), report(2)], witnesses=2)).headline.endswith("(2 independent sources)")


def test_a_late_alert_says_so_first_and_why() -> None:
    message = told(case([report(background=True)]))
    assert message.late
    assert message.headline.startswith("Late: China and Russia held")
    assert message.notes[0].startswith("Told late. The first report is a look back")


def test_a_report_that_was_read_days_after_it_came_out_says_so() -> None:
    assert told(case(), timedelta(days=5)).notes == ("The report was published 5 days ago.",)
    assert told(case(), timedelta(hours=5)).notes == ()


def test_what_was_inferred_and_what_contradicts_is_told() -> None:
    conflicts = [
        {"field": "place", "value": "Beijing", "sources": ["Reuters", "dpa"]},
        {"field": "date", "value": "2023-09-18/2023-09-18", "sources": ["ANSA"]},
    ]
    message = told(case(round_basis="register", date_basis="register", conflicts=conflicts))
    assert message.notes == (
        "The round number is inferred from the register; no report gives it.",
        "The date comes from the register.",
        "Sources differ on the place: Beijing (Reuters, dpa).",
        "Sources differ on the date: 2023-09-18/2023-09-18 (ANSA).",
    )


def test_what_nobody_gives_is_named() -> None:
    bare = told(case(date_start=None, date_end=None, place=None))
    assert bare.facts == (("Not given", "date, place, officials"),)


def test_one_witness_of_each_family_the_best_first_and_the_decisive_one_always() -> None:
    first = report(1, rank=4, family="a")
    others = [report(n, rank=3, family=f"b{n}") for n in range(2, 9)]
    copy = report(9, rank=2, family="b2")
    register = report(10, family="register", rank=1)
    other_stage = report(11, stage="announced", rank=1)
    message = told(case([first, *others, copy, register, other_stage]))
    assert [witness.outlet for witness in message.witnesses] == [
        "Outlet 9", "Outlet 3", "Outlet 4", "Outlet 5", "Outlet 1",
    ]  # fmt: skip
    assert message.more == 4


def test_a_message_survives_the_store() -> None:
    message = told(case([xinhua(), report(2)], conflicts=[{"field": "place", "value": "Beijing"}]))
    assert from_json(to_json(message)) == message


@pytest.mark.parametrize(
    "odd",
    [
        {"officials": ["Wang Yi", {"id": "x"}, 7, None]},
        {"conflicts": ["text", {"value": {"a": 1, "b": [2, None]}}, None]},
    ],
)
def test_odd_values_do_not_stop_a_message(odd: dict[str, Any]) -> None:
    assert told(case(**odd)).headline
    assert told(case([report(evidence={"round": None, "stage": "x", "date": {"quote": None}})])).headline


# Hostile text


def hostile() -> Message:
    bad = HOSTILE + "\u202e\x00\n# heading\n" + "x" * 500
    bad_report = report(
        1,
        title=bad,
        outlet=bad,
        language=bad,
        url="https://evil.example/(x)[y]<b>@everyone",
        evidence={"round": {"quote": bad[::-1]}, "stage": {"quote": bad[3:]}},
    )
    return told(
        case(
            [bad_report],
            place=bad,
            officials=[{"id": "x", "name": bad, "state": "RUS", "role": bad}],
            conflicts=[{"field": bad, "value": bad, "sources": [bad]}],
        )
    )


@pytest.mark.parametrize("form", Format)
@pytest.mark.parametrize("limit", [None, 2000, 300, 140])
def test_hostile_text_is_shown_and_does_nothing(form: Format, limit: int | None) -> None:
    text = LAYOUTS[form](hostile(), repeat=True, limit=limit)
    for bad in ("@", "<!", "](", "||", "~~", "`", "\u202e", "\x00", "<script", "\n#"):
        assert bad not in text
    if form is not Format.HTML:
        assert "<b>" not in text


def test_html_has_only_our_own_tags() -> None:
    text = html(hostile(), repeat=True)
    tags = {part.split(">")[0].split(" ")[0] for part in text.split("<")[1:]}
    assert tags <= {"p", "/p", "b", "/b", "i", "/i", "ul", "/ul", "li", "/li", "br", "a", "/a"}
    assert text.count("<a ") == 1
    assert 'href="https://evil.example/%28x%29%5By%5D%3Cb%3E%40everyone"' in text


def test_links_are_visible() -> None:
    message = told(case([xinhua()]))
    assert "https://news.example/1" in plain(message)
    assert "<https://news.example/1>" in markdown(message)
    assert '<a href="https://news.example/1" rel="noreferrer">https://news.example/1</a>' in html(message)


# Length


def many() -> Message:
    reports = [xinhua(), *(report(n, title="Заголовок " * 20) for n in range(2, 6))]
    return told(case(reports, conflicts=[{"field": "place", "value": "Beijing", "sources": ["dpa"]}]))


@pytest.mark.parametrize("form", Format)
@pytest.mark.parametrize("limit", [140, 160, 300, 500, 1000, 2000, 4096])
@pytest.mark.parametrize("repeat", [False, True])
def test_a_message_keeps_to_what_the_channel_takes(form: Format, limit: int, repeat: bool) -> None:
    for message in (many(), hostile()):
        text = LAYOUTS[form](message, repeat=repeat, limit=limit)
        assert guard.length(text) <= limit
        assert "Event 12, stage held" in text
        assert (POSSIBLE_REPEAT in text) is repeat


def test_what_is_left_out_is_counted_and_a_link_stays_long() -> None:
    assert "more report" not in plain(many())
    short = plain(many(), limit=700)
    assert "https://news.example/1" in short
    assert "3 more reports." in short
    shortest = plain(many(), limit=260)
    assert "https://news.example/1" in shortest
    assert "Sources differ" not in shortest


def test_a_message_about_no_event_is_laid_out_too() -> None:
    message = Message(headline="Test", notes=("Nothing has happened.",), test=True)
    assert plain(message) == "Test\n\nNothing has happened."
    assert html(message) == "<p><b>Test</b></p>\n<ul>\n<li>Nothing has happened.</li>\n</ul>"


def test_the_date_of_the_report_is_called_so() -> None:
    one = case(date_basis="published", date_start=date(2023, 9, 20), date_end=date(2023, 9, 20))
    assert told(one).notes == ("The date is that of the report.",)
