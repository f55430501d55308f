"""What an aggregator finds goes the whole way: to the gate, the coder, an event, and the operator."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from tasks.alert.raise_alerts import Desk, raise_alerts
from tasks.code import station as coding
from tasks.code.rules import Rules, compile_rules
from tasks.resolve import station as resolving
from tasks.settings.configuration import Configuration
from tasks.settings.sources import Pages, Source
from tasks.store import events, items, mentions, sources
from tasks.store.database import Connection
from tasks.store.items import FoundItem
from tests.support.sources import a_source

NOW = datetime(2024, 2, 17, 9, tzinfo=UTC)
TITLE = "China and Hungary sign agreement on law enforcement and security cooperation in Budapest"
BODY = (
    "Minister of Public Security Wang Xiaohong and Interior Minister Sandor Pinter signed an agreement on law"
    " enforcement and security cooperation in Budapest on Friday."
)
OPAQUE = "https://news.google.com/rss/articles/CBMi1"
LEAD = FoundItem(
    keys=("lead",), title=TITLE, url=OPAQUE, published=NOW, outlet="www.globaltimes.cn", discovery=True
)  # fmt: skip
OURS = FoundItem(
    keys=("ours",),
    title=f"{TITLE} - Global Times",
    body=BODY,
    published=NOW,
    url="https://www.globaltimes.cn/1",
)
OTHER = FoundItem(
    keys=("other",), title="Hungary, China ink police pact", body=BODY + " It rained.", published=NOW
)
GOOGLE = a_source("google", "https://news.google.com/rss", outlet="Google News", family="google-news", rank=4)
PAPER = a_source("paper", "https://www.globaltimes.cn/feed", outlet="Global Times", family="peoples-daily")
DESK = a_source("other", "https://telex.hu/rss", outlet="Telex", family="telex")
SOURCES = (GOOGLE, PAPER, DESK)


@pytest.fixture(scope="module")
def rules(settings: Configuration) -> Rules:
    return compile_rules(replace(settings, sources=SOURCES))


class Desks:
    """The stations from the item on."""

    def __init__(self, db: Connection, rules: Rules, settings: Configuration) -> None:
        self.db, self.rules, self.settings, self.now = db, rules, settings, NOW
        sources.synchronise(db, [one.model_copy(update={"pages": Pages.NEVER}) for one in SOURCES], NOW)

    def publish(self, source: Source, found: FoundItem) -> list[str]:
        """The headlines that came of it."""
        self.now += timedelta(minutes=10)
        with self.db.transaction():
            items.add(self.db, source.id, [found], self.now, baseline=False)
        coding.pass_gate(self.db, self.rules, 10, self.now)
        coding.code_items(self.db, self.rules, 10, self.now)
        resolving.resolve_items(self.db, self.settings, 10, self.now)
        before = self._told()
        raise_alerts(self.db, Desk.of(self.settings), self.now)
        return self._told()[len(before) :]

    def _told(self) -> list[str]:
        return [
            str(told) for (told,) in self.db.execute("select message ->> 'headline' from alert order by id")
        ]


@pytest.fixture
def desks(db: Connection, rules: Rules, settings: Configuration) -> Desks:
    return Desks(db, rules, settings)


def test_b84_a_first_report_by_discovery_alone_opens_an_event_and_says_so(desks: Desks) -> None:
    (headline,) = desks.publish(GOOGLE, LEAD)
    assert headline.endswith("(found by an aggregator)")
    (event,) = events.listed(desks.db)
    (report,) = mentions.of_events(desks.db, [event.id])
    assert (report.outlet, report.family, report.rank) == ("Global Times via Google News", "peoples-daily", 4)
    assert event.witnesses == 1


def test_b84_our_own_report_of_it_adds_no_witness_and_is_no_second_alert(desks: Desks) -> None:
    desks.publish(GOOGLE, LEAD)
    assert desks.publish(PAPER, OURS) == []
    (event,) = events.listed(desks.db)
    assert len(mentions.of_events(desks.db, [event.id])) == 2
    assert event.witnesses == 1


def test_the_witnesses_do_not_depend_on_the_order(
    db: Connection, rules: Rules, settings: Configuration
) -> None:
    counts = set()
    for order in permutations([(GOOGLE, LEAD), (PAPER, OURS), (DESK, OTHER)]):
        with db.transaction(force_rollback=True):
            desks = Desks(db, rules, settings)
            told = [headline for source, found in order for headline in desks.publish(source, found)]
            (event,) = events.listed(db)
            counts.add((event.witnesses, len(told)))
    assert counts == {(2, 1)}


def test_b84_what_only_leads_through_an_aggregator_is_coded_without_a_page(
    db: Connection, rules: Rules, settings: Configuration
) -> None:
    sources.synchronise(db, SOURCES, NOW)
    with db.transaction():
        items.add(db, "google", [LEAD], NOW, baseline=False)
        items.add(
            db,
            "paper",
            [FoundItem(keys=("a",), title=TITLE, url="https://www.globaltimes.cn/2")],
            NOW,
            baseline=False,
        )
    coding.pass_gate(db, rules, 10, NOW)
    assert items.waiting(db) == {"code": 1, "page": 1}
    (stored,) = items.claim(db, "code", 10, NOW, timedelta(minutes=1))
    assert stored.discovery
