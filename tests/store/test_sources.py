"""What the store remembers of a source: across restarts, among workers, through moves and silence."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tasks.settings.sources import Source
from tasks.store import responses, sources
from tasks.store.database import Connection, connect
from tasks.store.health import silence
from tasks.store.sources import FORGIVEN, Arrived, Attempt, DueSource, Found, Poll, SourceState
from tests.support import emptied
from tests.support.sources import NOW, a_source

database = emptied.database
kept_database = emptied.kept_database
LEASE = timedelta(minutes=5)
LATER = NOW + timedelta(minutes=15)


def ok(**values: object) -> Poll:
    """A poll that brought what was there already."""
    attempt = Attempt("https://news.example.org/feed", "unchanged", 0.2, 304, 0)
    base = Poll(attempt, SourceState.OK, None, 0.0, LATER, unchanged=True, etag='"b"')
    return replace(base, **values)  # type: ignore[arg-type]


def found(**values: object) -> Found:
    base = Found(SourceState.OK, None, items=10, new_items=1, known_items=9, etag='"a"', body_hash=b"x")
    return replace(base, **values)  # type: ignore[arg-type]


def claim(db: Connection, now: object = NOW, limit: int = 10) -> list[DueSource]:
    return sources.claim_due(db, now, limit, LEASE)  # type: ignore[arg-type]


def free(db: Connection, held: DueSource, at: datetime = NOW) -> None:
    sources.let_go(db, held.group, at, held.group_lease_until)


def state(db: Connection, id: str = "desk") -> dict[str, object]:
    return next(row for row in sources.states(db) if row["id"] == id)


def test_a_new_source_is_due_at_once(db: Connection) -> None:
    sources.synchronise(db, [a_source()], NOW)
    assert sources.due_count(db, NOW) == 1
    (due,) = claim(db)
    assert due.settings == a_source()
    assert due.group == "example.org"
    assert due.read_at is None


def test_a_source_without_its_row_is_disabled_and_comes_back_with_its_memory(db: Connection) -> None:
    sources.synchronise(db, [a_source()], NOW)
    sources.mark_read(db, "desk", found(), NOW, None)
    sources.synchronise(db, [], NOW)
    assert claim(db) == []
    assert state(db)["state"] == "off"
    sources.synchronise(db, [a_source()], NOW)
    (due,) = claim(db)
    assert due.etag == '"a"'


def test_a_source_that_is_off_is_not_polled_and_says_why(db: Connection) -> None:
    sources.synchronise(db, [a_source(enabled=False, reason="dead since May")], NOW)
    assert claim(db) == []
    assert state(db)["reason"] == "dead since May"


def test_another_address_is_another_source(db: Connection) -> None:
    sources.synchronise(db, [a_source()], NOW)
    sources.mark_read(db, "desk", found(), NOW, None)
    sources.synchronise(db, [a_source(url="https://other.example.org/feed")], NOW)
    (due,) = claim(db)
    assert (due.etag, due.read_at, due.state) == (None, None, SourceState.NEW)


def test_b32_a_restart_asks_nobody_earlier(db: Connection) -> None:
    sources.synchronise(db, [a_source()], NOW)
    (due,) = claim(db)
    sources.record(db, due, ok(), NOW)
    free(db, due)
    for _ in range(20):
        sources.synchronise(db, [a_source()], NOW)
    assert claim(db, LATER - timedelta(seconds=1)) == []
    assert len(claim(db, LATER)) == 1


def test_who_wants_a_source_more_often_does_not_wait_for_the_old_rhythm(db: Connection) -> None:
    sources.synchronise(db, [a_source(minutes=1440)], NOW)
    (due,) = claim(db)
    sources.record(db, due, ok(due_at=NOW + timedelta(days=1)), NOW)
    free(db, due)
    sources.synchronise(db, [a_source(minutes=10)], NOW)
    assert len(claim(db, NOW + timedelta(minutes=10))) == 1


def test_b40_sources_of_one_site_go_to_one_worker(db: Connection, database: str) -> None:
    same = [a_source(f"desk-{number}", f"https://n{number}.example.org/") for number in range(3)]
    other = a_source("other", "https://elsewhere.test/")
    sources.synchronise(db, [*same, other], NOW)
    first = claim(db, limit=2)
    with connect(database) as second_db:
        second = claim(second_db)
    assert {source.group for source in first} == {"example.org"}
    assert [source.id for source in second] == ["other"]
    sources.release(db, first)
    free(db, first[0])
    assert len(claim(db)) == 3


def test_b42_two_workers_never_get_the_same_source(db: Connection, database: str) -> None:
    many = [a_source(f"s{number}", f"https://site{number}.test/") for number in range(40)]
    sources.synchronise(db, many, NOW)
    with connect(database) as one, connect(database) as two, one.transaction(), two.transaction():
        first, second = claim(one, limit=20), claim(two, limit=20)
    assert len(first) == len(second) == 20
    assert not {source.id for source in first} & {source.id for source in second}


def test_a_lease_that_ran_out_frees_the_source_and_its_group(db: Connection) -> None:
    sources.synchronise(db, [a_source()], NOW)
    assert len(claim(db)) == 1
    assert claim(db, NOW + LEASE - timedelta(seconds=1)) == []
    assert len(claim(db, NOW + LEASE)) == 1


def test_b42_who_has_lost_a_lease_frees_nothing_and_overwrites_nothing(db: Connection) -> None:
    """A worker slept longer than its lease holds; another one has polled since, and polls again."""
    sources.synchronise(db, [a_source()], NOW)
    (late,) = claim(db)
    (newer,) = claim(db, NOW + LEASE)
    at = NOW + LEASE
    old = ok(etag='"old"', state=SourceState.FAILING, failures=0.5, due_at=at)
    body = Arrived("https://news.example.org/feed", 200, b"<rss/>", etag='"old"')
    assert not sources.record(db, late, old, at)
    assert not sources.record(db, late, replace(old, unchanged=False, arrived=body), at)
    sources.release(db, [late])
    free(db, late, at)
    assert claim(db, at) == []
    assert sources.hold_group(db, "example.org", at, LEASE) is None
    assert sources.record(db, newer, ok(), at)
    free(db, newer, at)
    assert not sources.record(db, late, old, at)
    (due,) = claim(db, at + timedelta(hours=1))
    assert (due.etag, due.state, due.failures, due.group_started_at) == ('"b"', SourceState.OK, 0.0, at)
    assert responses.waiting(db) == 0
    # Every attempt leaves its row all the same.
    assert db.execute("select count(*) from fetch_log").fetchone() == (4,)


def test_b20_patience_that_a_late_worker_was_asked_for_is_had(db: Connection) -> None:
    sources.synchronise(db, [a_source()], NOW)
    (late,) = claim(db)
    claim(db, NOW + LEASE)
    until = NOW + timedelta(hours=2)
    sources.record(db, late, ok(unchanged=False, patience_until=until), NOW + LEASE)
    assert claim(db, until - timedelta(minutes=1)) == []


def test_b40_the_longest_pause_of_a_group_is_known_though_its_source_is_not_due(db: Connection) -> None:
    pair = [a_source("quick", spacing=1), a_source("slow", spacing=7)]
    off = a_source("off", spacing=60, enabled=False, reason="dead")
    sources.synchronise(db, [*pair, off], NOW)
    db.execute("update source set due_at = %s where id = 'slow'", (LATER,))
    (due,) = claim(db)
    assert (due.id, due.group_pause) == ("quick", 7)
    sources.release(db, [due])
    free(db, due)
    held = sources.hold_group(db, "example.org", NOW, LEASE)
    assert held is not None
    assert held.pause == 7
    sources.synchronise(db, [pair[0]], NOW)
    (due,) = claim(db, NOW + LEASE)
    assert due.group_pause == 1


def test_b40_a_source_that_has_moved_takes_its_turn_where_it_is_now(db: Connection) -> None:
    source = a_source(spacing=7)
    neighbour = a_source("neighbour", "https://news.example.net/")
    sources.synchronise(db, [source, neighbour], NOW)
    new = "https://feeds.example.net/desk"
    moved = ok(unchanged=False, moved_to=new, moved_since=NOW - timedelta(days=8), moved_seen=20)
    first = next(due for due in claim(db) if due.id == "desk")
    sources.record(db, first, moved, NOW)
    sources.mark_read(db, "desk", found(known_items=3), NOW, None)
    for _ in range(2):
        assert state(db)["rate_group"] == "example.net"
        (due,) = (due for due in claim(db, NOW + timedelta(hours=1)) if due.id == "desk")
        assert (due.url, due.group, due.group_pause) == (new, "example.net", 7)
        sources.release(db, [due])
        free(db, due)
        db.execute("update source set lease_until = null")
        # The configuration does not know of it, and does not call it back.
        sources.synchronise(db, [source, neighbour], NOW)
    (due,) = (due for due in claim(db, NOW + timedelta(hours=1)) if due.id == "desk")
    sources.record(db, due, ok(unchanged=False, forget_address=True), LATER)
    assert state(db)["rate_group"] == "example.org"


def test_b30_rank_1_goes_first_where_not_all_can_go(db: Connection) -> None:
    party = a_source("party", rank=1)
    sources.synchronise(db, [*(a_source(f"outlet-{number}") for number in range(5)), party], NOW)
    db.execute("update source set due_at = %s where id <> 'party'", (NOW - timedelta(hours=1),))
    assert "party" in {due.id for due in claim(db, limit=2)}


def test_a_group_is_held_by_one_for_pages_as_well(db: Connection) -> None:
    first = sources.hold_group(db, "example.org", NOW, LEASE)
    assert first is not None
    assert sources.hold_group(db, "example.org", NOW, LEASE) is None
    sources.synchronise(db, [a_source()], NOW)
    assert claim(db) == []
    sources.let_go(db, "example.org", NOW, first.lease_until)
    held = sources.hold_group(db, "example.org", NOW, LEASE)
    assert held is not None
    assert held.started_at == NOW


def test_b20_patience_holds_for_the_whole_group(db: Connection) -> None:
    pair = [a_source("one", "https://a.example.org/"), a_source("two", "https://b.example.org/")]
    sources.synchronise(db, pair, NOW)
    until = NOW + timedelta(hours=1)
    due = claim(db)
    sources.record(db, due[0], ok(unchanged=False, state=SourceState.LIMITED, patience_until=until), NOW)
    sources.release(db, due[1:])
    free(db, due[0])
    assert claim(db, until - timedelta(seconds=1)) == []
    again = claim(db, until)
    assert [source.group_strikes for source in again] == [1, 1]
    sources.record(db, again[0], ok(), until)
    free(db, again[0], until)
    assert claim(db, until + LEASE)[0].group_strikes == 0


def test_b02_newer_validators_of_not_modified_are_kept(db: Connection) -> None:
    sources.synchronise(db, [a_source()], NOW)
    (due,) = claim(db)
    sources.record(db, replace(due, etag='"a"'), ok(etag='"a"', last_modified="newer"), NOW)
    free(db, due)
    (again,) = claim(db, LATER)
    assert (again.etag, again.last_modified, again.failures) == ('"a"', "newer", 0)


def test_bodies_that_nobody_reads_do_not_pile_up(db: Connection) -> None:
    sources.synchronise(db, [a_source()], NOW)
    arrived = Arrived("https://news.example.org/feed", 200, b"<rss/>")
    polled = 0
    for hour in range(10):
        for due in claim(db, NOW + timedelta(hours=hour)):
            sources.record(db, due, ok(unchanged=False, arrived=arrived), NOW + timedelta(hours=hour))
            free(db, due)
            polled += 1
    assert (polled, responses.waiting(db)) == (3, 3)
    (first, *_) = responses.claim(db, NOW, 1, LEASE)
    responses.discard(db, first.id)
    assert len(claim(db, NOW + timedelta(hours=10))) == 1


def test_b06_a_body_moves_validators_only_when_it_was_read(db: Connection) -> None:
    sources.synchronise(db, [a_source()], NOW)
    (due,) = claim(db)
    arrived = Arrived("https://news.example.org/feed", 200, b"<rss/>", etag='"a"')
    sources.record(db, due, ok(unchanged=False, etag='"a"', arrived=arrived), NOW)
    free(db, due)
    (again,) = claim(db, LATER)
    assert again.etag is None
    (response,) = responses.claim(db, NOW, 10, LEASE)
    assert (response.body, response.etag, response.attempts) == (b"<rss/>", '"a"', 1)
    assert responses.claim(db, NOW, 10, LEASE) == []
    assert responses.claim(db, NOW + LEASE, 10, LEASE)[0].attempts == 2
    with db.transaction():
        sources.mark_read(db, "desk", found(), NOW, response.log_id)
        responses.discard(db, response.id)
    assert responses.waiting(db) == 0
    free(db, again)
    assert claim(db, LATER + LEASE)[0].etag == '"a"'


def test_b03_validators_that_are_no_longer_given_are_forgotten(db: Connection) -> None:
    sources.synchronise(db, [a_source()], NOW)
    sources.mark_read(db, "desk", found(), NOW, None)
    sources.mark_read(db, "desk", found(etag=None), NOW, None)
    assert claim(db)[0].etag is None


def test_b66_what_was_not_whole_moves_no_validators(db: Connection) -> None:
    sources.synchronise(db, [a_source()], NOW)
    sources.mark_read(db, "desk", found(keep_validators=True), NOW, None)
    (due,) = claim(db)
    assert (due.etag, due.body_hash) == (None, None)


def test_b04_news_behind_not_modified_convict_the_validators_at_the_second_time_in_a_row(
    db: Connection,
) -> None:
    """Once may be an item that was published between the answer and the probe."""
    sources.synchronise(db, [a_source()], NOW)
    lied, quiet = found(validators_lied=True, probe=True), found(probe=True)
    believed = []
    for probe in (lied, quiet, lied, found(), lied):
        sources.mark_read(db, "desk", probe, NOW, None)
        believed.append(state(db)["validators_trusted"])
    assert believed == [True, True, True, True, False]
    sources.mark_read(db, "desk", found(), NOW, None)
    assert not claim(db)[0].validators_trusted


def test_b04_after_a_month_validators_that_lied_get_another_chance(db: Connection) -> None:
    sources.synchronise(db, [a_source()], NOW)
    for _ in range(2):
        sources.mark_read(db, "desk", found(validators_lied=True, probe=True), NOW, None)
    assert not claim(db)[0].validators_trusted
    assert not claim(db, NOW + FORGIVEN - timedelta(hours=1))[0].validators_trusted
    (due,) = claim(db, NOW + FORGIVEN)
    assert due.validators_trusted
    # Who lies again is not believed for another month, who tells the truth is believed for good.
    sources.mark_read(db, "desk", found(validators_lied=True, probe=True), NOW + FORGIVEN, None)
    (due,) = claim(db, NOW + FORGIVEN + LEASE)
    assert not due.validators_trusted
    sources.record(db, due, ok(honest=True), NOW + FORGIVEN + LEASE)
    assert state(db)["validators_trusted"]


def test_b10_a_redirect_lasts_after_a_week_and_twenty_sightings_of_known_items(db: Connection) -> None:
    sources.synchronise(db, [a_source()], NOW)
    new = "https://new.example.org/feed"
    moved = ok(unchanged=False, moved_to=new, moved_since=NOW - timedelta(days=8), moved_seen=20)
    (first,) = claim(db)
    sources.record(db, first, moved, NOW)
    sources.mark_read(db, "desk", found(known_items=0), NOW, None)
    assert state(db)["url"] == "https://news.example.org/feed"
    sources.mark_read(db, "desk", found(known_items=3), NOW, None)
    assert state(db)["url"] == new
    # The configuration still holds the old address, to go back to.
    free(db, first)
    (due,) = claim(db, LATER)
    assert (due.url, str(due.settings.url)) == (new, "https://news.example.org/feed")
    sources.record(db, due, ok(unchanged=False, forget_address=True), LATER)
    assert state(db)["url"] == "https://news.example.org/feed"


@pytest.mark.parametrize(("seen", "days"), [(19, 30), (100, 6)])
def test_b10_too_few_or_too_soon_is_not_enough(db: Connection, seen: int, days: int) -> None:
    sources.synchronise(db, [a_source()], NOW)
    since = NOW - timedelta(days=days)
    moved = ok(moved_to="https://new.example.org/", moved_since=since, moved_seen=seen)
    sources.record(db, claim(db)[0], moved, NOW)
    sources.mark_read(db, "desk", found(), NOW, None)
    assert state(db)["url"] == "https://news.example.org/feed"


def test_b34_an_empty_reading_keeps_the_validators_and_slows_down(db: Connection) -> None:
    sources.synchronise(db, [a_source()], NOW)
    sources.mark_read(db, "desk", found(), NOW, None)
    empty = found(content=SourceState.EMPTY, reason="it holds no items", items=0, new_items=0)
    later = NOW + timedelta(hours=2)
    sources.mark_unread(db, "desk", empty, NOW, None, weight=0.5, due_at=later)
    assert state(db)["state"] == SourceState.EMPTY
    assert claim(db, later - timedelta(seconds=1)) == []
    (due,) = claim(db, later)
    assert (due.etag, due.failures) == ('"a"', 0.5)
    reading = sources.reading(db, "desk")
    assert reading is not None
    assert reading.empty_reads == 1


def test_b35_a_source_whose_newest_item_is_old_is_stale() -> None:
    settings: Source = a_source(stale_after=14)
    old, fresh = NOW - timedelta(days=15), NOW - timedelta(days=13)
    assert "2026-11-07" in (silence(settings, old, NOW, NOW) or "")
    assert silence(settings, fresh, None, NOW) is None


def test_b36_without_dates_silence_is_judged_by_new_items() -> None:
    settings = a_source(stale_after=14)
    assert silence(settings, None, NOW - timedelta(days=15), NOW)
    assert silence(settings, None, NOW, NOW) is None
    assert silence(settings, None, None, NOW) is None


def test_since_when_a_state_holds(db: Connection) -> None:
    sources.synchronise(db, [a_source()], NOW)
    (due,) = claim(db)
    failing = ok(state=SourceState.FAILING, reason="status 500", unchanged=False, failures=0.5)
    sources.record(db, due, failing, NOW)
    due = replace(due, lease_until=None)
    sources.record(db, due, failing, LATER)
    assert state(db)["since"] == NOW
    sources.record(db, due, ok(), LATER)
    assert state(db)["since"] == LATER


def test_b90_every_attempt_leaves_a_row(db: Connection) -> None:
    sources.synchronise(db, [a_source()], NOW)
    (due,) = claim(db)
    arrived = Arrived(due.url, 200, b"<rss/>")
    attempt = Attempt(due.url, "ok", 0.25, 200, 6, body_hash=b"h")
    sources.record(db, due, ok(attempt=attempt, arrived=arrived, unchanged=False), NOW)
    (response,) = responses.claim(db, NOW, 1, LEASE)
    sources.mark_read(db, "desk", found(errors=2, newest_at=NOW), NOW, response.log_id)
    row = db.execute(
        "select outcome, status, bytes, items, new_items, newest_at, errors, body_hash from fetch_log"
    ).fetchone()
    assert row == ("ok", 200, 6, 10, 1, NOW, 2, b"h")
