import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tasks.alert import deliver, work
from tasks.alert.deliver import LEASE, MOST_AGE, MOST_ATTEMPTS, Drained, backoff, drain
from tasks.alert.layout import POSSIBLE_REPEAT
from tasks.alert.raise_alerts import Desk, raise_alerts
from tasks.settings.channels import Channel, Channels
from tasks.settings.environment import ROOT
from tasks.settings.watch import Watch
from tasks.store import outbox
from tasks.store.database import Connection, Pool
from tasks.store.database import pool as opened_pool
from tests.alert.makers import NAMES, NOW
from tests.alert.receivers import Web, free_port
from tests.alert.stored import store_event, store_report


@pytest.fixture
def pool(database: str) -> Iterator[Pool]:
    with opened_pool(database, size=4) as opened:
        yield opened


def channels(*rows: dict[str, Any], operator: str | None = None) -> Channels:
    made = [Channel.model_validate({"kind": "webhook", **row}) for row in rows]
    return Channels(operator=operator, by_id={row.id: row for row in made})


def raised(db: Connection, told: Channels, events: int = 1) -> None:
    """So many alerts in the outbox, a delivery of each to all channels."""
    for number in range(1, events + 1):
        store_report(db, store_event(db), number)
    raise_alerts(db, Desk(Watch(), told, NAMES), NOW)


def deliveries(db: Connection) -> list[dict[str, Any]]:
    return [one for alert in reversed(outbox.alerts(db, 1000)) for one in alert["deliveries"]]


def due(db: Connection) -> list[datetime]:
    return [row[0] for row in db.execute("select due_at from delivery order by id")]


def test_what_is_due_is_sent_once_and_marked(db: Connection, pool: Pool, web: Web) -> None:
    told = channels({"id": "desk", "url": web.url})
    raised(db, told)
    assert drain(pool, told, NOW, environ={}) == Drained(sent=1)
    (one,) = deliveries(db)
    assert (one["state"], one["attempts"], one["error"]) == ("sent", 1, None)
    assert one["sent_at"] is not None
    assert drain(pool, told, NOW + timedelta(days=1), environ={}) == Drained()
    assert len(web.requests) == 1
    assert web.requests[0].headers["Idempotency-Key"] == "alert-1-desk@dragoman"


def test_what_fails_is_due_again_later_and_is_sent_then(db: Connection, pool: Pool, web: Web) -> None:
    told = channels({"id": "desk", "url": web.url})
    raised(db, told)
    web.answers.append(500)
    assert drain(pool, told, NOW, environ={}) == Drained(failed=1)
    (one,) = deliveries(db)
    assert (one["state"], one["error"]) == ("waiting", "the receiver answered 500")
    assert NOW <= due(db)[0] <= NOW + timedelta(seconds=10)
    assert drain(pool, told, NOW + timedelta(seconds=10), environ={}) == Drained(sent=1)
    assert "Dragoman-Possible-Repeat" not in web.requests[1].headers
    assert web.requests[0].headers["Idempotency-Key"] == web.requests[1].headers["Idempotency-Key"]


def test_the_waits_grow_to_an_hour_and_are_drawn_by_lot() -> None:
    most = [backoff(attempts, lambda: 1.0).total_seconds() for attempts in (1, 2, 3, 8, 10, 11, 50, 5000)]
    assert most == [5, 10, 20, 640, 2560, 3600, 3600, 3600]
    assert backoff(50, lambda: 0.0) == timedelta(0)


def test_a_receiver_that_asks_for_a_wait_gets_it_for_all_that_goes_there(
    db: Connection, pool: Pool, web: Web
) -> None:
    told = channels({"id": "desk", "url": web.url})
    raised(db, told, events=3)
    web.answers.append((429, {"Retry-After": "600"}))
    counted = drain(pool, told, NOW, environ={}, workers=1)
    assert counted == Drained(failed=1)
    assert all(one >= NOW + timedelta(seconds=600) for one in due(db))
    assert len(web.requests) == 1
    assert drain(pool, told, NOW + timedelta(seconds=590), environ={}) == Drained()
    assert drain(pool, told, NOW + timedelta(seconds=660), environ={}) == Drained(sent=3)


def test_a_wait_that_is_unreasonable_is_cut(db: Connection, pool: Pool, web: Web) -> None:
    told = channels({"id": "desk", "url": web.url})
    raised(db, told)
    web.answers.append((429, {"Retry-After": "99999999"}))
    drain(pool, told, NOW, environ={})
    assert due(db)[0] < NOW + timedelta(hours=7)


def test_a_dead_channel_does_not_hold_up_the_others(db: Connection, pool: Pool, web: Web) -> None:
    dead = f"http://127.0.0.1:{free_port()}/"
    told = channels({"id": "dead", "url": dead}, {"id": "desk", "url": web.url})
    raised(db, told, events=30)
    counted = drain(pool, told, NOW, environ={})
    assert counted.sent == 30
    assert deliver.STRIKES <= counted.failed < deliver.STRIKES + deliver.WORKERS_EACH
    untouched = [one for one in deliveries(db) if one["attempts"] == 0]
    assert len(untouched) == 30 - counted.failed


def test_a_slow_channel_takes_only_its_share_of_the_workers(
    db: Connection, pool: Pool, web: Web, tmp_path: Path
) -> None:
    told = channels(
        {"id": "a-slow", "url": web.url},
        {"id": "file", "kind": "file", "url": str(tmp_path / "alerts.jsonl")},
    )
    raised(db, told, events=12)
    web.gate.clear()
    done: list[Drained] = []
    thread = threading.Thread(target=lambda: done.append(drain(pool, told, NOW, environ={}, workers=8)))
    thread.start()
    for _ in range(deliver.WORKERS_EACH):
        assert web.arrived.acquire(timeout=10)
    while [one["state"] for one in deliveries(db) if one["channel"] == "file"].count("sent") < 12:
        assert thread.is_alive()
        thread.join(0.01)
    assert len(web.requests) == deliver.WORKERS_EACH
    web.gate.set()
    thread.join()
    assert done == [Drained(sent=24)]


def test_no_more_than_the_limit_is_sent(db: Connection, pool: Pool, web: Web) -> None:
    told = channels({"id": "desk", "url": web.url})
    raised(db, told, events=5)
    assert drain(pool, told, NOW, limit=2, environ={}) == Drained(sent=2)


# Given up


def test_after_three_days_a_delivery_is_given_up_loudly(
    db: Connection, pool: Pool, web: Web, caplog: pytest.LogCaptureFixture
) -> None:
    dead = f"http://127.0.0.1:{free_port()}/"
    operator = {"id": "operator", "url": web.url, "routes": []}
    told = channels({"id": "dead", "url": dead}, operator, operator="operator")
    raised(db, told, events=2)
    assert drain(pool, told, NOW, environ={}) == Drained(failed=2)
    assert drain(pool, told, NOW + MOST_AGE, environ={}) == Drained(given_up=2)
    assert {one["state"] for one in deliveries(db)} == {"given_up"}
    assert drain(pool, told, NOW + MOST_AGE * 2, environ={}) == Drained()
    errors = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert len(errors) == 2
    assert "Alert 1 was given up for channel dead" in caplog.text
    (notice,) = web.requests
    assert notice.json["headline"] == "2 deliveries were given up"
    assert "Alert 2 did not reach channel dead." in notice.json["text"]


def test_the_operator_is_not_told_over_the_channel_that_is_dead(db: Connection, pool: Pool) -> None:
    told = channels({"id": "dead", "url": f"http://127.0.0.1:{free_port()}/"}, operator="dead")
    raised(db, told)
    assert drain(pool, told, NOW + MOST_AGE, environ={}) == Drained(given_up=1)


def test_what_waited_for_days_gets_one_try_at_least(db: Connection, pool: Pool, web: Web) -> None:
    told = channels({"id": "desk", "url": web.url})
    raised(db, told)
    assert drain(pool, told, NOW + MOST_AGE * 2, environ={}) == Drained(sent=1)


def test_a_message_that_ends_every_process_is_given_up_in_the_end(
    db: Connection, pool: Pool, web: Web
) -> None:
    told = channels({"id": "desk", "url": web.url})
    raised(db, told)
    db.execute("update delivery set attempts = %s, state = 'sending', lease_until = %s", (MOST_ATTEMPTS, NOW))
    assert drain(pool, told, NOW, environ={}) == Drained(given_up=1)
    assert web.requests == []


def test_a_channel_that_is_gone_from_the_configuration_may_come_back(
    db: Connection, pool: Pool, web: Web
) -> None:
    told = channels({"id": "desk", "url": web.url})
    raised(db, told)
    assert drain(pool, Channels(), NOW, environ={}) == Drained(failed=1)
    assert deliveries(db)[0]["error"] == "there is no channel of this name in the configuration"
    assert drain(pool, told, NOW + timedelta(seconds=10), environ={}) == Drained(sent=1)


def test_a_message_that_cannot_be_read_holds_up_no_other(db: Connection, pool: Pool, web: Web) -> None:
    told = channels({"id": "desk", "url": web.url})
    raised(db, told, events=2)
    db.execute("update alert set message = '{}' where id = 1")
    assert drain(pool, told, NOW, environ={}) == Drained(sent=1, failed=1)


# Crashes


def test_a_try_of_which_nobody_saw_the_end_is_repeated_and_says_so(
    db: Connection, pool: Pool, web: Web
) -> None:
    told = channels({"id": "desk", "url": web.url})
    raised(db, told)
    claimed = outbox.claim_delivery(db, NOW, NOW + LEASE)
    assert claimed is not None
    assert not claimed.uncertain
    just_before = NOW + LEASE - timedelta(seconds=1)
    assert drain(pool, told, just_before, environ={}) == Drained()
    assert drain(pool, told, NOW + LEASE, environ={}) == Drained(sent=1)
    (request,) = web.requests
    assert request.headers["Dragoman-Possible-Repeat"] == "true"
    assert request.json["text"].startswith(POSSIBLE_REPEAT)
    assert deliveries(db)[0]["attempts"] == 2


def test_a_try_that_may_have_arrived_makes_the_next_ones_possible_repeats(
    db: Connection, pool: Pool, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = channels({"id": "desk", "url": web.url})
    raised(db, told)
    monkeypatch.setattr("tasks.alert.webhook.TIMEOUT", 0.2)
    web.gate.clear()
    assert drain(pool, told, NOW, environ={}) == Drained(failed=1)
    web.gate.set()
    assert deliveries(db)[0]["uncertain"]
    assert "ReadTimeout" in deliveries(db)[0]["error"]
    assert drain(pool, told, NOW + timedelta(minutes=1), environ={}) == Drained(sent=1)
    assert web.requests[-1].json["possible_repeat"] is True


def test_a_worker_that_comes_back_late_does_not_undo_what_another_did(db: Connection, pool: Pool) -> None:
    told = channels({"id": "desk", "url": "http://127.0.0.1:1/"})
    raised(db, told)
    first = outbox.claim_delivery(db, NOW, NOW + LEASE)
    second = outbox.claim_delivery(db, NOW + LEASE, NOW + LEASE * 2)
    assert first is not None
    assert second is not None
    outbox.mark_failed(db, first, NOW, "too late to tell", uncertain=False, give_up=True)
    assert deliveries(db)[0]["state"] == "sending"
    outbox.mark_sent(db, second, NOW + LEASE)
    outbox.mark_failed(db, second, NOW, "no", uncertain=False, give_up=False)
    assert deliveries(db)[0]["state"] == "sent"
    # Whoever sent it, it was sent.
    db.execute("update delivery set state = 'given_up'")
    outbox.mark_sent(db, first, NOW)
    assert deliveries(db)[0]["state"] == "sent"


CRASH = """
import sys
from datetime import datetime
from tasks.alert.deliver import drain
from tasks.settings.channels import Channel, Channels
from tasks.store.database import pool

dsn, url, now = sys.argv[1:]
desk = Channel.model_validate({"id": "desk", "kind": "webhook", "url": url})
with pool(dsn, size=2) as opened:
    drain(opened, Channels(by_id={"desk": desk}), datetime.fromisoformat(now), workers=1)
"""


def test_a_process_that_is_killed_while_sending_loses_nothing(
    database: str, db: Connection, pool: Pool, web: Web
) -> None:
    told = channels({"id": "desk", "url": web.url})
    raised(db, told, events=3)
    web.gate.clear()
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", CRASH, database, web.url, NOW.isoformat()]
    process = subprocess.Popen(command, env=environ)
    try:
        assert web.arrived.acquire(timeout=30)
    finally:
        process.kill()
        process.wait()
    web.gate.set()
    assert drain(pool, told, NOW, environ={}) == Drained(sent=2)
    assert drain(pool, told, NOW + LEASE * 2, environ={}) == Drained(sent=1)
    repeats = [request for request in web.requests if "Dragoman-Possible-Repeat" in request.headers]
    assert len(web.requests) == 4
    assert len(repeats) == 1
    assert len({request.headers["Idempotency-Key"] for request in web.requests}) == 3


def test_a_file_has_each_message_once_even_then(db: Connection, pool: Pool, tmp_path: Path) -> None:
    path = tmp_path / "alerts.jsonl"
    told = channels({"id": "file", "kind": "file", "url": str(path)})
    raised(db, told)
    drain(pool, told, NOW, environ={})
    db.execute("update delivery set state = 'sending', lease_until = %s", (NOW,))
    assert drain(pool, told, NOW, environ={}) == Drained(sent=1)
    assert [json.loads(line)["id"] for line in path.read_text().splitlines()] == ["alert-1-file@dragoman"]


def test_many_workers_send_each_delivery_once(db: Connection, pool: Pool, web: Web) -> None:
    told = channels({"id": "a", "url": web.url}, {"id": "b", "url": web.url})
    raised(db, told, events=40)
    done: list[Drained] = []
    threads = [
        threading.Thread(target=lambda: done.append(drain(pool, told, NOW, environ={}))) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(one.sent for one in done) == 80
    assert len({request.headers["Idempotency-Key"] for request in web.requests}) == len(web.requests) == 80


def test_the_task_of_the_flow_does_the_same(db: Connection, pool: Pool, web: Web) -> None:
    told = channels({"id": "desk", "url": web.url})
    raised(db, told)
    assert work.deliver.fn(pool, told, NOW) == Drained(sent=1)
