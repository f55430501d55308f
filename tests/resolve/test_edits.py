"""An item that its publisher edits tells of its event again, and is not news again."""

from datetime import UTC, datetime, timedelta

import pytest

from tasks.alert.raise_alerts import Desk, raise_alerts
from tasks.code import station as coding
from tasks.code.rules import Rules, compile_rules
from tasks.resolve import station as resolving
from tasks.settings.configuration import Configuration
from tasks.store import events, items, sources
from tasks.store.database import Connection
from tasks.store.items import FoundItem
from tests.support.sources import a_source

NOW = datetime(2024, 2, 17, 9, tzinfo=UTC)
TITLE = "China and Hungary sign documents on law enforcement"
BODY = (
    "Wang Xiaohong and Interior Minister Sandor Pinter signed documents on law enforcement and security cooperation in "
    "Budapest on Friday. The two sides praised each other at length. "
)


@pytest.fixture(scope="module")
def rules(settings: Configuration) -> Rules:
    return compile_rules(settings)


class Newsroom:
    """One source whose one item can be published anew; each time it goes the whole way."""

    def __init__(self, db: Connection, rules: Rules, settings: Configuration) -> None:
        self.db, self.rules, self.settings, self.now = db, rules, settings, NOW
        self.source = a_source(id="paper", language="en", zone="UTC", pages="never")
        sources.synchronise(db, [self.source], NOW)

    def publish(self, title: str, body: str) -> int:
        """How many alerts came of it."""
        self.now += timedelta(minutes=10)
        found = FoundItem(keys=("one",), title=title, body=body, published=NOW)
        with self.db.transaction():
            items.add(self.db, "paper", [found], self.now, baseline=False)
        coding.pass_gate(self.db, self.rules, 10, self.now)
        coding.code_items(self.db, self.rules, 10, self.now)
        resolving.resolve_items(self.db, self.settings, 10, self.now)
        raised = raise_alerts(self.db, Desk.of(self.settings), self.now)
        return raised.alert + raised.late


@pytest.fixture
def newsroom(db: Connection, rules: Rules, settings: Configuration) -> Newsroom:
    return Newsroom(db, rules, settings)


def test_an_edit_of_the_only_witness_is_not_told_again(newsroom: Newsroom) -> None:
    assert newsroom.publish(TITLE, BODY) == 1
    (event,) = events.listed(newsroom.db)
    for edit in range(3):
        assert newsroom.publish(TITLE, BODY + "More. " * (edit + 1)) == 0
    assert [one.id for one in events.listed(newsroom.db)] == [event.id]


def test_an_item_that_becomes_another_story_takes_its_event_back(newsroom: Newsroom) -> None:
    newsroom.publish(TITLE, BODY)
    newsroom.publish("Stocks rise", "The market opened higher in Frankfurt.")
    assert events.listed(newsroom.db) == []


def test_a_story_that_returns_is_not_told_again(newsroom: Newsroom) -> None:
    newsroom.publish(TITLE, BODY)
    newsroom.publish("Stocks rise", "The market opened higher in Frankfurt.")
    assert newsroom.publish(TITLE, BODY + "It is back.") == 0
    assert len(events.listed(newsroom.db)) == 1
