"""What `dragoman.supervisor` does with Prefect, once Prefect may be imported."""

import asyncio
import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime

from prefect import get_client

from flows import surroundings
from flows.deployments import DEPLOYMENTS, FLOWS, deploy
from flows.sweep import bury_dead, skip_missed
from flows.worker import InProcessWorker
from tasks.settings.environment import Environment

logger = logging.getLogger(__name__)

SWEEP = 60.0
"""Seconds between two searches for runs whose worker has died."""

__all__ = ["WorkerThread", "begin", "deploy"]


async def begin() -> None:
    """Start a cycle now instead of at the next stroke of its schedule."""
    async with get_client() as client:
        first = await client.read_deployment_by_name(DEPLOYMENTS[0].full_name)
        await client.create_flow_run_from_deployment(first.id)


class WorkerThread(threading.Thread):
    """The worker, in a thread with an event loop of its own.

    Prefect's engine takes signals for itself in the main thread; here it cannot. `error` is why the
    thread ended, if not by `stop`.
    """

    def __init__(self, thread: str, environment: Environment, name: str, say: Callable[[str], None]) -> None:
        super().__init__(name=thread, daemon=True)
        self.error: Exception | None = None
        self._environment = environment
        self._worker = name
        self._say = say
        self._loop = asyncio.new_event_loop()
        self._stopping = asyncio.Event()

    def run(self) -> None:
        """Work until `stop` is called or something breaks."""
        try:
            with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
                runner.run(self._work())
        except Exception as error:
            logger.exception("the worker broke")
            self.error = error

    def stop(self, timeout: float) -> None:
        """Let the runs under way end, cut short what does not, and wait for the thread's end."""
        if self.is_alive():
            self._loop.call_soon_threadsafe(self._stopping.set)
        self.join(timeout)

    async def _work(self) -> None:
        with surroundings.within(self._environment, self._say):
            await self._clear_up()
            sweeping = asyncio.create_task(self._sweep())
            try:
                await InProcessWorker(self._worker, FLOWS).work(self._stopping)
            finally:
                sweeping.cancel()

    async def _clear_up(self) -> None:
        now = datetime.now(UTC)
        async with get_client() as client:
            dead = await bury_dead(client, now, restarted=self._worker)
            missed = await skip_missed(client, now)
        if dead or missed:
            logger.info("cleared up: %d runs of dead processes, %d missed runs", dead, missed)

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP)
            try:
                async with get_client() as client:
                    await bury_dead(client, datetime.now(UTC))
            except Exception:
                # The server may be away for a moment; the next round sees to it.
                logger.exception("could not look for dead runs")
