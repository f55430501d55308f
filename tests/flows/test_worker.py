import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from prefect import Flow, State, flow, get_client
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy, FlowRun

from flows import surroundings
from flows import worker as worker_module
from flows.worker import POOL, InProcessWorker
from tasks.settings.environment import Environment
from tests.flows.waiting import until

pytestmark = pytest.mark.usefixtures("work_pool")


class Seen:
    """What the flows of a test did, as the test's own process can see it."""

    def __init__(self) -> None:
        self.processes: list[int] = []
        self.lines: list[str] = []
        self.begun = asyncio.Event()
        self.go_on = asyncio.Event()


@pytest.fixture
def seen() -> Seen:
    return Seen()


@pytest.fixture
def told(seen: Seen, tmp_path: Path) -> Iterator[None]:
    environment = Environment(tmp_path, tmp_path, tmp_path, None, None)
    with surroundings.within(environment, seen.lines.append):
        yield


async def _run(subject: Flow[..., Any], *, limit: int | None = None) -> FlowRun:
    """A run of the flow, to be taken by whichever worker comes."""
    alone = ConcurrencyLimitConfig(limit=limit or 1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)
    deployment = await subject.ato_deployment(
        "test", work_pool_name=POOL, concurrency_limit=alone if limit else None
    )
    identifier = await deployment.aapply()
    async with get_client() as client:
        return await client.create_flow_run_from_deployment(identifier)


@asynccontextmanager
async def _working(*flows: Flow[..., Any], name: str = "test") -> AsyncIterator[asyncio.Event]:
    stop = asyncio.Event()
    worker = InProcessWorker(name, {each.name: each for each in flows})
    working = asyncio.create_task(worker.work(stop))
    try:
        yield stop
    finally:
        stop.set()
        await working


async def _end(run: FlowRun) -> State[Any]:
    async def look() -> State[Any] | None:
        async with get_client() as client:
            state = (await client.read_flow_run(run.id)).state
        return state if state and state.is_final() else None

    return await until(look)


async def test_a_run_is_done_in_the_process_of_the_worker(seen: Seen) -> None:
    @flow(name="tells its process")
    async def subject() -> None:
        seen.processes.append(os.getpid())

    run = await _run(subject)
    async with _working(subject):
        assert (await _end(run)).is_completed()
    assert seen.processes == [os.getpid()]


@pytest.mark.usefixtures("told")
async def test_a_failure_is_told_and_the_worker_goes_on(seen: Seen) -> None:
    @flow(name="fails")
    async def failing() -> None:
        raise ValueError("the reason")

    @flow(name="succeeds")
    async def succeeding() -> None: ...

    first = await _run(failing)
    async with _working(failing, succeeding):
        assert (await _end(first)).is_failed()
        assert (await _end(await _run(succeeding))).is_completed()
    assert [line for line in seen.lines if "fails failed" in line and "the reason" in line]


async def test_a_flow_that_is_not_ours_is_not_run(seen: Seen) -> None:
    @flow(name="foreign")
    async def foreign() -> None:
        seen.processes.append(os.getpid())

    run = await _run(foreign)
    async with _working():
        assert (await _end(run)).is_crashed()
    assert seen.processes == []


async def test_a_run_that_would_overlap_is_cancelled(seen: Seen) -> None:
    @flow(name="alone")
    async def subject() -> None:
        seen.begun.set()
        await seen.go_on.wait()

    first = await _run(subject, limit=1)
    async with _working(subject):
        await asyncio.wait_for(seen.begun.wait(), 20)
        second = await _run(subject, limit=1)
        assert (await _end(second)).is_cancelled()
        seen.go_on.set()
        assert (await _end(first)).is_completed()


async def test_a_worker_that_stops_lets_a_run_end(seen: Seen) -> None:
    @flow(name="ends soon")
    async def subject() -> None:
        seen.begun.set()
        await seen.go_on.wait()

    run = await _run(subject)
    async with _working(subject) as stop:
        await asyncio.wait_for(seen.begun.wait(), 20)
        stop.set()
        asyncio.get_running_loop().call_later(0.5, seen.go_on.set)
    assert (await _end(run)).is_completed()


async def test_a_worker_that_stops_cuts_short_what_does_not_end(
    seen: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_module, "DRAIN", 0.2)

    @flow(name="never ends")
    async def subject() -> None:
        seen.begun.set()
        await seen.go_on.wait()

    run = await _run(subject)
    async with _working(subject):
        await asyncio.wait_for(seen.begun.wait(), 20)
    assert (await _end(run)).is_crashed()
