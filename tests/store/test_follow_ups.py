"""Further parts of a source in the store: named, claimed, done, or given up."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from tasks.store import follow_ups, responses, sources
from tasks.store.database import Connection
from tasks.store.follow_ups import AGAIN, FORGOTTEN, REST, UNREAD, FollowUp, Named
from tasks.store.sources import Arrived, Attempt, SourceState
from tests.support import emptied
from tests.support.sources import NOW, a_source

database = emptied.database
kept_database = emptied.kept_database

ROOT = "https://map.example.org"
LEASE = timedelta(minutes=10)
ONE, TWO = f"{ROOT}/1.xml", f"{ROOT}/2.xml"


@pytest.fixture(autouse=True)
def source(db: Connection) -> None:
    sources.synchronise(db, [a_source(url=f"{ROOT}/index.xml", kind="sitemap")], NOW)


def name(
    db: Connection,
    parts: Sequence[tuple[str, str | None]],
    now: datetime = NOW,
    parent: int | None = None,
    **values: object,
) -> None:
    named = [Named(url, "sitemap", stamp) for url, stamp in parts]
    given: dict[str, object] = {"baseline": False, "absent_since": None, **values}
    above = follow_ups.reading(db, parent) if parent else None
    with db.transaction():
        follow_ups.name(db, "desk", named, now, parent=above, **given)  # type: ignore[arg-type]


def claim(db: Connection, now: datetime = NOW) -> list[FollowUp]:
    return follow_ups.claim(db, now, 100, LEASE)


def attempt(part: FollowUp) -> Attempt:
    return Attempt(part.url, "ok", 0.1, 200)


def fetch(db: Connection, part: FollowUp, now: datetime = NOW) -> None:
    follow_ups.keep(db, part, Arrived(part.url, 200, b"<urlset/>"), attempt(part), now)


def read(db: Connection, part: FollowUp) -> None:
    follow_ups.finish(db, part.id, NOW, etag='"a"', body_hash=b"hash")
    for response in responses.claim(db, NOW + timedelta(days=99), 100, LEASE):
        responses.discard(db, response.id)


def state(db: Connection) -> tuple[str, str | None]:
    (found,) = sources.states(db)
    return found["state"], found["reason"]


def test_a_part_is_due_at_once_and_for_one_worker(db: Connection) -> None:
    name(db, [(ONE, "then")], baseline=True)
    assert follow_ups.due_count(db, NOW) == 1
    (part,) = claim(db)
    assert (part.url, part.kind, part.depth, part.source_id) == (ONE, "sitemap", 1, "desk")
    assert claim(db) == []
    assert follow_ups.due_count(db, NOW) == 0
    (again,) = claim(db, NOW + LEASE)
    assert again.attempts == 2


def test_b42_who_has_lost_a_part_says_nothing_more_of_it(db: Connection) -> None:
    name(db, [(ONE, "then")])
    (late,) = claim(db)
    at = NOW + LEASE
    (newer,) = claim(db, at)
    fetch(db, late, at)
    follow_ups.same(db, late, attempt(late), at)
    follow_ups.retry(db, late, attempt(late), at, at)
    follow_ups.release(db, [late], at)
    assert not follow_ups.still_held(db, late)
    assert follow_ups.still_held(db, newer)
    assert responses.waiting(db) == 0
    assert claim(db, at) == []
    fetch(db, newer, at)
    assert responses.waiting(db) == 1
    assert db.execute("select count(*) from fetch_log").fetchone() == (4,)


def test_the_parts_of_one_site_do_not_keep_those_of_another_waiting(db: Connection) -> None:
    """However many one of them has named before."""
    many = [(f"https://a{number % 9}.example.net/{number}", "then") for number in range(50)]
    name(db, many)
    name(db, [("https://few.test/1", "then"), (ONE, "then")], NOW + timedelta(minutes=1))
    first = follow_ups.claim(db, NOW + timedelta(hours=1), 6, LEASE)
    assert len(first) == 6
    assert {"https://few.test/1", ONE} <= {part.url for part in first}
    assert len(follow_ups.claim(db, NOW + timedelta(hours=1), 100, LEASE)) == 46


def test_b20_parts_of_a_site_that_wants_patience_take_nobodys_place(db: Connection) -> None:
    name(db, [("https://busy.test/1", "then"), ("https://patient.test/1", "then"), (ONE, "then")])
    later = NOW + timedelta(hours=1)
    sources.hold_group(db, "busy.test", NOW, LEASE)
    sources.hold_group(db, "patient.test", NOW, timedelta(0))
    sources.ask_patience(db, "patient.test", later)
    assert [part.url for part in claim(db)] == [ONE]
    assert {part.url for part in claim(db, later)} >= {"https://busy.test/1", "https://patient.test/1"}


def test_what_is_given_back_unasked_has_not_been_tried(db: Connection) -> None:
    name(db, [(ONE, "then")])
    follow_ups.release(db, claim(db), NOW + timedelta(minutes=1))
    assert claim(db) == []
    assert claim(db, NOW + timedelta(minutes=1))[0].attempts == 1


def test_a_part_is_fetched_once_for_each_state(db: Connection) -> None:
    name(db, [(ONE, "monday")])
    (part,) = claim(db)
    fetch(db, part)
    read(db, part)
    name(db, [(ONE, "monday")])
    assert claim(db) == []
    name(db, [(ONE, "tuesday")])
    (part,) = claim(db)
    assert (part.etag, part.body_hash) == ('"a"', b"hash")


def test_a_part_without_a_state_is_fetched_each_time_that_it_is_named(db: Connection) -> None:
    for _ in range(3):
        name(db, [(ONE, None)])
        (part,) = claim(db)
        fetch(db, part)
        read(db, part)


def test_b04_a_part_whose_state_is_doubted_is_fetched_once_a_day_as_long_as_it_is_named(
    db: Connection,
) -> None:
    doubted = [Named(ONE, "sitemap", "long ago", daily=True)]
    with db.transaction():
        follow_ups.name(db, "desk", doubted, NOW, parent=None, baseline=True, absent_since=None)
    for day in range(3):
        now = NOW + day * REST
        assert claim(db, now - timedelta(minutes=1)) == []
        (part,) = claim(db, now)
        fetch(db, part, now)
        read(db, part)
    # Naming it in the same state neither hastens nor delays it.
    with db.transaction():
        follow_ups.name(db, "desk", doubted, now, parent=None, baseline=False, absent_since=NOW)
    assert claim(db, now) == []
    (part,) = claim(db, now + REST)
    known = follow_ups.reading(db, part.id)
    assert known is not None
    assert not known.baseline
    follow_ups.give_up(db, "desk", part.id, "status 500", now + REST)
    assert len(claim(db, now + 2 * REST)) == 1
    read(db, part)
    name(db, [(TWO, "then")], now)
    assert [part.url for part in claim(db, now + 9 * REST)] == [TWO]


def test_a_state_that_is_named_while_an_older_one_is_read_is_not_lost(db: Connection) -> None:
    name(db, [(ONE, "monday")])
    (part,) = claim(db)
    fetch(db, part)
    name(db, [(ONE, "tuesday")])
    read(db, part)
    (part,) = claim(db)
    assert part.stamp == "tuesday"


def test_b06_a_body_that_is_lost_on_the_way_is_fetched_again(db: Connection) -> None:
    """The table of responses is unlogged and may be empty after a crash of the server."""
    name(db, [(ONE, "then")])
    fetch(db, claim(db)[0])
    db.execute("truncate response")
    assert claim(db, NOW + UNREAD - timedelta(minutes=1)) == []
    assert claim(db, NOW + UNREAD)[0].attempts == 2


def test_b06_names_go_with_the_transaction_that_reads_the_document(db: Connection) -> None:
    with pytest.raises(RuntimeError), db.transaction():
        named = [Named(ONE, "sitemap")]
        follow_ups.name(db, "desk", named, NOW, parent=None, baseline=False, absent_since=None)
        raise RuntimeError("the power is gone")
    assert follow_ups.due_count(db, NOW) == 0


def test_a_part_that_is_as_it_was_is_done(db: Connection) -> None:
    name(db, [(ONE, "then")])
    (part,) = claim(db)
    follow_ups.same(db, part, attempt(part), NOW)
    assert claim(db, NOW + LEASE) == []
    assert responses.waiting(db) == 0


def test_a_part_that_cannot_be_had_is_told_of_its_source(db: Connection) -> None:
    sources.mark_read(db, "desk", sources.Found(SourceState.OK, None, 0, 0, 0), NOW, None)
    name(db, [(ONE, "then"), (TWO, "then")])
    one, two = claim(db)
    follow_ups.give_up(db, "desk", one.id, "status 403", NOW)
    assert state(db) == ("ok", f"1 of its 2 parts cannot be had: {ONE}: status 403")
    follow_ups.give_up(db, "desk", two.id, "status 404", NOW + timedelta(minutes=1))
    assert state(db) == ("failing", f"2 of its 2 parts cannot be had: {TWO}: status 404")
    assert follow_ups.due_count(db, NOW + timedelta(days=9)) == 0


def test_what_was_given_up_is_tried_again_in_another_state_or_after_a_while(db: Connection) -> None:
    name(db, [(ONE, "monday"), (TWO, None)])
    for part in claim(db):
        follow_ups.give_up(db, "desk", part.id, "status 500", NOW)
    name(db, [(ONE, "monday"), (TWO, None)])
    assert claim(db) == []
    name(db, [(ONE, "tuesday"), (TWO, None)], NOW + AGAIN)
    parts = claim(db, NOW + AGAIN)
    assert [(part.url, part.attempts) for part in parts] == [(ONE, 1), (TWO, 1)]
    for part in parts:
        fetch(db, part)
        read(db, part)
    assert follow_ups.trouble(db, "desk").reason is None


def test_what_was_given_up_and_is_named_no_more_is_forgotten(db: Connection) -> None:
    name(db, [(ONE, "then"), (TWO, "then")])
    one, two = claim(db)
    follow_ups.give_up(db, "desk", one.id, "status 403", NOW)
    read(db, two)
    name(db, [(f"{ROOT}/inner.xml", "then")], parent=two.id)
    assert follow_ups.trouble(db, "desk").failed == 1
    name(db, [(TWO, "later")])
    assert follow_ups.trouble(db, "desk").failed == 0


def test_what_was_done_long_ago_is_forgotten_and_what_waits_is_not(db: Connection) -> None:
    name(db, [(ONE, "then"), (TWO, "then")])
    one, _ = claim(db)
    fetch(db, one)
    read(db, one)
    name(db, [], NOW + FORGOTTEN + timedelta(minutes=1))
    assert [part.url for part in claim(db, NOW + FORGOTTEN)] == [TWO]


def test_the_circumstances_of_its_first_naming_hold_until_a_part_is_read(db: Connection) -> None:
    name(db, [(ONE, "monday")], baseline=True)
    name(db, [(ONE, "tuesday")], baseline=False, absent_since=NOW)
    (part,) = claim(db)
    known = follow_ups.reading(db, part.id)
    assert known is not None
    assert (known.baseline, known.absent_since) == (True, None)


def test_parts_of_a_source_that_is_off_or_is_another_now_are_left_alone(db: Connection) -> None:
    name(db, [(ONE, "then")])
    sources.synchronise(db, [], NOW)
    assert claim(db) == []
    sources.synchronise(db, [a_source(url=f"{ROOT}/other.xml", kind="sitemap")], NOW)
    assert claim(db) == []
    assert follow_ups.trouble(db, "desk").parts == 0
