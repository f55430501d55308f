"""Polling: every source that is due, the groups side by side, the sources of a group in turns."""

import logging
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from random import random

from tasks.fetch import plan
from tasks.fetch.batch import LEASE, Batch, Fetched, side_by_side
from tasks.fetch.client import Fetcher
from tasks.fetch.outcome import Failure, FailureKind, Outcome, Response
from tasks.fetch.polite import Turn
from tasks.settings.kinds import KINDS
from tasks.settings.sources import Robots
from tasks.store import sources as store
from tasks.store.database import Pool
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
    name = members[0].group
    turn = batch.turn(members[0].group_started_at, max(source.settings.pause for source in members))
    waiting = sorted(members, key=lambda source: (source.due_at, source.id))
    try:
        while waiting and not batch.over:
            poll = await _poll(batch, waiting.pop(0), turn)
            if poll.patience_until:
                break
    finally:
        left = [source.id for source in waiting]
        batch.count("left", len(left))
        await batch.store(lambda db: store.release(db, left))
        await batch.store(lambda db: store.let_go(db, name, turn.started_at))


async def _poll(batch: Batch, source: DueSource, turn: Turn) -> Poll:
    outcome = await _ask(batch, source, turn, probe=False)
    at = batch.clock.now()
    probe = plan.probe_due(source, outcome, at)
    if probe:
        second = await _ask(batch, source, turn, probe=True)
        probe = isinstance(second, Response)
        # What a server fails to do without validators, it has still done with them. But where it asks
        # for patience, that counts.
        outcome, other = (second, outcome) if probe or _limited(second) else (outcome, second)
        beside = plan.attempt(other, "unchanged" if isinstance(other, Response) else None)
        await batch.store(lambda db: store.log(db, source.id, beside, at))
        at = batch.clock.now()
    poll = plan.poll(source, outcome, at, random(), probe=probe)  # noqa: S311
    await batch.store(lambda db: store.record(db, source, poll, at))
    _count(batch, poll)
    if poll.state != source.state:
        logger.info("%s is %s: %s", source.id, poll.state, poll.reason or "it answers")
    if poll.remark and poll.remark != source.remark:
        logger.info("%s: %s", source.id, poll.remark)
    return poll


def _limited(outcome: Outcome) -> bool:
    return isinstance(outcome, Failure) and outcome.kind is FailureKind.LIMITED


async def _ask(batch: Batch, source: DueSource, turn: Turn, *, probe: bool) -> Outcome:
    settings = source.settings
    request = plan.request(source, probe=probe)
    if not KINDS[settings.kind].robots and settings.robots is not Robots.ALWAYS:
        await turn.wait(settings.pause)
        return await batch.fetcher.get(request)
    permit = batch.robots.permit(turn, settings.pause, batch.clock)
    return await permit(request) or await batch.fetcher.get(request, permit=permit)


def _count(batch: Batch, poll: Poll) -> None:
    batch.count("polled")
    if poll.arrived:
        batch.count("bodies")
    else:
        batch.count("unchanged" if poll.unchanged else "failed")
