from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from prefect import State, flow, get_client
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import (
    ConcurrencyLimitConfig,
    ConcurrencyLimitStrategy,
    FlowRun,
    StateType,
)
from prefect.states import Pending, Running, Scheduled

from flows.monitor import monitor
from flows.sweep import LONGEST_RUN, LONGEST_START, bury_dead, skip_missed
from flows.worker import POOL

pytestmark = pytest.mark.usefixtures("work_pool")

MINUTE = timedelta(minutes=1)


@flow(name="swept")
async def swept() -> None: ...


@pytest.fixture
async def client() -> AsyncIterator[PrefectClient]:
    async with get_client() as opened:
        yield opened


@pytest.fixture
async def deployment() -> UUID:
    alone = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)
    subject = await swept.ato_deployment("test", work_pool_name=POOL, concurrency_limit=alone)
    return await subject.aapply()


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC)


async def _due(client: PrefectClient, deployment: UUID, at: datetime) -> FlowRun:
    state: State[None] = Scheduled(scheduled_time=at)
    return await client.create_flow_run_from_deployment(deployment, state=state)


async def _taken(
    client: PrefectClient, deployment: UUID, worker: str | None, *states: State[None]
) -> FlowRun:
    """A run that a worker has claimed and brought to the last of `states`."""
    run = await client.create_flow_run_from_deployment(deployment)
    for state in states:
        accepted = await client.set_flow_run_state(run.id, state)
        assert accepted.state.type is state.type
    if worker:
        await client.update_flow_run_labels(run.id, {"prefect.worker.name": worker})
    return run


async def _state(client: PrefectClient, run: FlowRun) -> StateType | None:
    return (await client.read_flow_run(run.id)).state_type


async def test_of_the_runs_that_were_missed_only_the_newest_stays(
    client: PrefectClient, deployment: UUID, now: datetime
) -> None:
    missed = [await _due(client, deployment, now - minutes * MINUTE) for minutes in (30, 20, 10)]
    newest = await _due(client, deployment, now - MINUTE)
    ahead = await _due(client, deployment, now + MINUTE)

    assert await skip_missed(client, now) == 3

    for run in missed:
        state = (await client.read_flow_run(run.id)).state
        assert state is not None
        assert (state.type, state.name) == (StateType.CANCELLED, "Skipped")
    assert await _state(client, newest) is StateType.SCHEDULED
    assert await _state(client, ahead) is StateType.SCHEDULED
    assert await skip_missed(client, now) == 0
    for run in (newest, ahead):
        await client.delete_flow_run(run.id)


async def test_the_runs_of_a_worker_that_comes_back_are_dead_and_free_their_place(
    client: PrefectClient, deployment: UUID, now: datetime
) -> None:
    left = await _taken(client, deployment, "me", Pending(), Running())
    refused = await client.create_flow_run_from_deployment(deployment)
    answer = await client.set_flow_run_state(refused.id, Pending())
    assert answer.state.type is StateType.CANCELLED

    assert await bury_dead(client, now, restarted="me") == 1

    assert await _state(client, left) is StateType.CRASHED
    after = await _taken(client, deployment, None, Pending())
    await client.delete_flow_run(after.id)


async def test_the_runs_of_a_worker_that_reports_are_alive(
    client: PrefectClient, deployment: UUID, now: datetime
) -> None:
    await client.send_worker_heartbeat(POOL, "busy", heartbeat_interval_seconds=30)
    run = await _taken(client, deployment, "busy", Pending(), Running())

    assert await bury_dead(client, now, restarted="me") == 0

    assert await _state(client, run) is StateType.RUNNING
    assert await bury_dead(client, now + LONGEST_RUN + MINUTE) == 1
    assert await _state(client, run) is StateType.CRASHED


async def test_the_runs_of_a_worker_that_nobody_knows_are_dead(
    client: PrefectClient, deployment: UUID, now: datetime
) -> None:
    run = await _taken(client, deployment, "never heard of", Pending(), Running())

    assert await bury_dead(client, now) == 1
    assert await _state(client, run) is StateType.CRASHED


async def test_a_run_that_was_claimed_and_never_begun_is_dead_after_a_while(
    client: PrefectClient, deployment: UUID, now: datetime
) -> None:
    run = await _taken(client, deployment, None, Pending())

    assert await bury_dead(client, now) == 0
    assert await bury_dead(client, now + LONGEST_START + MINUTE) == 1
    assert await _state(client, run) is StateType.CRASHED


async def test_a_run_outside_of_the_pool_is_dead_when_it_is_older_than_any_can_be(
    client: PrefectClient, now: datetime
) -> None:
    run = await client.create_flow_run(monitor, state=Running())

    assert await bury_dead(client, now) == 0
    assert await bury_dead(client, now + LONGEST_RUN + MINUTE) == 1
    assert await _state(client, run) is StateType.CRASHED
