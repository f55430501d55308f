"""Runs over the archive: who begins one, who joins, and what is kept of it."""

from datetime import UTC, datetime, timedelta

from tasks.store import items, recodings, sources
from tasks.store.database import Connection
from tasks.store.items import FoundItem
from tests.support.sources import a_source

NOW = datetime(2024, 2, 17, 9, tzinfo=UTC)


def stored(db: Connection, number: int) -> None:
    sources.synchronise(db, [a_source(id="paper")], NOW)
    found = [FoundItem(keys=(str(one),), title=f"Story {one}") for one in range(number)]
    items.add(db, "paper", found, NOW, baseline=False)


def test_whoever_wants_the_same_joins_and_whoever_wants_another_thing_begins_it(db: Connection) -> None:
    stored(db, 3)
    first = recodings.begin(db, "one", NOW, applies=False)
    later = NOW + timedelta(minutes=5)
    assert recodings.begin(db, "one", later, applies=False) == first
    others = [
        recodings.begin(db, "two", NOW, applies=False),
        recodings.begin(db, "one", NOW, applies=True),
        recodings.begin(db, "one", NOW, applies=False, days=3),
    ]
    assert len({first.id, *(other.id for other in others)}) == 4


def test_batches_hold_every_item_once(db: Connection) -> None:
    stored(db, 7)
    run = recodings.begin(db, "one", NOW, applies=False, size=3)
    batches = []
    while (batch := recodings.claim(db, run, NOW)) is not None:
        batches.append(batch)
    numbers = [number for batch in batches for number in range(batch.first_item, batch.last_item + 1)]
    assert len(numbers) == len(set(numbers)) == 7
    assert set(numbers) == {row["item"] for row in items.recent(db, 10)}


def test_what_came_of_a_batch_is_said_by_its_last_worker_alone(db: Connection) -> None:
    stored(db, 1)
    run = recodings.begin(db, "one", NOW, applies=False)
    first = recodings.claim(db, run, NOW)
    assert first is not None
    assert recodings.claim(db, run, NOW) is None
    second = recodings.claim(db, run, NOW + recodings.LEASE)
    assert second is not None
    assert not recodings.finish(db, first, {"by": "first"}, NOW)
    assert recodings.finish(db, second, {"by": "second"}, NOW)
    assert list(recodings.changes(db, run)) == [{"by": "second"}]


def test_a_run_ends_with_its_last_batch_and_is_forgotten_after_a_month(db: Connection) -> None:
    stored(db, 1)
    run = recodings.begin(db, "one", NOW, applies=False)
    recodings.close(db, run, NOW)
    assert recodings.begin(db, "one", NOW, applies=False) == run
    batch = recodings.claim(db, run, NOW)
    assert batch is not None
    recodings.finish(db, batch, {}, NOW)
    recodings.close(db, run, NOW)
    assert recodings.begin(db, "one", NOW, applies=False) != run
    assert len(list(recodings.changes(db, run))) == 1
    recodings.begin(db, "two", NOW + recodings.KEPT + timedelta(days=1), applies=False)
    assert list(recodings.changes(db, run)) == []
