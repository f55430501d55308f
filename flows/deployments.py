"""What runs, and when: the flows by name, and their deployments to the work pool.

`prefect.yaml` says the same for those who deploy with Prefect's own command; a test holds the two
together.
"""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from prefect import Flow, get_client
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.exceptions import ObjectAlreadyExists
from prefect.schedules import Schedule

from flows.deliver import deliver
from flows.monitor import monitor
from flows.recode import recode
from flows.worker import POOL, POOL_TYPE, InProcessWorker

NAME = "main"


@dataclass(frozen=True, slots=True)
class Deployment:
    """A flow and its schedule, in UTC; without one it is run by hand, by as many as like to share it."""

    flow: Flow[..., Any]
    cron: str | None
    tags: tuple[str, ...]

    @property
    def full_name(self) -> str:
        """The name under which Prefect knows it."""
        return f"{self.flow.name}/{NAME}"


DEPLOYMENTS = (
    Deployment(monitor, "*/5 * * * *", ("dragoman", "monitor")),
    Deployment(deliver, "* * * * *", ("dragoman", "deliver")),
    Deployment(recode, None, ("dragoman", "recode")),
)
FLOWS = {deployment.flow.name: deployment.flow for deployment in DEPLOYMENTS}


async def deploy(at_once: int = 1) -> None:
    """Make the work pool and bring the deployments up to date; repeated, it changes nothing.

    `at_once` is how many machines share the work of one moment: each deployment is scheduled and
    admitted that many times, and every run claims what is left. A run too many is cancelled.

    Raises:
        prefect.exceptions.PrefectHTTPStatusError: the server refuses.
    """
    template = InProcessWorker.get_default_base_job_template()
    async with get_client() as client:
        with suppress(ObjectAlreadyExists):
            await client.create_work_pool(
                WorkPoolCreate(name=POOL, type=POOL_TYPE, base_job_template=template)
            )
        for deployment in DEPLOYMENTS:
            times = at_once if deployment.cron else 0
            identifier = await _deploy(deployment, times)
            await _drop_schedules(client, identifier, beyond=times)


async def _deploy(deployment: Deployment, at_once: int) -> UUID:
    limit = ConcurrencyLimitConfig(limit=at_once, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)
    applied = await deployment.flow.ato_deployment(
        NAME,
        schedules=[
            Schedule(cron=deployment.cron, timezone="UTC", slug=slug) for slug in _schedule_names(at_once)
        ],
        concurrency_limit=limit if deployment.cron else None,
        description=deployment.flow.description,
        tags=list(deployment.tags),
        work_pool_name=POOL,
    )
    return await applied.aapply()


async def _drop_schedules(client: PrefectClient, deployment: UUID, *, beyond: int) -> None:
    # Prefect adds and changes schedules by name, and leaves those that are not named any more.
    wanted = _schedule_names(beyond)
    for schedule in await client.read_deployment_schedules(deployment):
        if schedule.slug not in wanted:
            await client.delete_deployment_schedule(deployment, schedule.id)


def _schedule_names(at_once: int) -> list[str]:
    return [f"machine-{number}" for number in range(1, at_once + 1)]
