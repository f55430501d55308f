"""The archive's unit of work, as Prefect shows it."""

import asyncio
from datetime import datetime

from prefect import task
from prefect.cache_policies import NO_CACHE

from tasks.code.archive import station
from tasks.code.archive.changes import Tally
from tasks.code.rules import Rules
from tasks.store.database import Pool
from tasks.store.recodings import Recoding


@task(name="code again", task_run_name="code again, from batch {batch}", cache_policy=NO_CACHE)
async def recode_items(
    pool: Pool, rules: Rules, recoding: Recoding, now: datetime, batch: int = 1, limit: int = 20
) -> Tally | None:
    """Code at most `limit` batches of the archive again; None if no batch is left to take.

    See `tasks.code.archive.station.recode_batch`.
    """

    def work() -> Tally | None:
        total: Tally | None = None
        with pool.connection() as db:
            for _ in range(limit):
                tally = station.recode_batch(db, rules, recoding, now)
                if tally is None:
                    return total
                total = total or Tally()
                total.add(tally)
        return total

    return await asyncio.to_thread(work)
