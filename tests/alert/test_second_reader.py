"""What a second reader doubts stands in the alert, in our words; it keeps no alert from being sent."""

from datetime import timedelta
from typing import Any

import pytest

from tasks.alert import layout
from tasks.alert.decide import decide
from tasks.alert.message import DOUBTS, compose, from_json
from tasks.alert.raise_alerts import Desk, Raised, raise_alerts
from tasks.settings.channels import Channels
from tasks.settings.watch import Watch
from tasks.store import outbox, second_reader
from tasks.store.database import Connection
from tasks.store.second_reader import Doubts, Key
from tests.alert.makers import NAMES, NOW, case, reached
from tests.alert.stored import store_event, store_report

KEY = Key(b"question", "prompt", "small-model")


def judged(field: str, verdict: str = "disagree", value: str | None = None, quote: str = "to sign") -> Any:
    return {"field": field, "verdict": verdict, "value": value, "quote": quote, "start": 0}


def notes(*judgements: Any) -> tuple[str, ...]:
    one = case()
    doubts = [Doubts(1, "doubt", "small-model", judgements)]
    return compose(one, decide(reached(), one, Watch()), NAMES, NOW, doubts).notes


def test_a_doubt_names_the_field_what_was_read_instead_and_the_words() -> None:
    assert notes(judged("stage", value="under_way"), judged("kind", "agree")) == (
        "Second reader doubts: the stage, reads under way (“to sign”).",
    )
    assert notes(judged("event")) == ("Second reader doubts: that the text tells of this (“to sign”).",)


def test_the_same_doubt_is_said_once_and_no_more_than_a_few_are() -> None:
    assert len(notes(judged("stage"), judged("stage"))) == 1
    assert len(notes(*(judged("round", value=str(number)) for number in range(1, 9)))) == DOUBTS


def test_the_words_that_it_quotes_can_do_nothing_in_a_message() -> None:
    one = case()
    evil = judged("stage", quote="@everyone <b>**[click](http://evil.example)**\x1b[31m")
    message = compose(one, decide(reached(), one, Watch()), NAMES, NOW, [Doubts(1, "doubt", "m", [evil])])
    assert "@everyone" not in layout.plain(message) + layout.markdown(message) + layout.html(message)
    assert "<b>click" not in layout.html(message)
    assert "](http" not in layout.markdown(message)
    assert "\x1b" not in layout.plain(message)


@pytest.mark.parametrize("verdict", ["doubt", "review", "unusable", "agree", None])
def test_whatever_it_says_the_alert_is_raised(db: Connection, verdict: str | None) -> None:
    report = store_report(db, store_event(db))
    db.execute(
        "insert into second_reading (mention_id, attempts, lease_until) values (%s, 1, %s)",
        [report.id, NOW + timedelta(minutes=2)],
    )
    if verdict is not None:
        second_reader.judge(db, report.id, KEY, verdict, [judged("round", value="19")], NOW)
    assert raise_alerts(db, Desk(Watch(), Channels(), NAMES), NOW) == Raised(alert=1)
    (alert,) = outbox.alerts(db, 10)
    told = from_json(outbox.message_of(db, alert["id"]) or {})
    doubted = verdict in ("doubt", "review")
    assert ("Second reader doubts: the round, reads 19 (“to sign”)." in told.notes) is doubted


def test_a_doubt_of_another_stage_is_not_told(db: Connection) -> None:
    event_id = store_event(db)
    first = store_report(db, event_id, 1, stage="announced")
    store_report(db, event_id, 2, stage="held")
    second_reader.judge(db, first.id, KEY, "doubt", [judged("round")], NOW)
    raise_alerts(db, Desk(Watch(), Channels(), NAMES), NOW)
    held = next(one for one in outbox.alerts(db, 10) if one["stage"] == "held")
    assert from_json(outbox.message_of(db, held["id"]) or {}).notes == ()
