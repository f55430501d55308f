"""A cycle with a second reader: its doubt stands in the alert, and its silence holds nothing up."""

from collections.abc import Iterator
from email.utils import format_datetime
from pathlib import Path
from time import monotonic

import pytest

from tasks.store.database import Connection
from tests.code import endpoints
from tests.code.endpoints import Model, Reply, agreeing, judgement, says
from tests.flows.test_monitor import NOW, World
from tests.support import site

pytestmark = pytest.mark.usefixtures("prefect_api")

# It says neither when nor where: the rules are unsure of it.
STORY = site.feed(
    f"""<?xml version="1.0" encoding="utf-8"?>
    <rss version="2.0"><channel><title>News</title><link>http://news.example/</link><item>
      <title>China and Hungary signed an agreement on law enforcement cooperation</title>
      <description>The ministry said so.</description>
      <link>http://news.example/1</link><guid>1</guid><pubDate>{format_datetime(NOW)}</pubDate>
    </item></channel></rss>"""
)


@pytest.fixture
def model() -> Iterator[Model]:
    with endpoints.model() as running:
        yield running


@pytest.fixture
def world(tmp_path: Path, database: str, model: Model) -> Iterator[World]:
    with site.running() as outlets:
        found = World(tmp_path, outlets)
        found.begin(database)
        for country in ("hungary", "serbia"):
            outlets.set(f"/{country}", STORY)
        (found.config / "second_reader.yaml").write_text(
            f"enabled: true\nlocal: true\nurl: {model.url}\nmodel: m\nseconds_per_cycle: 0.5\n"
        )
        yield found


async def test_what_it_doubts_stands_in_the_alert_of_the_same_cycle(world: World, model: Model) -> None:
    model.answer = lambda call: says(
        agreeing(call, stage=judgement(call, "disagree", "signed an agreement", "announced"))
    )
    edit = world.config / "second_reader.yaml"
    edit.write_text(edit.read_text().replace("0.5", "20"))

    result = await world.cycle()

    assert (result.alerts, result.failures, result.complaint) == (1, 0, None)
    (alert,) = world.alerts()
    assert isinstance(alert, dict)
    assert "Second reader doubts: the stage, reads announced (“signed an agreement”)." in alert["notes"]
    # Two outlets with one text are asked about once, or at most once each at the same moment.
    assert 1 <= len(model.calls) <= 2


async def test_one_that_says_nothing_is_not_waited_for(world: World, model: Model) -> None:
    model.answer = lambda call: Reply(hangs=True)
    begun = monotonic()

    result = await world.cycle()

    assert monotonic() - begun < 20
    assert (result.alerts, result.delivered, result.failures) == (1, 1, 0)
    assert "second reader is not asked until" in (result.complaint or "")
    assert world.lines[-1] == result.complaint


async def test_one_whose_tables_are_gone_costs_its_own_step_alone(
    world: World, model: Model, db: Connection
) -> None:
    db.execute("drop table second_reader_endpoint")
    with pytest.raises(Exception, match="second_reader_endpoint"):
        await world.cycle()
    assert len(world.alerts()) == 1


async def test_one_that_is_off_is_not_asked(world: World, model: Model) -> None:
    (world.config / "second_reader.yaml").write_text("enabled: false\n")
    assert (await world.cycle()).alerts == 1
    assert model.calls == []
