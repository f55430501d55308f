"""The units of work of this station, as an operator sees them."""

from datetime import datetime

from prefect import task
from prefect.cache_policies import NO_CACHE

from tasks.alert import deliver as delivering
from tasks.alert import raise_alerts as raising
from tasks.alert.deliver import Drained
from tasks.alert.raise_alerts import Desk, Raised
from tasks.settings.channels import Channels
from tasks.store.database import Pool


@task(name="raise alerts", cache_policy=NO_CACHE, retries=0, persist_result=False)
def raise_alerts(pool: Pool, desk: Desk, now: datetime) -> Raised:
    """Decide the stages that events have reached; what is told goes into the outbox."""
    with pool.connection() as db:
        return raising.raise_alerts(db, desk, now)


@task(name="deliver", cache_policy=NO_CACHE, retries=0, persist_result=False)
def deliver(pool: Pool, channels: Channels, now: datetime, limit: int = 500) -> Drained:
    """Bring to the channels what is due."""
    return delivering.drain(pool, channels, now, limit)
