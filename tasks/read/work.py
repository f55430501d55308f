"""Reading as a unit of work: what an operator sees run."""

import asyncio
from datetime import datetime

from prefect import task
from prefect.cache_policies import NO_CACHE

from tasks.read.child import Children
from tasks.read.reading import ReadResult
from tasks.read.responses import read_waiting
from tasks.store.database import Pool


@task(
    name="read responses",
    task_run_name="read up to {limit} responses",
    cache_policy=NO_CACHE,
    retries=0,
)
async def read_responses(pool: Pool, children: Children, limit: int, now: datetime) -> ReadResult:
    """Read at most `limit` of the responses that wait at `now` (UTC): feeds and list pages to items,
    pages to the text of theirs.
    """
    return await asyncio.to_thread(read_waiting, pool, children, limit, now)
