"""Looks at the sources as a whole, and tells the operator what has begun and what is over.

Three stations meet here: the store says how the sources are, fetch judges what an operator has to
know of, alert brings it to the operator. Another watchman brings concerns of kinds of its own to
`tasks.store.concerns.reconcile`, and they are told in the same way.
"""

import logging
from datetime import datetime

from tasks.alert import notices
from tasks.fetch import concerns as fetching
from tasks.settings.channels import Channels
from tasks.store import concerns, rhythm
from tasks.store.concerns import Changes
from tasks.store.database import Pool

logger = logging.getLogger(__name__)


def look(pool: Pool, channels: Channels, now: datetime) -> Changes:
    """Judge the sources as they are now (UTC); what has changed is told once, whoever else looks."""
    with pool.connection() as db:
        rhythm.learn(db, now)
        kinds, found = fetching.judged(fetching.conditions(db), now)
        changes = concerns.reconcile(db, kinds, found, now)
    for one in changes.began:
        logger.warning("%s", one.said)
    for one in changes.ended:
        logger.info("over: %s", one.said)
    if changes:
        notices.tell(pool, channels, now)
    return changes
