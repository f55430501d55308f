"""Concerns begin and end once, and each change is told by one notice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from tasks.store import concerns
from tasks.store.concerns import Changes, Concern, claim_notice, mark_notice, reconcile
from tasks.store.database import Connection, connect
from tests.support import emptied
from tests.support.sources import NOW

database = emptied.database
kept_database = emptied.kept_database
SILENT = Concern("silent", "desk", "The Desk is silent.")
DARK = Concern("no_live_source", "CHN", "CHN has no live source left.")
KINDS = ("silent", "no_live_source")
LATER = NOW + timedelta(minutes=5)


def notices(db: Connection) -> list[tuple[str, list[str]]]:
    return list(db.execute("select headline, notes from notice order by id"))  # type: ignore[arg-type]


def test_what_goes_on_is_told_once(db: Connection) -> None:
    assert reconcile(db, KINDS, [SILENT], NOW) == Changes(began=(SILENT,))
    for minutes in (5, 10, 15):
        assert not reconcile(db, KINDS, [SILENT], NOW + timedelta(minutes=minutes))
    assert notices(db) == [("desk: silent", ["The Desk is silent."])]
    assert concerns.open_concerns(db)[0]["began_at"] == NOW


def test_its_end_is_told_once_and_a_return_begins_anew(db: Connection) -> None:
    reconcile(db, KINDS, [SILENT], NOW)
    assert reconcile(db, KINDS, [], LATER) == Changes(ended=(SILENT,))
    assert not reconcile(db, KINDS, [], LATER)
    assert notices(db)[-1] == ("desk: silent no more", ["Over: The Desk is silent."])
    assert reconcile(db, KINDS, [SILENT], LATER).began


def test_what_changes_at_one_time_is_one_message(db: Connection) -> None:
    reconcile(db, KINDS, [SILENT], NOW)
    reconcile(db, KINDS, [DARK], LATER)
    assert notices(db)[-1] == ("Concerns: 1 new, 1 over", [DARK.said, f"Over: {SILENT.said}"])


def test_who_watches_other_things_does_not_end_what_others_see(db: Connection) -> None:
    reconcile(db, KINDS, [SILENT], NOW)
    late = Concern("late_cycle", "monitor", "No cycle has finished for an hour.")
    assert reconcile(db, ("late_cycle",), [late], NOW) == Changes(began=(late,))
    assert [one["kind"] for one in concerns.open_concerns(db)] == ["silent", "late_cycle"]


def test_of_workers_who_see_the_same_one_tells_it(db: Connection, database: str) -> None:
    def look(_: int) -> Changes:
        with connect(database) as own:
            return reconcile(own, KINDS, [SILENT, DARK], NOW)

    with ThreadPoolExecutor(6) as threads:
        found = list(threads.map(look, range(6)))
    assert sorted(one.subject for changes in found for one in changes.began) == ["CHN", "desk"]
    assert sum(len(notes) for _, notes in notices(db)) == 2


def test_a_notice_is_held_by_one_and_comes_back_when_its_holder_dies(db: Connection) -> None:
    reconcile(db, KINDS, [SILENT], NOW)
    first = claim_notice(db, NOW, LATER)
    assert first is not None
    assert (first.headline, first.uncertain) == ("desk: silent", False)
    assert claim_notice(db, NOW, LATER) is None
    second = claim_notice(db, LATER, LATER + timedelta(minutes=5))
    assert second is not None
    assert second.uncertain
    # The first was only slow: that it was sent counts all the same.
    mark_notice(db, first, "sent", LATER)
    mark_notice(db, second, "waiting", LATER, due=LATER, error="no answer")
    assert claim_notice(db, LATER + timedelta(days=1), LATER + timedelta(days=2)) is None
