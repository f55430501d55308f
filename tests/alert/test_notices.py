"""What the service has to say of itself comes to the operator once."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tasks.alert import notices, work
from tasks.alert.deliver import MOST_AGE, Drained
from tasks.settings.channels import Channel, Channels
from tasks.store import concerns
from tasks.store.concerns import Concern
from tasks.store.database import Connection, Pool
from tasks.store.database import pool as opened_pool
from tests.alert.makers import NOW
from tests.support import emptied

database = emptied.database
kept_database = emptied.kept_database
SILENT = Concern("silent", "mfa", "Ministry (mfa) is silent.")


@pytest.fixture
def pool(database: str) -> Iterator[Pool]:
    with opened_pool(database, size=4) as opened:
        yield opened


@pytest.fixture
def box(tmp_path: Path) -> Path:
    return tmp_path / "operator.jsonl"


@pytest.fixture
def channels(box: Path) -> Channels:
    channel = Channel.model_validate({"id": "keeper", "kind": "file", "url": box.as_uri(), "routes": []})
    return Channels(operator="keeper", by_id={"keeper": channel})


def told(box: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in box.read_text().splitlines()] if box.exists() else []


def begin(db: Connection) -> None:
    concerns.reconcile(db, ["silent"], [SILENT], NOW)


def state(db: Connection) -> tuple[str, int, str | None]:
    row = db.execute("select state, attempts, error from notice").fetchone()
    assert row
    return row


def test_a_notice_is_told_once(db: Connection, pool: Pool, channels: Channels, box: Path) -> None:
    begin(db)
    assert notices.tell(pool, channels, NOW) == Drained(sent=1)
    assert notices.tell(pool, channels, NOW + timedelta(hours=1)) == Drained()
    (line,) = told(box)
    assert "mfa: silent" in json.dumps(line)
    assert SILENT.said in json.dumps(line)
    assert state(db) == ("sent", 1, None)


def test_one_that_cannot_be_sent_is_sent_later(
    db: Connection, pool: Pool, channels: Channels, box: Path
) -> None:
    begin(db)
    box.mkdir()
    assert notices.tell(pool, channels, NOW) == Drained(failed=1)
    assert notices.tell(pool, channels, NOW) == Drained()
    box.rmdir()
    assert notices.tell(pool, channels, NOW + timedelta(hours=1)) == Drained(sent=1)
    assert len(told(box)) == 1


def test_after_days_it_is_given_up_loudly(
    db: Connection, pool: Pool, channels: Channels, box: Path, caplog: pytest.LogCaptureFixture
) -> None:
    begin(db)
    box.mkdir()
    assert notices.tell(pool, channels, NOW + MOST_AGE) == Drained(given_up=1)
    assert state(db)[0] == "given_up"
    assert SILENT.said in caplog.text


def test_after_a_crash_it_says_that_it_may_be_a_repeat(
    db: Connection, pool: Pool, channels: Channels, box: Path
) -> None:
    begin(db)
    assert concerns.claim_notice(db, NOW, NOW + notices.LEASE)
    assert notices.tell(pool, channels, NOW + timedelta(seconds=1)) == Drained()
    assert notices.tell(pool, channels, NOW + notices.LEASE) == Drained(sent=1)
    assert "repeat" in box.read_text()


def test_where_nobody_is_named_it_goes_to_the_log_and_not_to_who_is_named_later(
    db: Connection, pool: Pool, channels: Channels, box: Path, caplog: pytest.LogCaptureFixture
) -> None:
    begin(db)
    notices.tell(pool, Channels(), NOW)
    assert SILENT.said in caplog.text
    assert notices.tell(pool, channels, NOW) == Drained()
    assert told(box) == []


def test_who_delivers_alerts_delivers_notices(
    db: Connection, pool: Pool, channels: Channels, box: Path
) -> None:
    begin(db)
    assert work.deliver.fn(pool, channels, NOW) == Drained()
    assert len(told(box)) == 1
