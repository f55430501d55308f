"""The worker that runs flows in its own process.

Prefect's own workers start an interpreter for each run: two seconds of processor and a hundred
megabytes before the first line of ours. This one awaits the flow where it is, for a seventh of
that. Any number of them, on any number of machines, may poll the work pool.
"""

import asyncio
import os
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from anyio.abc import TaskStatus
from prefect import Flow, State
from prefect.client.schemas.objects import FlowRun
from prefect.flow_engine import run_flow_async
from prefect.workers.base import BaseJobConfiguration, BaseVariables, BaseWorker, BaseWorkerResult

from flows import surroundings

POOL = "dragoman"
POOL_TYPE = "inprocess"

RUNS_AT_ONCE = 4
"""A cycle and a delivery take one place each; the rest is room for what an operator starts by hand."""

DRAIN = 5.0
"""Seconds that runs get to end by themselves when the worker stops. What is cut short is claimed
again by a later run, so this only spares it the wait for the lease."""


class InProcessWorker(BaseWorker[BaseJobConfiguration, BaseVariables, BaseWorkerResult]):
    """Polls the work pool and runs those flows in this process that it was given, by name."""

    type = POOL_TYPE
    job_configuration = BaseJobConfiguration
    _description = "Runs Dragoman's flows in the process of the worker."

    def __init__(self, name: str, flows: Mapping[str, Flow[..., Any]]) -> None:
        super().__init__(work_pool_name=POOL, name=name, limit=RUNS_AT_ONCE)
        self._flows = flows
        self._running: set[UUID] = set()
        self._idle = asyncio.Event()
        self._idle.set()
        self._draining = False

    async def run(
        self,
        flow_run: FlowRun,
        configuration: BaseJobConfiguration,
        task_status: TaskStatus[int] | None = None,
    ) -> BaseWorkerResult:
        """Run `flow_run` to its end. Its state is the flow's own affair; the result only says that
        there was a process to run it. A failure is told to whoever looks on.

        Raises:
            KeyError: the run is of a flow that is not ours.
        """
        # By name among ours, never by an entry point from the server's database.
        flow = self._flows[(await self.client.read_flow(flow_run.flow_id)).name]
        process = os.getpid()
        if task_status is not None:
            task_status.started(process)
        self._running.add(flow_run.id)
        self._idle.clear()
        try:
            state = await run_flow_async(flow, flow_run=flow_run, return_type="state")
        finally:
            self._running.discard(flow_run.id)
            if not self._running:
                self._idle.set()
        if isinstance(state, State) and state.is_failed():
            surroundings.current().say(f"{flow.name} failed: {state.message}")
        return BaseWorkerResult(identifier=str(process), status_code=0)

    async def get_and_submit_flow_runs(self) -> list[FlowRun]:
        """Take what is due, unless the worker is about to stop."""
        return [] if self._draining else await super().get_and_submit_flow_runs()

    async def work(self, stop: asyncio.Event) -> None:
        """Poll and run until `stop` is set, then let runs end for `DRAIN` seconds and cut the rest short."""
        polling = asyncio.create_task(self.start(printer=self._logger.info))
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({polling, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if not polling.done():
            await self._drain()
            polling.cancel()
        await asyncio.wait({polling})
        if not polling.cancelled() and (error := polling.exception()) is not None:
            raise error

    async def _drain(self) -> None:
        self._draining = True
        try:
            await asyncio.wait_for(self._idle.wait(), DRAIN)
        except TimeoutError:
            self._logger.warning("%d runs are cut short", len(self._running))
