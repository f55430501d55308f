from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tasks.alert.decide import Decision, Verdict, decide
from tasks.model import Kind
from tasks.settings.watch import Watch
from tasks.store.outbox import Reached
from tests.alert.makers import NOW, case, reached, report

WATCH = Watch()
EARLIER = NOW - timedelta(hours=3)


def days_ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def day(days: int) -> dict[str, Any]:
    """An event `days` before the report."""
    when = (NOW - timedelta(days=days)).date()
    return {"date_start": when, "date_end": when}


NO_DATE: dict[str, Any] = {
    "date_start": None, "date_end": None, "date_precision": None, "date_basis": None,
}  # fmt: skip


def test_the_first_report_of_a_stage_alerts() -> None:
    decision = decide(reached(), case(), WATCH)
    assert decision == Decision(Verdict.ALERT, "It is the first report of this stage.", report())


# What is watched


def test_a_kind_that_is_not_watched_is_quiet() -> None:
    assert decide(reached(), case(kind="meeting"), WATCH).verdict is Verdict.QUIET
    assert (
        decide(reached(), case(kind="meeting"), Watch(kinds=frozenset({Kind.MEETING}))).verdict
        is Verdict.ALERT
    )


@pytest.mark.parametrize("stage", ["postponed", "cancelled", "denied"])
def test_a_setback_alerts_only_for_a_kind_that_alerts(stage: str) -> None:
    told = report(stage=stage)
    assert decide(reached(stage), case([told]), WATCH).verdict is Verdict.ALERT
    assert decide(reached(stage), case([told], kind="exercise"), WATCH).verdict is Verdict.QUIET


def test_a_dyad_that_is_not_watched_is_quiet() -> None:
    decision = decide(reached(), case(), Watch(dyads=frozenset({"CHN-HUN"})))
    assert decision.verdict is Verdict.QUIET
    assert "CHN-RUS" in decision.reason


@pytest.mark.parametrize("family", ["register", "xinhua"])
def test_what_the_register_knew_first_never_alerts(family: str) -> None:
    told = [report(1, family=family), report(2)]
    stage = reached(mention_id=1 if family == "register" else None)
    decision = decide(stage, case(told), WATCH)
    assert decision.verdict is Verdict.QUIET
    assert "register" in decision.reason


def test_an_event_the_register_announced_alerts_when_it_is_held() -> None:
    stages = [reached("announced", mention_id=None, decision="quiet"), reached("held", mention_id=2)]
    assert decide(stages[1], case([report(2)], stages), WATCH).verdict is Verdict.ALERT


# One alert for each stage


@pytest.mark.parametrize(("first", "second"), [("under_way", "held"), ("held", "under_way")])
def test_the_beginning_and_the_end_are_one_alert(first: str, second: str) -> None:
    stages = [
        reached(first, reached_at=EARLIER, decision="alert"),
        reached(second, mention_id=2),
    ]
    told = [report(1, stage=first), report(2, stage=second)]
    assert decide(stages[1], case(told, stages), WATCH).verdict is Verdict.QUIET


def test_an_end_is_told_if_the_beginning_was_not() -> None:
    stages = [
        reached("under_way", reached_at=EARLIER, decision="quiet"),
        reached("held", mention_id=2),
    ]
    told = [report(1, stage="under_way"), report(2)]
    assert decide(stages[1], case(told, stages), WATCH).verdict is Verdict.ALERT


@pytest.mark.parametrize("stage", ["announced", "postponed", "cancelled", "under_way"])
@pytest.mark.parametrize("later", ["quiet", None])
def test_a_stage_that_arrives_after_the_event_was_held_is_quiet(stage: str, later: str | None) -> None:
    stages = [reached("held", reached_at=EARLIER, decision=later), reached(stage, mention_id=2)]
    decision = decide(stages[1], case([report(1), report(2, stage=stage)], stages), WATCH)
    assert decision.verdict is Verdict.QUIET
    assert "held" in decision.reason


def test_a_denial_after_the_event_is_news() -> None:
    stages = [reached("held", reached_at=EARLIER, decision="alert"), reached("denied", mention_id=2)]
    decision = decide(stages[1], case([report(1), report(2, stage="denied")], stages), WATCH)
    assert decision.verdict is Verdict.ALERT


def test_an_announcement_that_was_known_before_the_event_is_told_in_its_turn() -> None:
    announced = reached("announced", reached_at=EARLIER)
    stages = [announced, reached("held", mention_id=2)]
    told = [report(1, stage="announced"), report(2)]
    assert decide(announced, case(told, stages), WATCH).verdict is Verdict.ALERT


def test_stages_of_one_moment_count_in_the_order_of_their_reports() -> None:
    announced, held = reached("announced", mention_id=2), reached("held", mention_id=1)
    told = [report(1), report(2, stage="announced")]
    assert decide(announced, case(told, [held, announced]), WATCH).verdict is Verdict.QUIET


@pytest.mark.parametrize(("hours", "verdict"), [(-1, Verdict.QUIET), (1, Verdict.ALERT)])
def test_an_announcement_after_a_postponement_is_news_if_it_was_published_after_it(
    hours: int, verdict: Verdict
) -> None:
    stages = [
        reached("postponed", reached_at=EARLIER, decision="alert"),
        reached("announced", mention_id=2),
    ]
    told = [
        report(1, stage="postponed", published=EARLIER),
        report(2, stage="announced", published=EARLIER + timedelta(hours=hours)),
    ]
    assert decide(stages[1], case(told, stages), WATCH).verdict is verdict


def test_a_stage_that_was_told_under_another_name_is_not_told_again() -> None:
    stages = [reached(event_id=11, decision="alert"), reached()]
    decision = decide(stages[1], case(stages=stages), WATCH)
    assert decision.verdict is Verdict.QUIET
    assert "event 11" in decision.reason


def test_a_merged_event_is_told_under_the_other_name() -> None:
    assert decide(reached(), case(status="merged", merged_into=3), WATCH).verdict is Verdict.QUIET


# News or history


@pytest.mark.parametrize(
    ("age", "verdict"),
    [(0, Verdict.ALERT), (7, Verdict.ALERT), (8, Verdict.LATE), (14, Verdict.LATE), (15, Verdict.QUIET)],
)
def test_a_report_is_late_after_a_week_and_history_after_the_window(age: int, verdict: Verdict) -> None:
    assert decide(reached(), case(**day(age)), WATCH).verdict is verdict


@pytest.mark.parametrize(("age", "verdict"), [(0, Verdict.LATE), (14, Verdict.LATE), (15, Verdict.QUIET)])
def test_a_look_back_is_told_as_late_within_the_window(age: int, verdict: Verdict) -> None:
    assert decide(reached(), case([report(background=True)], **day(age)), WATCH).verdict is verdict


def test_the_window_is_set_by_the_analyst() -> None:
    assert decide(reached(), case(**day(5)), Watch(freshness_days=4)).verdict is Verdict.QUIET
    assert decide(reached(), case(**day(30)), Watch(freshness_days=40)).verdict is Verdict.LATE


def test_a_look_back_without_a_day_is_quiet() -> None:
    assert decide(reached(), case([report(background=True)], **NO_DATE), WATCH).verdict is Verdict.QUIET


def test_a_look_back_at_a_year_is_quiet_though_the_year_goes_on() -> None:
    this_year: dict[str, Any] = {
        "date_start": date(2023, 1, 1), "date_end": date(2023, 12, 31), "date_precision": "year",
    }  # fmt: skip
    assert decide(reached(), case([report(background=True)], **this_year), WATCH).verdict is Verdict.QUIET
    assert decide(reached(), case(**this_year), WATCH).verdict is Verdict.ALERT


def test_a_direct_report_of_a_past_year_is_history() -> None:
    past: dict[str, Any] = {
        "date_start": date(2016, 1, 1),
        "date_end": date(2016, 12, 31),
        "date_precision": "year",
    }
    assert decide(reached(), case(**past), WATCH).verdict is Verdict.QUIET


@pytest.mark.parametrize(("age", "verdict"), [(0, Verdict.ALERT), (13, Verdict.ALERT), (15, Verdict.QUIET)])
def test_without_a_day_the_publication_counts(age: int, verdict: Verdict) -> None:
    told = report(published=days_ago(age))
    assert decide(reached(), case([told], **NO_DATE), WATCH).verdict is verdict


def test_what_was_published_long_ago_is_history_whatever_its_day() -> None:
    """A source that was dead for a month comes back with all that it has."""
    told = report(published=days_ago(20))
    assert decide(reached(), case([told], **day(20)), WATCH).verdict is Verdict.QUIET


def test_a_date_taken_from_the_publication_is_none() -> None:
    old: dict[str, Any] = {**day(30), "date_basis": "published"}
    assert decide(reached(), case(**old), WATCH).verdict is Verdict.ALERT


def test_without_any_date_the_first_sight_counts_unless_it_was_the_sources_first_reading() -> None:
    assert decide(reached(), case([report(published=None)], **NO_DATE), WATCH).verdict is Verdict.ALERT
    stock = report(published=None, baseline=True)
    assert decide(reached(), case([stock], **NO_DATE), WATCH).verdict is Verdict.QUIET


@pytest.mark.parametrize(
    ("published", "age", "verdict"),
    [
        (days_ago(1), None, Verdict.ALERT),
        (days_ago(20), None, Verdict.QUIET),
        (None, 1, Verdict.ALERT),
        (None, 10, Verdict.LATE),
        (None, 20, Verdict.QUIET),
    ],
)
def test_the_first_reading_of_a_source_alerts_only_for_what_is_known_to_be_fresh(
    published: datetime | None, age: int | None, verdict: Verdict
) -> None:
    told = report(published=published, baseline=True)
    dated: dict[str, Any] = NO_DATE if age is None else day(age)
    assert decide(reached(), case([told], **dated), WATCH).verdict is verdict


def test_an_announced_day_lies_ahead() -> None:
    ahead: dict[str, Any] = {
        "date_start": date(2024, 3, 1),
        "date_end": date(2024, 3, 31),
        "date_precision": "month",
    }
    told = report(stage="announced")
    assert decide(reached("announced"), case([told], **ahead), WATCH).verdict is Verdict.ALERT


@pytest.mark.parametrize("stage", ["postponed", "cancelled", "denied"])
def test_the_planned_day_does_not_age_a_setback(stage: str) -> None:
    told = report(stage=stage)
    assert decide(reached(stage), case([told], **day(90)), WATCH).verdict is Verdict.ALERT
    recalled = report(stage=stage, background=True)
    assert decide(reached(stage), case([recalled], **day(90)), WATCH).verdict is Verdict.QUIET


def test_a_publication_in_the_future_is_taken_as_now() -> None:
    told = report(published=NOW + timedelta(days=300))
    assert decide(reached(), case([told]), WATCH).verdict is Verdict.ALERT


# More than one report


def test_a_vague_report_does_not_silence_the_clear_one_after_it() -> None:
    vague = report(1, background=True)
    clear = report(2)
    assert decide(reached(), case([vague], **NO_DATE), WATCH).verdict is Verdict.QUIET
    decision = decide(reached(decision="quiet", weighed=1), case([vague, clear], **NO_DATE), WATCH)
    assert decision.verdict is Verdict.ALERT
    assert decision.report == clear


def test_the_first_report_that_is_news_decides() -> None:
    decision = decide(reached(), case([report(1, background=True), report(2)]), WATCH)
    assert decision.verdict is Verdict.LATE
    assert decision.report is not None
    assert decision.report.id == 1


def test_a_report_of_another_stage_decides_nothing() -> None:
    only: list[Reached] = [reached("held"), reached("announced", mention_id=2)]
    told = [report(1, published=days_ago(30)), report(2, stage="announced")]
    assert decide(only[0], case(told, only, **NO_DATE), WATCH).verdict is Verdict.QUIET


def test_what_was_quiet_is_not_told_after_the_event_has_gone_on() -> None:
    announced = reached("announced", reached_at=EARLIER, decision="quiet", weighed=1)
    stages = [announced, reached("held", mention_id=2, decision="alert")]
    told = [report(1, stage="announced"), report(2), report(3, stage="announced")]
    assert decide(announced, case(told, stages), WATCH).verdict is Verdict.QUIET


def test_every_decision_gives_a_plain_reason() -> None:
    at_midnight = datetime(2023, 9, 19, tzinfo=UTC)
    cases = [
        case(),
        case(kind="meeting"),
        case([report(background=True)], **NO_DATE),
        case([report(published=at_midnight - timedelta(days=30))]),
        case(**day(40)),
        case([]),
    ]
    for one in cases:
        reason = decide(reached(), one, WATCH).reason
        assert reason.endswith(".")
        assert reason[0].isupper()
