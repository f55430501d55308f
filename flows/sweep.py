"""What dead processes left behind in Prefect: runs that never end, and runs that nobody took.

Prefect settles neither by itself. A run whose worker was killed stays `Running` and may hold the
place of its deployment for ever; runs that were missed stay `Late`, and all of them would be made
up for when a worker comes back. Only history is touched here: the store knows what work is open.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from prefect import State
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import (
    FlowFilter,
    FlowFilterName,
    FlowRunFilter,
    FlowRunFilterNextScheduledStartTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
    WorkPoolFilter,
    WorkPoolFilterName,
)
from prefect.client.schemas.objects import FlowRun, StateType, WorkerStatus
from prefect.client.schemas.sorting import FlowRunSort
from prefect.states import Cancelled, Crashed

from flows.deployments import FLOWS
from flows.worker import POOL

LONGEST_RUN = timedelta(minutes=20)
"""No run lives longer: the longest timeout of a flow is 15 minutes."""

LONGEST_START = timedelta(minutes=2)
"""Between a worker's claim of a run and the run's first line lies a second."""

_PAGE = 200


async def skip_missed(client: PrefectClient, now: datetime) -> int:
    """Cancel the runs that were due before `now`, except the newest of each deployment; how many."""
    due = await _runs(client, [StateType.SCHEDULED], before=now)
    newest = {run.deployment_id: run.id for run in due}  # `due` is in order of time
    missed = [run for run in due if newest[run.deployment_id] != run.id]
    await _settle(client, missed, Cancelled(name="Skipped", message="Nobody was there to run it in time."))
    return len(missed)


async def bury_dead(client: PrefectClient, now: datetime, *, restarted: str | None = None) -> int:
    """Set the runs that cannot be alive to Crashed, which frees their places; how many.

    Dead are runs of workers that have stopped reporting, runs older than any can be, and every run
    of `restarted`: a worker of this name that is about to start, and so is not running yet.
    """
    workers = await client.read_workers_for_work_pool(POOL)
    alive = {worker.name for worker in workers if worker.status is WorkerStatus.ONLINE} - {restarted}
    taken = [StateType.PENDING, StateType.RUNNING, StateType.CANCELLING]
    ours = FlowFilter(name=FlowFilterName(any_=list(FLOWS)))
    # Those of `dragoman once` are in no pool.
    runs = {run.id: run for run in await _runs(client, taken) + await _runs(client, taken, flows=ours)}
    dead = [run for run in runs.values() if _is_dead(run, alive, now)]
    await _settle(client, dead, Crashed(message="The process that ran it is gone."))
    return len(dead)


def _is_dead(run: FlowRun, alive: set[str], now: datetime) -> bool:
    if run.state is None:
        return False
    age = now - run.state.timestamp
    # A worker puts its name on a run just after it has claimed it.
    worker = run.labels.get("prefect.worker.name")
    if worker is not None and worker not in alive:
        return True
    return age > (LONGEST_START if run.state.is_pending() else LONGEST_RUN)


async def _runs(
    client: PrefectClient,
    states: list[StateType],
    *,
    before: datetime | None = None,
    flows: FlowFilter | None = None,
) -> list[FlowRun]:
    """The runs in one of `states`: of these flows, or else of the pool."""
    wanted = FlowRunFilter(
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=states)),
        next_scheduled_start_time=FlowRunFilterNextScheduledStartTime.model_validate({"before_": before}),
    )
    pool = None if flows else WorkPoolFilter(name=WorkPoolFilterName(any_=[POOL]))
    found: list[FlowRun] = []
    while True:
        page = await client.read_flow_runs(
            flow_filter=flows,
            flow_run_filter=wanted,
            work_pool_filter=pool,
            sort=FlowRunSort.EXPECTED_START_TIME_ASC,
            limit=_PAGE,
            offset=len(found),
        )
        found += page
        if len(page) < _PAGE:
            return found


async def _settle(client: PrefectClient, runs: Sequence[FlowRun], state: State[None]) -> None:
    for run in runs:
        await client.set_flow_run_state(run.id, state, force=True)
