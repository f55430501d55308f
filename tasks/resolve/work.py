"""The resolve station's unit of work, as Prefect shows it."""

import asyncio
from datetime import datetime

from prefect import task
from prefect.cache_policies import NO_CACHE

from tasks.resolve import station
from tasks.resolve.station import Counted
from tasks.settings.configuration import Configuration
from tasks.store.database import Pool


@task(name="resolve mentions", task_run_name="resolve mentions, batch {batch}", cache_policy=NO_CACHE)
async def resolve_mentions(
    pool: Pool, configuration: Configuration, now: datetime, batch: int = 1, limit: int = 500
) -> Counted:
    """Join the mentions of at most `limit` items to events; see `tasks.resolve.station`."""

    def work() -> Counted:
        with pool.connection() as db:
            return station.resolve_items(db, configuration, limit, now)

    return await asyncio.to_thread(work)
