"""Polling: every source that is due, the groups side by side, the sources of a group in turns."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from random import random

from tasks.fetch import plan
from tasks.fetch.batch import LEASE, Batch, Fetched, side_by_side, too_late
from tasks.fetch.client import Fetcher
from tasks.fetch.outcome import Failure, FailureKind, Outcome, Response
from tasks.settings.kinds import KINDS
from tasks.settings.sources import Robots
from tasks.store import sources as store
from tasks.store.database import Pool
from tasks.store.health import PARTY
from tasks.store.sources import DueSource, Poll

logger = logging.getLogger(__name__)


async def poll_due(pool: Pool, fetcher: Fetcher, limit: int, now: datetime) -> Fetched:
    """Poll at most `limit` of the sources that are due and keep what comes of each at once.

    Raises:
        ExceptionGroup: something went wrong that is no outcome; all other sources were polled.
    """
    batch = Batch.begin(pool, fetcher, now)
    due = await batch.store(lambda db: store.claim_due(db, now, limit, LEASE))
    due.sort(key=lambda source: source.group)
    groups = [list(members) for _, members in groupby(due, key=lambda source: source.group)]
    await side_by_side([_poll_group(batch, members) for members in groups])
    return batch.result()


async def _poll_group(batch: Batch, members: Sequence[DueSource]) -> None:
    first = members[0]
    pause = max(first.group_pause, *(source.settings.pause for source in members))
    turn = batch.turn(first.group, first.group_started_at, pause)
    # The promise to rank 1 does not wait for the others of its site.
    waiting = sorted(members, key=lambda source: (source.settings.rank > PARTY, source.due_at, source.id))
    try:
        while waiting and not batch.over():
            poll = await _poll(batch, waiting[0])
            if poll is None:
                break
            del waiting[0]
            if poll.patience_until:
                break
    finally:
        batch.count("left", len(waiting))
        await batch.store(lambda db: store.release(db, waiting))
        lease = first.group_lease_until
        await batch.store(lambda db: store.let_go(db, first.group, turn.started_at, lease))


async def _poll(batch: Batch, source: DueSource) -> Poll | None:
    """Poll one source and keep what comes of it; None if it was too late to ask."""
    outcome = await _ask(batch, source, probe=False)
    if too_late(outcome):
        return None
    at = batch.clock.now()
    second = await _ask(batch, source, probe=True) if plan.probe_due(source, outcome, at) else None
    probe = isinstance(second, Response)
    probed = second is not None and not too_late(second)
    if second is not None and probed:
        # What a server fails to do without validators, it has still done with them. But where it asks
        # for patience, that counts.
        outcome, other = (second, outcome) if probe or _limited(second) else (outcome, second)
        beside = plan.attempt(other, "unchanged" if isinstance(other, Response) else None)
        await batch.store(lambda db: store.log(db, source.id, beside, at))
        at = batch.clock.now()
    poll = plan.poll(source, outcome, at, random(), probe=probe)  # noqa: S311
    if probed:
        # One that failed was made as well, and is not made again at every poll.
        poll = replace(poll, probed_at=at)
    if not await batch.store(lambda db: store.record(db, source, poll, at)):
        logger.warning("%s was polled after its lease had run out: what came of it is not kept", source.id)
    _count(batch, poll)
    if poll.state != source.state:
        logger.info("%s is %s: %s", source.id, poll.state, poll.reason or "it answers")
    if poll.remark and poll.remark != source.remark:
        logger.info("%s: %s", source.id, poll.remark)
    return poll


def _limited(outcome: Outcome) -> bool:
    return isinstance(outcome, Failure) and outcome.kind is FailureKind.LIMITED


async def _ask(batch: Batch, source: DueSource, *, probe: bool) -> Outcome:
    settings = source.settings
    robots = KINDS[settings.kind].robots or settings.robots is Robots.ALWAYS
    return await batch.ask(plan.request(source, probe=probe), settings, robots=robots)


def _count(batch: Batch, poll: Poll) -> None:
    batch.count("polled")
    if poll.arrived:
        batch.count("bodies")
    else:
        batch.count("unchanged" if poll.unchanged else "failed")
