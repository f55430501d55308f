"""Alerts that rest on an aggregator, and those in which one has a part."""

from datetime import timedelta
from typing import Any

from tasks.alert.decide import Verdict, decide
from tasks.alert.layout import plain
from tasks.alert.message import Message, compose
from tasks.settings.watch import Watch
from tasks.store.outbox import Case
from tasks.store.rows import Report
from tests.alert.makers import NAMES, NOW, case, reached, report

TITLE = "China and Russia hold strategic security talks in Moscow"
OURS = {"outlet": "Global Times", "family": "peoples-daily", "url": "https://www.globaltimes.cn/1"}


def lead(number: int = 1, **fields: Any) -> Report:
    values: dict[str, Any] = {
        "rank": 4,
        "outlet": "Global Times via Google News",
        "family": "peoples-daily",
        "source_id": "google-news",
        "url": "https://news.google.com/rss/articles/CBMi1",
        "title": TITLE,
    }
    return report(number, **(values | fields))


def told(one: Case) -> Message:
    return compose(one, decide(reached(), one, Watch()), NAMES, NOW)


def test_b84_an_alert_that_rests_on_an_aggregator_says_so() -> None:
    message = told(case([lead()]))
    assert message.headline.endswith("(found by an aggregator)")
    assert message.notes[0] == "It rests on an aggregator: no source that is read here has reported it yet."
    assert "Global Times via Google News (en)" in plain(message)
    several = told(case([lead(), lead(2, family="tass.com")], witnesses=2))
    assert several.headline.endswith("(found by an aggregator)")


def test_b84_a_lead_is_not_cited_where_a_source_of_ours_has_the_same() -> None:
    for ours in (
        report(2, **OURS),
        report(2, title=f"{TITLE}."),
        report(2, url="https://news.google.com/rss/articles/CBMi1"),
    ):
        message = told(case([lead(), ours]))
        (witness,) = message.witnesses
        assert witness.outlet == ours.outlet
        assert message.headline.endswith("(one source)")
        assert message.notes == ()


def test_b84_a_lead_stands_behind_everything_else() -> None:
    reports = [lead(family="tass.com", outlet="tass.com via GDELT"), report(2, background=True), report(3)]
    message = told(case(reports, witnesses=3))
    assert [witness.outlet for witness in message.witnesses] == ["Outlet 3", "Outlet 2", "tass.com via GDELT"]
    assert message.headline.endswith("(3 independent sources)")
    assert message.more == 0


def test_what_an_aggregator_found_without_any_date_is_no_news() -> None:
    """Aggregators find old pages as well, and show them as found now."""
    undated = {"date_start": None, "date_end": None, "date_basis": None, "date_precision": None}
    found = decide(reached(), case([lead(published=None)], **undated), Watch())
    assert found.verdict is Verdict.QUIET
    assert found.reason == "It came by way of an aggregator and bears no date."
    assert decide(reached(), case([lead()], **undated), Watch()).verdict is Verdict.ALERT
    assert decide(reached(), case([report(published=None)], **undated), Watch()).verdict is Verdict.ALERT


def test_what_an_aggregator_found_of_a_recent_day_is_news() -> None:
    assert decide(reached(), case([lead(published=None)]), Watch()).verdict is Verdict.ALERT
    late = lead(first_seen=NOW + timedelta(days=60), published=None)
    assert decide(reached(), case([late]), Watch()).verdict is Verdict.QUIET
