"""Takes to their channels what the outbox holds and is due: every minute, and whoever else does so
at the same time takes other deliveries.
"""

import asyncio
from datetime import timedelta

from prefect import State, flow

from flows import parts, surroundings
from flows.moments import clock, too_late
from tasks.alert.deliver import Drained
from tasks.alert.work import deliver as deliver_due

EVERY = timedelta(minutes=1)


@flow(name="deliver", description=__doc__, timeout_seconds=900, retries=0, persist_result=False)
async def deliver(now: str | None = None) -> Drained | State[None]:
    """Deliver what is due once.

    Args:
        now: the moment that the run takes for the present (ISO 8601); without it, the clock's.

    """
    if now is None and (skipped := too_late(EVERY)):
        return skipped
    environment = surroundings.current().environment
    moment = clock(now)

    def work() -> Drained:
        channels = parts.known(environment.configuration).configuration.channels
        with parts.pool(environment) as pool:
            return deliver_due(pool, channels, moment())

    return await asyncio.to_thread(work)
