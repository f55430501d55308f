"""Migrations are applied once, in order, whoever asks at the same time."""

import threading

import pytest

from tasks.store import database as store
from tasks.store.migrate import MIGRATIONS, MigrationError, Script, migrate, scripts


def test_a_store_that_is_up_to_date_stays_as_it_is(db: store.Connection) -> None:
    assert migrate(db) == []


def test_each_migration_takes_the_store_from_the_one_before_to_the_last(db: store.Connection) -> None:
    """From empty, and from every earlier version."""
    wanted = scripts()
    for known in range(len(wanted)):
        db.execute("drop schema public cascade; create schema public")
        migrate(db, wanted[:known])
        assert migrate(db) == [script.name for script in wanted[known:]]
        assert migrate(db) == []


def test_several_at_once_apply_each_script_once(database: str) -> None:
    added = [*scripts(), Script("9998_slow", "create table slow (id int); select pg_sleep(0.2)")]
    applied: list[str] = []

    def run() -> None:
        with store.connect(database) as db:
            applied.extend(migrate(db, added))

    threads = [threading.Thread(target=run) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert applied == ["9998_slow"]


def test_a_script_that_fails_leaves_nothing_behind(db: store.Connection) -> None:
    broken = Script("9999_broken", "create table half (id int); select 1 / 0")
    with pytest.raises(Exception, match="division by zero"):
        migrate(db, [*scripts(), broken])
    assert db.execute("select to_regclass('half')").fetchone() == (None,)
    assert migrate(db) == []


def test_a_store_that_is_newer_than_the_program_is_refused(db: store.Connection) -> None:
    migrate(db, [*scripts(), Script("9999_later", "select 1")])
    with pytest.raises(MigrationError, match="newer than this program: it has had 9999_later"):
        migrate(db)


def test_a_script_that_was_edited_after_it_was_applied_is_told(db: store.Connection) -> None:
    first, *others = scripts()
    with pytest.raises(MigrationError, match=first.name):
        migrate(db, [Script(first.name, first.text + "-- edited"), *others])


def test_names_are_numbered_without_gaps() -> None:
    numbers = [int(path.name.split("_")[0]) for path in sorted(MIGRATIONS.glob("*.sql"))]
    assert numbers == list(range(1, len(numbers) + 1))
