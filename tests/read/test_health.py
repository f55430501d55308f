"""What a reading says of how its source is doing: into a real store, by real children."""

from datetime import datetime, timedelta
from email.utils import format_datetime

import pytest

from tasks.model import PublishedBasis
from tasks.read.child import Children
from tasks.read.responses import LEASE, read_waiting
from tasks.settings.sources import Source
from tasks.store import items, sources
from tasks.store.database import Connection, Pool
from tasks.store.items import StoredItem
from tasks.store.sources import Arrived, Attempt, SourceState
from tests.support import emptied
from tests.support.sources import NOW, a_source

database = emptied.database
kept_database = emptied.kept_database

URL = "https://news.example.org/feed.xml"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OWN, CASINO = "https://news.example.org", "https://casino.test"


def item(name: str, date: datetime | None = None, site: str = OWN) -> str:
    dated = f"<pubDate>{format_datetime(date)}</pubDate>" if date else ""
    return (
        f"<item><title>The headline of {name} as it is</title><guid isPermaLink='false'>{name}</guid>"
        f"<link>{site}/{name}</link>{dated}</item>"
    )


def feed(*inside: str, title: str = "Desk", home: str = OWN, clock: datetime | None = None) -> str:
    built = f"<lastBuildDate>{format_datetime(clock)}</lastBuildDate>" if clock else ""
    head = f"<title>{title}</title><link>{home}/</link>{built}"
    return f"<rss version='2.0'><channel>{head}{''.join(inside)}</channel></rss>"


class Desk:
    """A source, and what it gives at some moment."""

    def __init__(self, db: Connection, pool: Pool, children: Children) -> None:
        self.db, self.pool, self.children = db, pool, children
        self.source: Source = a_source(url=URL, stale_after=14)

    def gives(self, text: str, now: datetime = NOW, url: str = URL) -> dict[str, object]:
        """Read this; how the source is then."""
        sources.synchronise(self.db, [self.source], now)
        log_id = sources.log(self.db, "desk", Attempt(url, "ok", 0.1, 200), now)
        sources.put_response(self.db, "desk", Arrived(url, 200, text.encode(), etag='"a"'), now, log_id)
        read_waiting(self.pool, self.children, 10, now)
        return self.state()

    def state(self) -> dict[str, object]:
        return sources.states(self.db)[0]

    def item(self, name: str) -> StoredItem:
        """The item of this guid."""
        found = items.get(self.db, items.number_of(self.db, "desk", f"guid:{name}"))
        assert found is not None
        return found

    def at_the_gate(self) -> dict[str, StoredItem]:
        """The items that await the gate, by their guid; they are taken."""
        taken = items.claim(self.db, "gate", 100, NOW + 300 * DAY, LEASE)
        return {(one.item.url or "").rpartition("/")[2]: one for one in taken}


@pytest.fixture
def desk(db: Connection, pool: Pool, children: Children) -> Desk:
    return Desk(db, pool, children)


def test_b36_a_source_that_has_ceased_to_date_its_items_is_judged_by_them(desk: Desk) -> None:
    desk.gives(feed(item("one", NOW - 10 * DAY)))
    later = NOW + 10 * DAY
    assert desk.gives(feed(item("two"), item("one")), later)["state"] == SourceState.OK
    assert desk.gives(feed(item("two"), item("one")), later + 15 * DAY)["state"] == SourceState.STALE


def test_b37_what_is_always_of_today_bears_no_date(desk: Desk) -> None:
    first = desk.gives(feed(item("one", NOW), item("two", NOW), item("three", NOW)))
    assert first["state"] == SourceState.OK
    assert "not believed" in str(first["reason"])
    # A first reading is history: without a date none of it is told as news.
    found = desk.at_the_gate()
    assert {one.item.published for one in found.values()} == {None}
    assert all(one.baseline for one in found.values())


def test_b37_dates_that_move_while_the_items_stay_are_not_believed(desk: Desk) -> None:
    old = [item("one", NOW), item("two", NOW - HOUR)]
    desk.gives(feed(*old))
    desk.at_the_gate()
    later = NOW + 2 * HOUR
    moved = feed(*(item(name, later) for name in ("new", "one", "two")))
    assert "move with the clock" in str(desk.gives(moved, later)["reason"])
    (new,) = desk.at_the_gate().values()
    assert (new.item.published, new.item.published_basis) == (None, PublishedBasis.UNKNOWN)
    # What was known keeps the date of its first sight.
    assert desk.item("one").item.published == NOW
    assert desk.item("two").item.published == NOW - HOUR
    # For a source without dates, new items are what counts: soon it is stale.
    assert desk.gives(moved, later + 15 * DAY)["state"] in (SourceState.STALE, SourceState.FROZEN)


def test_b37_dates_that_stay_are_believed_again(desk: Desk) -> None:
    desk.gives(feed(*(item(name, NOW) for name in "abc")))
    later = NOW + 3 * DAY
    state = desk.gives(feed(*(item(name, NOW - DAY) for name in "abc")), later)
    assert (state["redated_since"], state["reason"]) == (None, None)


def test_a_frozen_feed_says_so(desk: Desk) -> None:
    state = desk.gives(feed(item("one", NOW - 3000 * DAY), clock=NOW))
    assert state["state"] == SourceState.FROZEN


@pytest.mark.parametrize(
    "foreign",
    [
        feed(item("spam"), title="Casino Bonus"),
        feed(item("spam"), home=CASINO),
        feed(item("spam", site=CASINO)),
    ],
    ids=["title", "home", "items"],
)
def test_b38_what_a_stranger_says_is_stored_and_not_coded(desk: Desk, foreign: str) -> None:
    desk.gives(feed(item("one", NOW)))
    desk.at_the_gate()
    state = desk.gives(foreign)
    assert (state["state"], state["kept_back"]) == (SourceState.HIJACKED, 1)
    assert desk.at_the_gate() == {}
    assert items.waiting(desk.db) == {"gate": 1, "quarantine": 1}


def test_b38_known_items_are_not_rewritten_by_a_stranger(desk: Desk) -> None:
    desk.gives(feed(item("one", NOW)))
    desk.at_the_gate()
    desk.gives(feed(item("one", NOW).replace("as it is", "as he likes it"), title="Casino"))
    one = desk.item("one")
    assert (one.version, one.item.title) == (1, "The headline of one as it is")


def test_b38_trust_puts_everything_through_the_gate(desk: Desk) -> None:
    desk.gives(feed(item("one", NOW)))
    desk.at_the_gate()
    renamed = feed(
        item("two", site=CASINO), item("one", NOW).replace("as it is", "edited"), title="Casino", home=CASINO
    )
    desk.gives(renamed)
    assert sources.trust(desk.db, "desk", NOW) == 1
    assert list(desk.at_the_gate()) == ["two"]
    assert desk.state()["state"] == SourceState.OK
    # It is read in full at once, so that what was edited meanwhile is seen as well.
    (due,) = sources.claim_due(desk.db, NOW, 1, LEASE)
    assert (due.etag, due.body_hash) == (None, None)
    assert desk.gives(renamed)["state"] == SourceState.OK
    assert list(desk.at_the_gate()) == ["one"]


def test_b38_nothing_is_held_against_an_honest_source(desk: Desk) -> None:
    desk.gives(feed(item("one", NOW)))
    assert sources.trust(desk.db, "desk", NOW) is None
    assert sources.trust(desk.db, "nobody", NOW) is None


def test_b38_its_return_lets_in_what_is_its_own(desk: Desk) -> None:
    desk.gives(feed(item("one", NOW)))
    desk.at_the_gate()
    desk.gives(feed(item("own"), item("spam", site=CASINO), item("shown", site=CASINO), title="Casino"))
    state = desk.gives(feed(item("shown", site=CASINO), item("one", NOW)))
    # What stands on its own site, and what it shows itself; a stranger's stays for the operator.
    assert (state["state"], state["kept_back"]) == (SourceState.OK, 1)
    assert sorted(desk.at_the_gate()) == ["own", "shown"]
    assert sources.trust(desk.db, "desk", NOW) == 1
    assert list(desk.at_the_gate()) == ["spam"]


def test_b10_a_redirect_that_lasts_and_shows_known_items_is_no_change_of_hands(desk: Desk) -> None:
    desk.gives(feed(item("one", NOW)))
    new = "https://desk.test"
    desk.db.execute("update source set moved_to = %s, moved_since = now(), moved_seen = 1", (f"{new}/feed",))
    moved = feed(item("two", site=new), item("one", NOW), title="Desk", home=new)
    state = desk.gives(moved, url=f"{new}/feed")
    assert (state["state"], state["kept_back"]) == (SourceState.MOVED, 0)
    assert "desk.test" in str(state["reason"])


def test_b12_a_redirect_to_a_page_says_where_it_leads(desk: Desk) -> None:
    desk.gives(feed(item("one", NOW)))
    page = "<!doctype html><html>This domain is for sale</html>"
    state = desk.gives(page, url="https://parked.test/")
    assert state["state"] == SourceState.NOT_A_FEED
    assert "https://parked.test/" in str(state["reason"])
    desk.db.execute(
        "update source set moved_to = 'https://parked.test/', moved_since = now(), moved_seen = 1"
    )
    assert desk.gives(page, url="https://parked.test/")["state"] == SourceState.MOVED


def test_b77_an_archive_without_dates_is_known_by_its_titles(desk: Desk) -> None:
    desk.gives(feed(*(item(f"story-{n}") for n in range(20))))
    desk.at_the_gate()
    again = (
        item(f"story-{n}").replace(f"'>story-{n}<", f"'>node/{n}<").replace(f"{OWN}/story", f"{OWN}/new")
        for n in range(20)
    )
    desk.gives(feed(*again), NOW + 9 * DAY)
    found = desk.at_the_gate()
    assert len(found) == 20
    assert all(one.baseline for one in found.values())


def test_b77_new_ids_for_what_stands_under_the_same_address_are_the_same_items(desk: Desk) -> None:
    desk.gives(feed(*(item(f"story-{n}", NOW - n * DAY) for n in range(50))))
    desk.at_the_gate()
    again = (item(f"story-{n}", NOW - n * DAY).replace(f"'>story-{n}<", f"'>node/{n}<") for n in range(50))
    desk.gives(feed(*again), NOW + HOUR)
    assert desk.at_the_gate() == {}
