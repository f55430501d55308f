"""Polls what is due, reads, codes and resolves what is new, and tells what has happened.

A run does one cycle. It claims its work from the store, so that runs may overlap, be late or die:
the next one picks up what is left.
"""

from datetime import timedelta

from prefect import State, flow, get_client
from prefect.artifacts import acreate_table_artifact
from prefect.runtime import flow_run

from flows import parts, surroundings
from flows.cycle import CycleError, CycleResult, run_cycle
from flows.moments import clock, too_late

EVERY = timedelta(minutes=5)


@flow(name="monitor", description=__doc__, timeout_seconds=900, retries=0, persist_result=False)
async def monitor(now: str | None = None) -> CycleResult | State[None]:
    """Run one cycle and say what it did.

    Args:
        now: the moment that the cycle takes for the present (ISO 8601); without it, the clock's.

    """
    if now is None and (skipped := too_late(EVERY)):
        return skipped
    place = surroundings.current()
    async with parts.opened(place.environment) as found:
        try:
            result = await run_cycle(found, clock(now))
        except CycleError as error:
            await _tell(error.result, place)
            raise
    await _tell(result, place)
    return result


async def _tell(result: CycleResult, place: surroundings.Surroundings) -> None:
    place.say(str(result))
    if result.complaint:
        place.say(result.complaint)
    rows = [{"what": name, "how many": number} for name, number in result.numbers().items()]
    await acreate_table_artifact(rows, key="monitor-cycle", description=result.complaint or str(result))
    async with get_client() as client:
        await client.update_flow_run(flow_run.id, name=str(result))
