"""Items: known again under any of their names, edited in versions, handed from station to station."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tasks.model import Item, PublishedBasis, Segment, SegmentRole, item_text
from tasks.store import items, sources
from tasks.store.database import Connection
from tasks.store.items import Added, FoundItem
from tests.support import emptied
from tests.support.sources import NOW, a_source

database = emptied.database
kept_database = emptied.kept_database
LEASE = timedelta(minutes=5)
TITLE = "Ministers of the interior meet in Budapest"


@pytest.fixture(autouse=True)
def source(db: Connection) -> None:
    sources.synchronise(db, [a_source()], NOW)


def found(*keys: str, title: str = TITLE, **values: object) -> FoundItem:
    return replace(FoundItem(keys or ("guid:1",), title), **values)  # type: ignore[arg-type]


def add(db: Connection, *given: FoundItem, now: object = NOW, **values: object) -> Added:
    with db.transaction():
        return items.add(db, "desk", given, now, **{"baseline": False, **values})  # type: ignore[arg-type]


def test_new_items_await_the_gate(db: Connection) -> None:
    assert add(db, found("guid:1"), found("guid:2")) == Added(2, 0, 0)
    (first, second) = items.claim(db, "gate", 10, NOW, LEASE)
    assert (first.item.title, first.outlet, first.zone, first.rank) == (TITLE, "The Desk", "Europe/London", 2)
    assert (first.family, first.pages, first.language, first.source_id) == ("desk", "short", "en", "desk")
    assert (first.attempts, first.baseline, first.version) == (1, False, 1)
    assert first.item.id == str(first.number)
    assert second.number > first.number
    assert items.waiting(db) == {"gate": 2}


def test_the_same_item_is_not_new_again(db: Connection) -> None:
    assert add(db, found(), found()) == Added(1, 0, 1)
    assert add(db, found()) == Added(0, 0, 1)


def test_b72_an_item_is_known_under_each_of_its_names(db: Connection) -> None:
    add(db, found("guid:1", "url:example.org/a"))
    assert add(db, found("guid:other", "url:example.org/a")).known == 1
    assert add(db, found("guid:other", "url:example.org/new-slug")).known == 1
    assert add(db, found("url:example.org/new-slug")).known == 1


OTHER = "Harbour of the south reopens after repairs"
LATER = timedelta(days=3)


@pytest.mark.parametrize("key", ["guid:1", "url:example.org/latest"])
def test_b70_b72_a_name_that_is_given_to_another_story_hides_neither(db: Connection, key: str) -> None:
    first = found(key, title=TITLE, published=NOW)
    second = found(key, title=OTHER, published=NOW + LATER)
    assert add(db, first).new == 1
    assert add(db, second, now=NOW + LATER) == Added(1, 0, 0)
    (one, two) = items.claim(db, "gate", 10, NOW + LATER, LEASE)
    assert [stored.item.title for stored in (one, two)] == [TITLE, OTHER]
    # The name is the newer one's from now on, and an edit of that is one.
    edit = found(key, title=OTHER + " today", published=NOW + LATER)
    assert add(db, second, edit, now=NOW + LATER) == Added(0, 1, 1)
    # Should the older one come back, it is known.
    assert add(db, first, now=NOW + LATER) == Added(0, 0, 1)
    assert add(db, second, first, second, now=NOW + LATER).new == 0


@pytest.mark.parametrize(
    ("title", "published"),
    [
        # A flash becomes a report within the day, under another headline.
        (OTHER, NOW + timedelta(hours=12)),
        # A date that moves, and a headline that is worked on.
        ("Ministers of the interior have met in Budapest to talk", NOW + LATER),
        (OTHER, None),
    ],
)
def test_b73_a_story_that_is_rewritten_is_the_same(
    db: Connection, title: str, published: datetime | None
) -> None:
    add(db, found(published=NOW))
    assert add(db, found(title=title, published=published)) == Added(0, 1, 0)


def test_b73_chinese_headlines_are_told_apart_too(db: Connection) -> None:
    add(db, found(title="中俄举行第二十轮战略安全磋商", published=NOW))
    assert add(db, found(title="中俄第二十轮战略安全磋商在莫斯科举行", published=NOW + LATER)).edited == 1
    assert add(db, found(title="南方港口维修后重新开放", published=NOW + 2 * LATER)).new == 1


def test_the_same_title_is_the_same_item_for_a_week(db: Connection) -> None:
    add(db, found("guid:1", title_key="title:x"))
    assert add(db, found("guid:2", title_key="title:x"), now=NOW + timedelta(days=6)).known == 1
    assert add(db, found("guid:3", title_key="title:x"), now=NOW + timedelta(days=8)).new == 1
    assert add(db, found("guid:4", title_key="title:x"), now=NOW + timedelta(days=9)).known == 1


def test_a_title_that_returns_every_day_is_a_new_item_every_day(db: Connection) -> None:
    add(db, found("guid:1", title_key="title:briefing", published=NOW))
    next_day = found("guid:2", title_key="title:briefing", published=NOW + timedelta(days=2))
    assert add(db, next_day).new == 1


def test_b73_an_edit_is_a_new_version_and_goes_through_the_gate_again(db: Connection) -> None:
    add(db, found(published=NOW, published_basis=PublishedBasis.FEED))
    (stored,) = items.claim(db, "gate", 1, NOW, LEASE)
    items.await_next(db, stored.number, None, NOW, score=0.1, relevant=False)
    edit = found(title=TITLE + " today", published=NOW + timedelta(days=1))
    assert add(db, edit) == Added(0, 1, 0)
    (again,) = items.claim(db, "gate", 1, NOW, LEASE)
    assert (again.version, again.item.title) == (2, TITLE + " today")
    assert again.item.published == NOW


def test_b73_a_clock_in_the_text_stops_at_24_versions(db: Connection) -> None:
    add(db, found())
    edits = [add(db, found(summary=f"at {minute}")).edited for minute in range(30)]
    assert sum(edits) == 23


def test_space_alone_is_no_edit(db: Connection) -> None:
    add(db, found(summary="one two"))
    assert add(db, found(summary=" one\n two ")) == Added(0, 0, 1)


def test_what_was_made_of_an_older_version_does_not_count(db: Connection) -> None:
    add(db, found())
    (stored,) = items.claim(db, "gate", 1, NOW, LEASE)
    add(db, found(title=TITLE + " today"))
    assert not items.await_next(db, stored.number, "code", NOW, version=stored.version)
    assert items.waiting(db) == {"gate": 1}


def test_an_edit_may_bring_the_date(db: Connection) -> None:
    add(db, found())
    add(db, found(summary="more", published=NOW, published_basis=PublishedBasis.FEED))
    (stored,) = items.claim(db, "gate", 1, NOW, LEASE)
    assert (stored.item.published, stored.item.published_basis) == (NOW, PublishedBasis.FEED)


def test_a_first_reading_is_history(db: Connection) -> None:
    add(db, found(), baseline=True)
    assert items.claim(db, "gate", 1, NOW, LEASE)[0].baseline


def test_after_a_long_absence_what_has_no_date_is_history(db: Connection) -> None:
    given = (found("guid:1"), found("guid:2", title="another", published=NOW))
    add(db, *given, absent_since=NOW - timedelta(days=20))
    assert [stored.baseline for stored in items.claim(db, "gate", 2, NOW, LEASE)] == [True, False]


def test_a_body_is_kept_with_its_segments(db: Connection) -> None:
    bare = Item("x", "desk", TITLE, body="First.\nPhoto: somebody")
    text = item_text(bare)
    segments = (
        Segment(SegmentRole.MAIN, 0, text[: text.index("\nPhoto")]),
        Segment(SegmentRole.CAPTION, text.index("Photo"), "Photo: somebody"),
    )
    add(db, found(body=bare.body, segments=segments))
    (stored,) = items.claim(db, "gate", 1, NOW, LEASE)
    assert stored.item.segments == segments
    assert item_text(stored.item) == text


def test_two_workers_never_get_the_same_item(db: Connection) -> None:
    add(db, *(found(f"guid:{number}", title=f"title {number}") for number in range(10)))
    first = items.claim(db, "gate", 6, NOW, LEASE)
    second = items.claim(db, "gate", 6, NOW, LEASE)
    assert len(first) + len(second) == 10
    assert items.claim(db, "gate", 6, NOW, LEASE) == []
    assert len(items.claim(db, "gate", 20, NOW + LEASE, LEASE)) == 10


def test_what_was_only_claimed_beside_a_fault_is_not_taken_for_it(db: Connection) -> None:
    add(db, found("guid:innocent"), found("guid:fault", title="another"))
    for death in range(10):
        innocent, fault = items.claim(db, "gate", 2, NOW + death * LEASE, LEASE)
        items.begin(db, fault)
    assert (innocent.attempts, fault.attempts) == (2, 10)


def test_an_item_is_handed_on_given_back_or_given_up(db: Connection) -> None:
    add(db, found())
    (stored,) = items.claim(db, "gate", 1, NOW, LEASE)
    later = NOW + timedelta(minutes=10)
    items.release(db, stored.number, later, failure="no luck")
    assert items.claim(db, "gate", 1, later - timedelta(seconds=1), LEASE) == []
    (again,) = items.claim(db, "gate", 1, later, LEASE)
    assert (again.attempts, again.failure) == (2, "no luck")
    items.await_next(db, again.number, "code", later, score=0.9, relevant=True, reasons=["dyad"], rules="1")
    (coded,) = items.claim(db, "code", 1, later, LEASE)
    assert (coded.score, coded.relevant, coded.reasons, coded.attempts) == (
        pytest.approx(0.9),
        True,
        ("dyad",),
        1,
    )
    items.await_next(db, coded.number, None, later)
    assert items.waiting(db) == {}
    kept = items.get(db, coded.number)
    assert kept is not None
    assert kept.relevant
