import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from prefect import Flow, State, get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.flow_engine import run_flow_async
from prefect.states import Scheduled

from flows import parts, surroundings
from flows.cycle import MOST_RUNS, CycleResult
from flows.deliver import deliver
from flows.monitor import EVERY, monitor
from tasks.settings.environment import ROOT, Environment
from tasks.store import sources
from tasks.store.database import Connection
from tests.flows.waiting import until
from tests.support import site
from tests.support.newsroom import configure, story

pytestmark = pytest.mark.usefixtures("prefect_api")

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


class World:
    """A small world: outlets, a configuration, a file that takes the alerts, and what was said."""

    def __init__(self, folder: Path, outlets: site.Site) -> None:
        self.outlets = outlets
        self.box = folder / "alerts.jsonl"
        channel = {"id": "box", "kind": "file", "url": self.box.as_uri()}
        self.config = configure(folder / "config", outlets, ["hungary", "serbia"], [channel])
        self.lines: list[str] = []

    def begin(self, dsn: str) -> None:
        """Begin anew, on an empty store."""
        self.environment = Environment(self.box.parent, self.config, ROOT / "seeds", dsn, "desk@example.org")
        self.lines.clear()
        self.box.unlink(missing_ok=True)
        for country in ("hungary", "serbia"):
            self.outlets.set(f"/{country}", story(country, NOW - timedelta(hours=1)))

    def set_watch(self, text: str) -> None:
        """Edit watch.yaml."""
        (self.config / "watch.yaml").write_text(text)

    def name_operator(self, channel: str) -> None:
        """Let this channel be told of what befalls the service, and all outlets be parties."""
        channels = self.config / "channels.yaml"
        channels.write_text(channels.read_text().replace("operator: null", f"operator: {channel}"))
        outlets = self.config / "sources" / "local.yaml"
        outlets.write_text(outlets.read_text().replace("rank: 2", "rank: 1"))

    def told(self) -> list[str]:
        """The headlines of what came to the channel."""
        return [str(one["headline"]) for one in self.alerts() if isinstance(one, dict)]

    async def cycle(self, now: datetime = NOW) -> CycleResult:
        with surroundings.within(self.environment, self.lines.append):
            result = await monitor(now=now.isoformat())
        assert isinstance(result, CycleResult)
        return result

    def alerts(self) -> list[object]:
        lines = self.box.read_text().splitlines() if self.box.exists() else []
        return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def outlets() -> Iterator[site.Site]:
    with site.running() as running:
        yield running


@pytest.fixture(scope="module")
def usual_world(tmp_path_factory: pytest.TempPathFactory, outlets: site.Site) -> World:
    return World(tmp_path_factory.mktemp("world"), outlets)


@pytest.fixture
def world(usual_world: World, database: str) -> World:
    """A world whose configuration is left as it is."""
    usual_world.begin(database)
    return usual_world


@pytest.fixture
def edited(tmp_path: Path, outlets: site.Site, database: str) -> World:
    """A world of the test's own, whose configuration it may edit."""
    own = World(tmp_path, outlets)
    own.begin(database)
    return own


async def _last_run() -> FlowRun:
    async with get_client() as client:
        return (await client.read_flow_runs(sort=FlowRunSort.START_TIME_DESC, limit=1))[0]


def _count(db: Connection, table: str) -> int:
    found = db.execute(f"select count(*) from {table}".encode()).fetchone()
    assert found
    return int(found[0])


async def test_a_cycle_goes_from_the_sources_to_the_channel(world: World, db: Connection) -> None:
    result = await world.cycle()

    assert result == CycleResult(
        result.at, polled=2, new=2, relevant=2, events=2, alerts=2, delivered=2, failures=0
    )
    assert len(world.alerts()) == 2
    assert _count(db, "item") == 2
    assert world.lines == ["12:00 · 2 sources · 2 new · 2 events · 2 alerts"]


async def test_the_second_cycle_has_nothing_to_do(world: World) -> None:
    await world.cycle()
    result = await world.cycle(NOW + timedelta(seconds=30))

    assert result == CycleResult(result.at)
    assert len(world.alerts()) == 2


async def test_a_run_is_named_after_what_it_did_and_leaves_a_table(world: World) -> None:
    await world.cycle()

    run = await _last_run()
    assert run.name == "12:00 · 2 sources · 2 new · 2 events · 2 alerts"
    # Who may see the dashboard may not therefore see the address of the database.
    assert run.parameters == {"now": NOW.isoformat()}
    of_this_run = FlowRunFilter(id=FlowRunFilterId(any_=[run.id]))
    async with get_client() as client:
        artifacts = await client.read_artifacts(flow_run_filter=of_this_run)
        assert [artifact.key for artifact in artifacts] == ["monitor-cycle"]
        assert {"what": "polled", "how many": 2} in json.loads(str(artifacts[0].data))
        tasks = await until(lambda: client.read_task_runs(flow_run_filter=of_this_run))
    assert len(tasks) <= MOST_RUNS


async def test_cycles_at_the_same_time_share_the_work_and_repeat_nothing(
    world: World, db: Connection
) -> None:
    results = await asyncio.gather(*(world.cycle() for _ in range(3)))

    assert sum(result.polled for result in results) == 2
    assert sum(result.new for result in results) == 2
    await world.cycle(NOW + timedelta(seconds=40))
    assert _count(db, "item") == 2
    assert _count(db, "alert") == 2
    assert len(world.alerts()) == 2


async def test_a_source_that_fails_costs_nothing_but_itself(world: World) -> None:
    world.outlets.set("/serbia", site.Answer(b"gone to lunch", 503))

    result = await world.cycle()

    assert (result.polled, result.new, result.alerts, result.failures) == (2, 1, 1, 1)
    assert str(result).endswith("1 failed")


async def test_when_every_source_fails_the_operator_is_asked_about_the_network(world: World) -> None:
    for country in ("hungary", "serbia"):
        world.outlets.set(f"/{country}", site.Answer(status=500))
    result = await world.cycle()
    assert result.failures == 2
    assert "every source failed" in (result.complaint or "")
    assert any("every source failed" in line for line in world.lines)


async def test_a_step_that_fails_fails_the_run_and_not_the_other_steps(world: World, db: Connection) -> None:
    db.execute("alter table source rename column failures to failures_of_old")

    with surroundings.within(world.environment, world.lines.append):
        state = await monitor(now=NOW.isoformat(), return_state=True)

    assert state.type is StateType.FAILED
    assert world.lines and world.lines[0].startswith("12:00 · 0 sources")


async def test_a_wrong_edit_is_complained_of_and_the_last_right_form_stays(edited: World) -> None:
    await edited.cycle()
    edited.set_watch("kinds: [agreement, wedding]\n")

    result = await edited.cycle(NOW + timedelta(minutes=20))

    assert result.polled == 2
    assert result.complaint is not None
    assert "watch.yaml:1" in result.complaint
    assert edited.lines[-1] == result.complaint


async def test_a_first_configuration_that_is_wrong_fails_the_run(edited: World) -> None:
    edited.set_watch("kinds: [wedding]\n")

    with surroundings.within(edited.environment):
        state = await monitor(now=NOW.isoformat(), return_state=True)

    assert state.type is StateType.FAILED
    assert "watch.yaml:1" in str(state.message)


async def test_a_right_edit_counts_from_the_next_cycle_on(edited: World) -> None:
    edited.set_watch("kinds: [exercise]\nfreshness_days: 14\n")
    assert (await edited.cycle()).alerts == 0

    before = parts.known(edited.config)
    assert parts.known(edited.config) is before
    edited.set_watch("kinds: [agreement]\nfreshness_days: 14\n")
    assert parts.known(edited.config).configuration.watch != before.configuration.watch


async def test_the_outbox_is_emptied_by_its_own_flow(world: World, db: Connection) -> None:
    world.box.mkdir()
    assert (await world.cycle()).delivered == 0
    world.box.rmdir()

    with surroundings.within(world.environment):
        drained = await deliver(now=(NOW + timedelta(hours=1)).isoformat())

    assert drained.sent == 2
    assert len(world.alerts()) == 2


@pytest.mark.parametrize("flow", [monitor, deliver])
async def test_a_run_that_waited_until_the_next_one_is_due_does_nothing(
    world: World, flow: Flow[..., Any]
) -> None:
    async with get_client() as client:
        waited: State[None] = Scheduled(scheduled_time=datetime.now(UTC) - EVERY)
        run = await client.create_flow_run(flow, state=waited)
        with surroundings.within(world.environment, world.lines.append):
            state = await run_flow_async(flow, flow_run=run, return_type="state")

    assert isinstance(state, State)
    assert (state.type, state.name) == (StateType.COMPLETED, "Skipped")
    assert not world.lines


async def test_the_operator_is_told_once_that_a_party_is_silent_and_once_that_it_is_back(
    edited: World, db: Connection
) -> None:
    edited.name_operator("box")
    await edited.cycle()
    edited.outlets.set("/serbia", site.Answer(status=500))
    for hours in (1, 26, 27, 28):
        edited.outlets.set("/hungary", story("hungary", NOW + timedelta(hours=hours)))
        # Every cycle reads its configuration and opens its connections anew: a restart is no different.
        await edited.cycle(NOW + timedelta(hours=hours))
    assert [line for line in edited.told() if "serbia" in line] == ["serbia: silent"]

    edited.outlets.set("/serbia", story("serbia", NOW + timedelta(hours=29)))
    for hours in (29, 30):
        await edited.cycle(NOW + timedelta(hours=hours))
    assert [line for line in edited.told() if "serbia" in line] == [
        "serbia: silent",
        "serbia: silent no more",
    ]


async def test_b38_what_a_stranger_says_is_told_only_when_the_operator_trusts_it(
    world: World, db: Connection
) -> None:
    await world.cycle()
    later = NOW + timedelta(hours=1)
    foreign = story("belarus", later).body.replace(b"News of Belarus", b"Casino Bonus")
    world.outlets.set("/hungary", site.feed(foreign))

    result = await world.cycle(later)

    assert (result.new, result.relevant, result.alerts) == (1, 0, 0)
    assert len(world.alerts()) == 2

    assert sources.trust(db, "hungary", later) == 1
    result = await world.cycle(later + timedelta(minutes=5))

    assert (result.new, result.relevant, result.alerts) == (0, 1, 1)
    assert len(world.alerts()) == 3
