import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tasks.alert.raise_alerts import Desk, Raised, raise_alerts
from tasks.model import Kind
from tasks.settings.channels import Channel, Channels
from tasks.settings.watch import Watch
from tasks.store import events, outbox
from tasks.store.database import Connection, connect, pool
from tests.alert.makers import NAMES, NOW
from tests.alert.stored import change_event, decisions, store_event, store_report


def file(id: str, **fields: Any) -> Channel:
    return Channel.model_validate({"id": id, "kind": "file", "url": "/tmp/x", **fields})


ROWS = [file("archive"), file("hungary", routes=[{"dyads": ["CHN-HUN"]}])]
DESK = Desk(Watch(), Channels(by_id={row.id: row for row in ROWS}), NAMES)


def count(db: Connection, table: str) -> int:
    found = db.execute(f"select count(*) from {table}").fetchone()
    assert found is not None
    return int(found[0])


def test_a_stage_becomes_an_alert_and_a_delivery_for_each_channel_that_takes_it(db: Connection) -> None:
    event_id = store_event(db)
    told = store_report(db, event_id)
    assert raise_alerts(db, DESK, NOW) == Raised(alert=1)
    (alert,) = outbox.alerts(db, 10)
    assert alert["event_id"] == event_id
    assert alert["stage"] == "held"
    assert alert["headline"].startswith("China and Russia held round 18")
    assert alert["reason"] == "It is the first report of this stage. Told to archive."
    assert [(one["channel"], one["state"]) for one in alert["deliveries"]] == [("archive", "waiting")]
    message = outbox.message_of(db, alert["id"])
    assert message is not None
    assert message["witnesses"][0]["outlet"] == "Outlet 1"
    rests_on = db.execute("select mention_id, item_id, created_at from alert").fetchone()
    assert rests_on == (told.id, told.item_id, NOW)
    assert outbox.alerts_of_item(db, told.item_id) == [(event_id, "held")]
    assert outbox.alerts_of_item(db, told.item_id + 1) == []
    assert outbox.message_of(db, alert["id"] + 1) is None


def test_a_stage_alerts_once_however_often_it_is_told(db: Connection) -> None:
    event_id = store_event(db)
    for number in range(1, 5):
        store_report(db, event_id, number)
        raise_alerts(db, DESK, NOW)
    assert raise_alerts(db, DESK, NOW) == Raised()
    assert count(db, "alert") == 1
    assert count(db, "delivery") == 1


def test_each_stage_is_told_in_its_turn_and_the_end_not_twice(db: Connection) -> None:
    event_id = store_event(db)
    for number, stage in enumerate(["announced", "under_way", "held"], start=1):
        store_report(db, event_id, number, stage=stage)
    assert raise_alerts(db, DESK, NOW) == Raised(alert=2, quiet=1)
    assert decisions(db) == {
        (event_id, "announced"): "alert",
        (event_id, "under_way"): "alert",
        (event_id, "held"): "quiet",
    }


def test_a_quiet_kind_is_kept_with_its_reason(db: Connection) -> None:
    event_id = store_event(db, kind="meeting")
    store_report(db, event_id)
    assert raise_alerts(db, DESK, NOW) == Raised(quiet=1)
    assert count(db, "alert") == 0
    reason = db.execute("select reason from event_stage").fetchone()
    assert reason == ("The kind meeting is not among those that alert.",)


def test_the_register_is_quiet_and_stays_so(db: Connection) -> None:
    event_id = store_event(db)
    store_report(db, event_id, 1, family="register")
    assert raise_alerts(db, DESK, NOW) == Raised(quiet=1)
    store_report(db, event_id, 2)
    assert raise_alerts(db, DESK, NOW) == Raised()
    assert count(db, "alert") == 0


def test_an_event_that_turns_out_to_be_a_round_is_told_then(db: Connection) -> None:
    """The first flash says that two officials met; the read-out an hour later that it was round 18."""
    event_id = store_event(db, kind="meeting", mechanism=None, round=None)
    store_report(db, event_id, 1)
    assert raise_alerts(db, DESK, NOW) == Raised(quiet=1)
    assert raise_alerts(db, DESK, NOW) == Raised()
    change_event(db, event_id)
    store_report(db, event_id, 2)
    assert raise_alerts(db, DESK, NOW) == Raised(alert=1)
    store_report(db, event_id, 3)
    assert raise_alerts(db, DESK, NOW) == Raised()


def test_what_was_quiet_is_not_weighed_again_after_the_window(db: Connection) -> None:
    event_id = store_event(db, kind="meeting", date_start=None, date_end=None)
    store_report(db, event_id, 1)
    raise_alerts(db, DESK, NOW)
    change_event(db, event_id, date_start=None, date_end=None)
    later = NOW + timedelta(days=20)
    store_report(db, event_id, 2, published=later, first_seen=later)
    assert raise_alerts(db, DESK, later) == Raised()


def test_the_alert_of_an_event_that_was_merged_holds_for_the_other(db: Connection) -> None:
    first, second = store_event(db), store_event(db)
    store_report(db, second, 1)
    assert raise_alerts(db, DESK, NOW) == Raised(alert=1)
    store_report(db, first, 2, stage="held", background=True, published=NOW - timedelta(days=30))
    events.merge(db, second, first, NOW)
    store_report(db, first, 3)
    assert raise_alerts(db, DESK, NOW) == Raised(quiet=1)
    assert count(db, "alert") == 1


def test_a_late_alert_is_marked(db: Connection) -> None:
    event_id = store_event(db)
    store_report(db, event_id, background=True)
    assert raise_alerts(db, DESK, NOW) == Raised(late=1)
    (alert,) = outbox.alerts(db, 10)
    assert alert["late"]
    assert alert["headline"].startswith("Late: ")


def test_an_alert_that_no_channel_takes_is_kept_and_says_so(db: Connection) -> None:
    store_report(db, store_event(db))
    assert raise_alerts(db, replace(DESK, channels=Channels()), NOW) == Raised(alert=1)
    (alert,) = outbox.alerts(db, 10)
    assert alert["deliveries"] == []
    assert alert["reason"].endswith("No channel takes it.")


def test_what_is_watched_is_the_analysts_choice(db: Connection) -> None:
    store_report(db, store_event(db, kind="patrol"))
    watch = Watch(kinds=frozenset({Kind.PATROL}))
    assert raise_alerts(db, replace(DESK, watch=watch), NOW) == Raised(alert=1)


def test_an_event_that_cannot_be_dealt_with_holds_up_no_other(db: Connection) -> None:
    bad, good = store_event(db), store_event(db)
    store_report(db, bad, 1)
    db.execute("update mention set stage = 'nonsense' where event_id = %s", (bad,))
    db.execute("update event_stage set stage = 'nonsense' where event_id = %s", (bad,))
    store_report(db, good, 2)
    with pytest.raises(ExceptionGroup) as raised:
        raise_alerts(db, DESK, NOW)
    assert f"while deciding event {bad}" in str(raised.value.exceptions[0].__notes__)
    assert decisions(db) == {(bad, "nonsense"): None, (good, "held"): "alert"}


def test_many_workers_raise_each_alert_once(database: str, db: Connection) -> None:
    for number in range(1, 121):
        event_id = store_event(db)
        store_report(db, event_id, 2 * number, stage="under_way")
        store_report(db, event_id, 2 * number + 1)
    found: list[Raised] = []

    def work() -> None:
        with connect(database) as own:
            found.append(raise_alerts(own, DESK, NOW))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(one.alert for one in found) == 120
    assert sum(one.quiet for one in found) == 120
    assert count(db, "alert") == 120
    assert count(db, "delivery") == 120


def test_the_task_of_the_flow_does_the_same(database: str, db: Connection) -> None:
    from tasks.alert import work

    store_report(db, store_event(db))
    with pool(database, size=2) as opened:
        assert work.raise_alerts.fn(opened, DESK, NOW) == Raised(alert=1)
