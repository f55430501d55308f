"""Fetching as units of work: what an operator sees run."""

from datetime import datetime

from prefect import task
from prefect.cache_policies import NO_CACHE

from tasks.fetch.batch import Fetched
from tasks.fetch.client import Fetcher
from tasks.fetch.follow_ups import get_follow_ups
from tasks.fetch.pages import get_pages
from tasks.fetch.sources import poll_due
from tasks.store.database import Pool


@task(
    name="fetch sources",
    task_run_name="fetch up to {limit} sources that are due",
    cache_policy=NO_CACHE,
    retries=0,
)
async def fetch_sources(pool: Pool, fetcher: Fetcher, limit: int, now: datetime) -> Fetched:
    """Poll at most `limit` of the sources that are due at `now` (UTC); what came over the wire waits
    in the store to be read.
    """
    return await poll_due(pool, fetcher, limit, now)


@task(
    name="fetch parts of sources",
    task_run_name="fetch up to {limit} parts that sources name",
    cache_policy=NO_CACHE,
    retries=0,
)
async def fetch_follow_ups(pool: Pool, fetcher: Fetcher, limit: int, now: datetime) -> Fetched:
    """Fetch at most `limit` of the further parts that documents of sources name, such as the sitemaps
    of a list of sitemaps; they wait to be read.
    """
    return await get_follow_ups(pool, fetcher, limit, now)


@task(
    name="fetch pages",
    task_run_name="fetch the pages of up to {limit} items",
    cache_policy=NO_CACHE,
    retries=0,
)
async def fetch_pages(pool: Pool, fetcher: Fetcher, limit: int, now: datetime) -> Fetched:
    """Fetch the pages of at most `limit` items whose feeds say too little; they wait to be read."""
    return await get_pages(pool, fetcher, limit, now)
