"""Further parts of sources: fetched like the sources themselves, a rate group in turns."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import md5, sha256
from itertools import groupby
from random import random
from urllib.parse import urlsplit

from tasks.fetch import due, plan
from tasks.fetch.batch import LEASE, Batch, Fetched, side_by_side, too_late
from tasks.fetch.client import Fetcher, Request
from tasks.fetch.guard import port_of
from tasks.fetch.outcome import Failure, FailureKind, Outcome
from tasks.settings.kinds import KINDS
from tasks.settings.sources import Robots
from tasks.store import follow_ups as store
from tasks.store import sources
from tasks.store.database import Connection, Pool
from tasks.store.follow_ups import FollowUp
from tasks.store.sources import Held

logger = logging.getLogger(__name__)

# A list may name a file that is not quite there yet: four tries within a quarter of an hour.
TRIES = 4
AGAIN = timedelta(minutes=2)
# These stay as they are, however often one asks.
_FINAL = frozenset(
    {FailureKind.REFUSED, FailureKind.ROBOTS, FailureKind.GONE, FailureKind.TOO_LARGE, FailureKind.BLOCKED}
)


async def get_follow_ups(pool: Pool, fetcher: Fetcher, limit: int, now: datetime) -> Fetched:
    """Fetch at most `limit` of the parts that are due; their bodies wait to be read.

    Raises:
        ExceptionGroup: something went wrong that is no outcome; all other parts were fetched.
    """
    batch = Batch.begin(pool, fetcher, now)
    claimed = await batch.store(lambda db: store.claim(db, now, limit, LEASE))
    claimed.sort(key=group_of)
    groups = [list(members) for _, members in groupby(claimed, key=group_of)]
    await side_by_side([_fetch_group(batch, members) for members in groups])
    return batch.result()


async def _fetch_group(batch: Batch, members: Sequence[FollowUp]) -> None:
    name = group_of(members[0])
    waiting = sorted(members, key=lambda part: part.id)
    held = await batch.store(lambda db: sources.hold_group(db, name, batch.clock.now(), LEASE))
    if held is None:
        await _leave(batch, waiting)
        return
    pause = max(held.pause, *(part.settings.pause_in(name) for part in members))
    turn = batch.turn(name, held.started_at, pause)
    try:
        while waiting and not batch.over():
            outcome = await _fetch(batch, waiting[0], held)
            if too_late(outcome):
                break
            del waiting[0]
            if isinstance(outcome, Failure) and outcome.kind is FailureKind.LIMITED:
                break
    finally:
        await _leave(batch, waiting)
        await batch.store(lambda db: sources.let_go(db, name, turn.started_at, held.lease_until))


async def _fetch(batch: Batch, part: FollowUp, held: Held) -> Outcome:
    robots = KINDS[part.kind].robots or part.settings.robots is Robots.ALWAYS
    outcome = whole(part, await batch.ask(request_for(part), part.settings, robots=robots))
    if too_late(outcome):
        return outcome
    at = batch.clock.now()
    batch.count("polled")
    if isinstance(outcome, Failure):
        failure = outcome
        batch.count("failed")
        await batch.store(lambda db: _note(db, part, failure, held, at))
        return outcome
    same = outcome.unchanged or sha256(outcome.body).digest() == part.body_hash
    batch.count("unchanged" if same else "bodies")
    attempt = plan.attempt(outcome, "unchanged" if same else "ok")
    if same:
        await batch.store(lambda db: store.same(db, part, attempt, at))
    else:
        await batch.store(lambda db: store.keep(db, part, plan.arrived(outcome), attempt, at))
    return outcome


def request_for(part: FollowUp) -> Request:
    """What to ask for; what is declared for the source's own host holds for its parts there alone."""
    settings = part.settings
    kind = KINDS[part.kind]
    home = str(settings.url)
    at_home = urlsplit(part.url).netloc == urlsplit(home).netloc
    return Request(
        part.url,
        accept=kind.accept,
        etag=part.etag,
        last_modified=part.last_modified,
        ports=frozenset([port_of(home)]) if at_home else frozenset(),
        loopback=settings.loopback and at_home,
        tls_pin=settings.tls_pin if at_home else None,
        downgrade=settings.downgrade,
        cookies=settings.cookies and at_home,
        largest=kind.largest,
    )


def whole(part: FollowUp, outcome: Outcome) -> Outcome:
    """A body that is not the one that was named is none."""
    if isinstance(outcome, Failure) or outcome.unchanged:
        return outcome
    reason = None
    if part.size is not None and len(outcome.body) != part.size:
        reason = f"it has {len(outcome.body)} bytes, and {part.size} were named"
    elif part.md5 is not None and md5(outcome.body, usedforsecurity=False).hexdigest() != part.md5.lower():
        reason = "its checksum is not the one that was named"
    if reason is None:
        return outcome
    return Failure(outcome.url, FailureKind.ENCODING, reason, outcome.elapsed, outcome.status)


def _note(db: Connection, part: FollowUp, failure: Failure, held: Held, at: datetime) -> None:
    with db.transaction():
        if failure.kind is FailureKind.LIMITED:
            wait = due.patience(failure.headers or {}, AGAIN, held.strikes, at, random())  # noqa: S311
            sources.ask_patience(db, held.name, at + wait)
        if failure.kind not in _FINAL and part.attempts < TRIES:
            store.retry(db, part, plan.attempt(failure), at, at + AGAIN * part.attempts)
            return
        sources.log(db, part.source_id, plan.attempt(failure), at)
        if not store.still_held(db, part):
            return
        store.give_up(db, part.source_id, part.id, failure.reason, at)
    logger.warning("%s: a part of it cannot be had: %s: %s", part.source_id, part.url, failure.reason)


async def _leave(batch: Batch, waiting: Sequence[FollowUp]) -> None:
    batch.count("left", len(waiting))
    later = batch.clock.now() + AGAIN / 4
    await batch.store(lambda db: store.release(db, waiting, later))


def group_of(part: FollowUp) -> str:
    """The rate group that a part belongs to."""
    return part.settings.group_at(part.url)
