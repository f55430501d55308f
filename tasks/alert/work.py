"""The units of work of this station, as an operator sees them."""

from dataclasses import replace
from datetime import datetime

from prefect import task
from prefect.cache_policies import NO_CACHE

from tasks.alert import deliver as delivering
from tasks.alert import notices as noticing
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
    """Bring to the channels what is due, and to the operator what the service has to say of itself."""
    drained = delivering.drain(pool, channels, now, limit)
    told = noticing.tell(pool, channels, now)
    return replace(drained, failed=drained.failed + told.failed, given_up=drained.given_up + told.given_up)
