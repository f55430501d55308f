"""The code station's units of work, as Prefect shows them."""

import asyncio
from datetime import datetime

from prefect import task
from prefect.cache_policies import NO_CACHE

from tasks.code import station
from tasks.code.rules import Rules
from tasks.code.second_reader import station as second_reader
from tasks.code.second_reader.station import Allowance, Asked
from tasks.code.station import Counted
from tasks.settings.second_reader import SecondReader
from tasks.store.database import Pool


@task(name="pass the gate", task_run_name="pass the gate, batch {batch}", cache_policy=NO_CACHE)
async def pass_gate(pool: Pool, rules: Rules, now: datetime, batch: int = 1, limit: int = 500) -> Counted:
    """Weigh at most `limit` items that await the gate; see `tasks.code.station.pass_gate`."""

    def work() -> Counted:
        with pool.connection() as db:
            return station.pass_gate(db, rules, limit, now)

    return await asyncio.to_thread(work)


@task(name="code items", task_run_name="code items, batch {batch}", cache_policy=NO_CACHE)
async def code_items(pool: Pool, rules: Rules, now: datetime, batch: int = 1, limit: int = 200) -> Counted:
    """Code at most `limit` items; see `tasks.code.station.code_items`."""

    def work() -> Counted:
        with pool.connection() as db:
            return station.code_items(db, rules, limit, now)

    return await asyncio.to_thread(work)


@task(name="ask the second reader", cache_policy=NO_CACHE, retries=0, persist_result=False)
async def ask_second_reader(
    pool: Pool, settings: SecondReader, rules: Rules, allowance: Allowance, now: datetime
) -> Asked:
    """Show a second reader what the rules were unsure of; see `tasks.code.second_reader.station.ask`."""
    return await second_reader.ask(pool, settings, rules, allowance, now)
