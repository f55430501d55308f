"""The archive is coded again after a change of the rules: what would change, what does, and that nobody is told."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from tasks.alert.raise_alerts import Desk, Raised, raise_alerts
from tasks.code import station as coding
from tasks.code.archive.changes import ADDED, BECAME, CEASED, CHANGED, FAILED, REMOVED, Tally
from tasks.code.archive.station import recode_batch
from tasks.code.rules import Rules, compile_rules
from tasks.resolve import station as resolving
from tasks.settings.configuration import Configuration
from tasks.store import database as store
from tasks.store import events, items, mentions, recodings, sources
from tasks.store.database import Connection
from tasks.store.items import FoundItem
from tests.support.emptied import database, kept_database  # noqa: F401
from tests.support.sources import a_source

NOW = datetime(2024, 2, 17, 9, tzinfo=UTC)
TITLE = "China and Hungary sign agreement on law enforcement cooperation"
BODY = (
    "Wang Xiaohong and Interior Minister Sandor Pinter signed an agreement on law enforcement and security "
    "cooperation in Budapest on Friday."
)


@pytest.fixture(scope="module")
def unread(settings: Configuration) -> Rules:
    """Rules of an earlier day, at whose gate nothing passed."""
    closed = settings.scales.model_copy(update={"passes_at": 90})
    return compile_rules(replace(settings, scales=closed, version="closed"))


@pytest.fixture(scope="module")
def wordless(settings: Configuration) -> Rules:
    """Rules of an earlier day, when the lexicon did not know Budapest."""
    places = {name: place for name, place in settings.actors.places.items() if name != "Budapest"}
    actors = replace(settings.actors, places=places)
    return compile_rules(replace(settings, actors=actors, version="wordless"))


@dataclass
class Newsroom:
    """A store with a source, and the stations behind it."""

    db: Connection
    settings: Configuration
    now: datetime = NOW

    def publish(self, rules: Rules, *found: FoundItem) -> Raised:
        """Take items the whole way by some rules."""
        with self.db.transaction():
            items.add(self.db, "paper", found, self.now, baseline=False)
        coding.pass_gate(self.db, rules, 1000, self.now)
        coding.code_items(self.db, rules, 1000, self.now)
        return self.follow()

    def follow(self) -> Raised:
        self.now += timedelta(minutes=10)
        resolving.resolve_items(self.db, self.settings, 1000, self.now)
        return raise_alerts(self.db, Desk.of(self.settings), self.now)

    def recode(self, rules: Rules, *, applies: bool = False, size: int = 3, days: int | None = None) -> Tally:
        recoding = recodings.begin(self.db, rules.version, self.now, applies=applies, days=days, size=size)
        while recode_batch(self.db, rules, recoding, self.now) is not None:
            pass
        total = Tally()
        for found in recodings.changes(self.db, recoding):
            total.add(Tally.of(found))
        assert recodings.progress(self.db, recoding).ended
        recodings.close(self.db, recoding, self.now)
        return total


@pytest.fixture
def newsroom(db: Connection, settings: Configuration) -> Newsroom:
    sources.synchronise(db, [a_source(id="paper", language="en", zone="UTC", pages="never")], NOW)
    return Newsroom(db, settings)


def an_item(key: str = "one", title: str = TITLE, body: str | None = BODY) -> FoundItem:
    return FoundItem(keys=(key,), title=title, body=body, published=NOW)


def test_what_would_change_is_shown_and_nothing_is_changed(
    newsroom: Newsroom, unread: Rules, rules: Rules
) -> None:
    newsroom.publish(unread, an_item(), an_item("two", "Stocks rise", "The market opened higher."))
    total = newsroom.recode(rules)
    assert (total.items, total.differing, total.counts) == (2, 1, {BECAME: 1, ADDED: 1})
    (example,) = total.examples[ADDED]
    assert example["title"] == TITLE
    assert example["what"].startswith("CHN-HUN")
    assert {row["rules"] for row in items.recent(newsroom.db, 10)} == {unread.version}
    assert events.listed(newsroom.db) == []


def test_what_the_gate_had_dropped_gets_its_event_and_nobody_is_told(
    newsroom: Newsroom, unread: Rules, rules: Rules
) -> None:
    newsroom.publish(unread, an_item())
    assert newsroom.recode(rules, applies=True).counts[BECAME] == 1
    raised = newsroom.follow()
    assert (raised.alert, raised.late, raised.quiet) == (0, 0, 1)
    (event,) = events.listed(newsroom.db)
    (stage,) = events.stages(newsroom.db, [event.id])
    assert stage["decision"] == "quiet"
    assert "archive" in stage["reason"]


def test_a_live_report_of_what_only_the_archive_knew_is_told(
    newsroom: Newsroom, unread: Rules, rules: Rules
) -> None:
    newsroom.publish(unread, an_item())
    newsroom.recode(rules, applies=True)
    newsroom.follow()
    assert newsroom.publish(rules, an_item("two", TITLE + " in Budapest")).alert == 1
    assert len(events.listed(newsroom.db)) == 1


def test_an_event_that_was_told_is_not_told_again_when_its_report_is_coded_otherwise(
    newsroom: Newsroom, wordless: Rules, rules: Rules
) -> None:
    assert newsroom.publish(wordless, an_item()).alert == 1
    (before,) = events.listed(newsroom.db)
    total = newsroom.recode(rules, applies=True)
    assert total.counts[CHANGED] == 1
    assert "place" in total.fields
    raised = newsroom.follow()
    assert (raised.alert, raised.late) == (0, 0)
    (after,) = events.listed(newsroom.db)
    assert (after.id, before.place, after.place) == (before.id, None, "Budapest")


def test_an_event_of_which_nobody_tells_any_more_is_withdrawn(
    newsroom: Newsroom, unread: Rules, rules: Rules
) -> None:
    newsroom.publish(rules, an_item())
    (event,) = events.listed(newsroom.db)
    assert newsroom.recode(unread, applies=True).counts == {CEASED: 1, REMOVED: 1}
    newsroom.follow()
    assert events.listed(newsroom.db) == []
    kept = events.by_id(newsroom.db, event.id)
    assert kept is not None
    assert kept.status == "withdrawn"
    # And back: it is the same event, and it has been told.
    newsroom.recode(rules, applies=True)
    raised = newsroom.follow()
    assert (raised.alert, raised.late) == (0, 0)
    assert [one.id for one in events.listed(newsroom.db)] == [event.id]


def test_the_same_rules_again_have_nothing_to_do(newsroom: Newsroom, rules: Rules) -> None:
    newsroom.publish(rules, an_item())
    assert newsroom.recode(rules, applies=True).items == 0


def test_only_the_rules_version_moves_where_nothing_differs(
    newsroom: Newsroom, settings: Configuration, rules: Rules
) -> None:
    newsroom.publish(rules, an_item())
    (row,) = items.recent(newsroom.db, 10)
    before = [report.id for report in mentions.of_item(newsroom.db, row["item"])]
    renamed = compile_rules(replace(settings, version="renamed"))
    total = newsroom.recode(renamed, applies=True)
    assert (total.items, total.differing, dict(total.counts)) == (1, 0, {})
    (row,) = items.recent(newsroom.db, 10)
    assert (row["rules"], row["awaits"]) == (renamed.version, None)
    assert [report.id for report in mentions.of_item(newsroom.db, row["item"])] == before


def test_an_item_whose_stage_is_not_decided_yet_is_left_to_its_alert(
    newsroom: Newsroom, wordless: Rules, rules: Rules
) -> None:
    with newsroom.db.transaction():
        items.add(newsroom.db, "paper", [an_item()], NOW, baseline=False)
    coding.pass_gate(newsroom.db, wordless, 10, NOW)
    coding.code_items(newsroom.db, wordless, 10, NOW)
    resolving.resolve_items(newsroom.db, newsroom.settings, 10, NOW)
    total = newsroom.recode(rules, applies=True)
    assert (total.items, total.left) == (0, 1)
    assert newsroom.follow().alert == 1
    assert newsroom.recode(rules, applies=True).items == 1


def test_an_item_that_is_edited_meanwhile_is_left_to_its_edit(
    newsroom: Newsroom, unread: Rules, rules: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom.publish(unread, an_item())
    recoding = recodings.begin(newsroom.db, rules.version, newsroom.now, applies=True)
    from tasks.code.archive import station

    def edited_meanwhile(*words: object) -> object:
        done = coded(*words)
        with newsroom.db.transaction():
            items.add(
                newsroom.db, "paper", [an_item(body="Nothing was signed.")], newsroom.now, baseline=False
            )
        return done

    coded: Callable[..., object] = station._coded
    monkeypatch.setattr(station, "_coded", edited_meanwhile)
    recode_batch(newsroom.db, rules, recoding, newsroom.now)
    (row,) = items.recent(newsroom.db, 10)
    assert (row["awaits"], row["mentions"], row["rules"]) == ("gate", 0, unread.version)


def test_several_workers_share_the_batches_and_one_that_died_is_made_up_for(
    newsroom: Newsroom,
    unread: Rules,
    rules: Rules,
    database: str,  # noqa: F811
) -> None:
    newsroom.publish(unread, *(an_item(str(number), f"{TITLE}, part {number}") for number in range(7)))
    with store.connect(database) as other:
        recoding = recodings.begin(newsroom.db, rules.version, newsroom.now, applies=True, size=2)
        joined = recodings.begin(other, rules.version, newsroom.now, applies=True, size=2)
        assert joined.id == recoding.id
        # One takes a batch and dies with it.
        assert recodings.claim(other, joined, newsroom.now) is not None
        for db in (newsroom.db, other, newsroom.db):
            tally = recode_batch(db, rules, recoding, newsroom.now)
            assert tally is not None
        assert recode_batch(other, rules, joined, newsroom.now) is None
        assert not recodings.progress(other, joined).ended
        later = newsroom.now + recodings.LEASE
        assert recode_batch(other, rules, joined, later) is not None
        assert recodings.progress(other, joined).ended
    total = Tally()
    for found in recodings.changes(newsroom.db, recoding):
        total.add(Tally.of(found))
    assert (total.items, total.counts[BECAME]) == (7, 7)


def test_a_batch_that_was_taken_over_leaves_no_trace_of_its_first_worker(
    newsroom: Newsroom, unread: Rules, rules: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom.publish(unread, an_item())
    recoding = recodings.begin(newsroom.db, rules.version, newsroom.now, applies=True)
    from tasks.code.archive import station

    coded: Callable[..., object] = station._coded

    def slow(*words: object) -> object:
        assert recodings.claim(newsroom.db, recoding, newsroom.now + recodings.LEASE) is not None
        return coded(*words)

    monkeypatch.setattr(station, "_coded", slow)
    tally = recode_batch(newsroom.db, rules, recoding, newsroom.now)
    assert tally is not None
    assert tally.items == 0
    (row,) = items.recent(newsroom.db, 10)
    assert (row["mentions"], row["rules"]) == (0, unread.version)


def test_a_batch_that_ends_its_workers_is_given_up_and_told(
    newsroom: Newsroom, unread: Rules, rules: Rules
) -> None:
    newsroom.publish(unread, an_item())
    recoding = recodings.begin(newsroom.db, rules.version, newsroom.now, applies=False)
    moment = newsroom.now
    for _ in range(3):
        assert recodings.claim(newsroom.db, recoding, moment) is not None
        moment += recodings.LEASE
    tally = recode_batch(newsroom.db, rules, recoding, moment)
    assert tally is not None
    assert tally.counts[FAILED] == 1
    assert recodings.progress(newsroom.db, recoding).ended


def test_days_keep_a_run_to_what_came_lately(newsroom: Newsroom, unread: Rules, rules: Rules) -> None:
    newsroom.publish(unread, an_item())
    newsroom.now += timedelta(days=30)
    newsroom.publish(unread, an_item("two", "Stocks rise", "The market opened higher."))
    assert newsroom.recode(rules, days=7).items == 1
    assert newsroom.recode(rules).items == 2


def test_an_empty_archive_is_done_at_once(newsroom: Newsroom, rules: Rules) -> None:
    assert newsroom.recode(rules).items == 0
