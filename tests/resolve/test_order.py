"""Neither the order of the items, nor how they are dealt into batches, nor the workers show in the events."""

import random
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tasks.model import Kind, Mention, Official, Stage
from tasks.resolve.resolver import resolve
from tasks.settings.configuration import Configuration
from tasks.settings.register import Register
from tasks.store import database as store
from tasks.store.database import Connection
from tests.resolve.telling import LAVROV, SHOIGU, WANG_YI, Teller, mention, on
from tests.support.emptied import kept_database  # noqa: F401 - a fixture
from tests.trials import shuffles

SHUFFLES = 3
"""In the suite; `python -m tests.trials.shuffles --times 200` is the long form."""


@st.composite
def said(draw: st.DrawFn) -> tuple[Mention, int]:
    """A report that leaves out much, names a round rarely and a wrong one at times; and its day."""
    kind = draw(st.sampled_from([Kind.CONSULTATION_ROUND, Kind.MEETING, Kind.AGREEMENT, Kind.PATROL]))
    channels = {
        Kind.CONSULTATION_ROUND: [None, "cn-ru-ssc", "cn-ru-lesc"],
        Kind.PATROL: [None, "cn-ru-navpatrol", "cn-ru-airpatrol"],
    }
    channel = draw(st.sampled_from(channels.get(kind, [None])))
    numbered = channel is not None and draw(st.booleans())
    day = draw(st.integers(0, 90))
    dated = draw(st.booleans())
    officials: tuple[Official, ...] = draw(
        st.sampled_from([(), (WANG_YI,), (WANG_YI, SHOIGU), (WANG_YI, LAVROV)])
    )
    return (
        mention(
            kind,
            draw(st.sampled_from([Stage.HELD, Stage.HELD, Stage.ANNOUNCED, Stage.POSTPONED])),
            mechanism=channel,
            supposed=channel is not None and not numbered and draw(st.booleans()),
            round=draw(st.sampled_from([19, 20, 21, 9])) if numbered else None,
            date=on(draw(st.integers(0, 90)) // 3 * 3) if dated else None,
            place=draw(st.sampled_from([None, "Moscow", "Beijing"])),
            officials=officials,
            contexts=draw(st.sampled_from([(), ("legal",), ("crime",)])),
        ),
        day,
    )


def resolved(
    db: Connection,
    settings: Configuration,
    told: Sequence[tuple[Mention, int]],
    batches: Sequence[shuffles.Batch],
) -> shuffles.State:
    """The events that come of these reports, told in these batches to an empty store."""
    db.execute(shuffles._EMPTY)
    teller = Teller(db, settings)
    for batch in batches:
        with db.transaction():
            for item in batch:
                teller.put(item, *told[item])
            resolve(db, batch, settings, shuffles.NOW)
    return shuffles.state(db)


@pytest.fixture(scope="module")
def emptied(kept_database: str) -> Iterator[Connection]:  # noqa: F811
    with store.connect(kept_database) as db:
        yield db


@given(told=st.lists(said(), min_size=3, max_size=12), seed=st.integers(0, 2**16))
@hypothesis_settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_reports_that_leave_out_much_make_the_same_events_in_any_order(
    emptied: Connection, settings: Configuration, told: list[tuple[Mention, int]], seed: int
) -> None:
    items = list(range(len(told)))
    first = resolved(emptied, settings, told, [items])
    one_by_one = resolved(emptied, settings, told, [[item] for item in items])
    assert shuffles.differences(first, one_by_one) == []
    chance = random.Random(seed)
    for _ in range(2):
        found = resolved(emptied, settings, told, shuffles.dealt(items, chance))
        assert shuffles.differences(first, found) == []


@pytest.mark.timeout(400)
def test_the_gold_stream_makes_the_same_events_in_any_order_by_one_worker_or_four(
    database: str, db: Connection, settings: Configuration, history: Register
) -> None:
    found = list(shuffles.shuffled(database, db, settings, history, SHUFFLES, seed=7))
    assert found == [[]] * SHUFFLES
