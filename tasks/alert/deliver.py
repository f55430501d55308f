"""Bring alerts to their channels: at least once, and never twice by mistake.

Each worker claims one delivery by a lease, sends it outside of any transaction, and marks it. If
it dies in between, the lease runs out and the delivery is sent again, saying that it may be a
repeat.
"""

import logging
import os
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pydantic import ValidationError

from tasks.alert.channels import PATIENCE, send, tell_operator
from tasks.alert.message import from_json
from tasks.alert.parcel import Outcome, Parcel, failure
from tasks.settings.channels import Channels
from tasks.store import outbox
from tasks.store.database import Pool
from tasks.store.outbox import Delivery

WORKERS = 16
# So many at once to one channel: the others do not wait for one that is slow or dead.
WORKERS_EACH = 4
# A channel that failed so often in a row is down, and is left alone until the outbox is emptied again.
STRIKES = 4
# After this no more is begun: the next call takes over.
MOST_TIME = timedelta(minutes=4)
# Longer than any try can take, with time to mark it.
LEASE = PATIENCE * 3
FIRST_BACKOFF = timedelta(seconds=5)
MOST_BACKOFF = timedelta(hours=1)
# A receiver that asks for more than this is tried all the same.
MOST_WAIT = timedelta(hours=6)
# Over a weekend a channel may be down unseen. The number ends a message that kills its worker.
MOST_AGE = timedelta(days=3)
MOST_ATTEMPTS = 200

# So many of them are named to the operator.
NOTES = 20

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Drained:
    """How many deliveries arrived, failed for now, and were given up."""

    sent: int = 0
    failed: int = 0
    given_up: int = 0


@dataclass(slots=True)
class _Drain:
    """One emptying of the outbox, shared by its workers."""

    pool: Pool
    channels: Channels
    clock: Callable[[], datetime]
    until: datetime
    environ: Mapping[str, str]
    left: int
    counts: Counter[str] = field(default_factory=Counter)
    given_up: list[Delivery] = field(default_factory=list)
    busy: Counter[str] = field(default_factory=Counter)
    strikes: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)


def drain(
    pool: Pool,
    channels: Channels,
    now: datetime,
    limit: int = 500,
    environ: Mapping[str, str] = os.environ,
    workers: int = WORKERS,
) -> Drained:
    """Send what is due, at most `limit` deliveries, `workers` of them at once; how it went.

    Any number of processes may do this at the same time. What fails is due again later and is not
    waited for.
    """
    begun = time.monotonic()

    def clock() -> datetime:
        # Leases are counted from the moment of each claim, not from that of the call.
        return now + timedelta(seconds=time.monotonic() - begun)

    task = _Drain(pool, channels, clock, now + MOST_TIME, environ, limit)
    with ThreadPoolExecutor(min(workers, limit), thread_name_prefix="deliver") as executor:
        for done in [executor.submit(_work, task) for _ in range(min(workers, limit))]:
            done.result()
    _tell_of_given_up(task)
    return Drained(sent=task.counts["sent"], failed=task.counts["failed"], given_up=len(task.given_up))


def backoff(attempts: int, dice: Callable[[], float] = random.random) -> timedelta:
    """How long to wait after the `attempts`-th try failed: up to 5 s, 10 s, 20 s and so on to 1 h.

    The whole of the wait is drawn by lot ("full jitter"), so that what failed together does not
    come back together.
    """
    most: timedelta = min(MOST_BACKOFF, FIRST_BACKOFF * 2 ** min(attempts - 1, 20))
    return most * dice()


def _work(task: _Drain) -> None:
    """Send one delivery after the other until nothing is due."""
    while True:
        with _claimed(task) as delivery:
            if delivery is None:
                return
            outcome = _sent(task, delivery)
            _mark(task, delivery, outcome)


@contextmanager
def _claimed(task: _Drain) -> Iterator[Delivery | None]:
    """The next delivery; its channel counts as in use until the block ends."""
    with task.lock:
        delivery = _claim(task)
    try:
        yield delivery
    finally:
        if delivery is not None:
            with task.lock:
                task.busy[delivery.channel] -= 1


def _claim(task: _Drain) -> Delivery | None:
    now = task.clock()
    if task.left <= 0 or now >= task.until:
        return None
    shunned = {channel for channel, count in task.busy.items() if count >= WORKERS_EACH}
    shunned |= {channel for channel, count in task.strikes.items() if count >= STRIKES}
    with task.pool.connection() as db:
        delivery = outbox.claim_delivery(db, now, now + LEASE, shunned)
    if delivery is not None:
        task.left -= 1
        task.busy[delivery.channel] += 1
    return delivery


def _sent(task: _Drain, delivery: Delivery) -> Outcome:
    if delivery.attempts > MOST_ATTEMPTS:
        return failure("every try ended the process that made it")
    channel = task.channels.by_id.get(delivery.channel)
    if channel is None:
        return failure("there is no channel of this name in the configuration")
    try:
        message = from_json(delivery.message)
    except ValidationError as error:
        return failure(f"its message cannot be read: {error.error_count()} mistakes")
    parcel = Parcel(
        name=f"alert-{delivery.alert_id}-{delivery.channel}",
        message=message,
        created_at=delivery.created_at,
        tried_at=task.clock(),
        repeat=delivery.uncertain,
    )
    return send(channel, parcel, task.environ)


def _mark(task: _Drain, delivery: Delivery, outcome: Outcome) -> None:
    now = task.clock()
    if outcome.sent:
        with task.pool.connection() as db:
            outbox.mark_sent(db, delivery, now, outcome.error)
        with task.lock:
            task.counts["sent"] += 1
            task.strikes[delivery.channel] = 0
        return
    error = outcome.error or "no reason given"
    wait = min(outcome.wait or timedelta(0), MOST_WAIT)
    due = now + max(backoff(delivery.attempts), wait)
    hopeless = delivery.attempts >= MOST_ATTEMPTS or now - delivery.created_at >= MOST_AGE
    with task.pool.connection() as db, db.transaction():
        outbox.mark_failed(db, delivery, due, error, uncertain=outcome.uncertain, give_up=hopeless)
        if wait:
            outbox.hold_channel(db, delivery.channel, now + wait)
    how = "was given up for" if hopeless else "did not reach"
    log.log(
        logging.ERROR if hopeless else logging.WARNING,
        "Alert %s %s channel %s (try %s): %s",
        delivery.alert_id, how, delivery.channel, delivery.attempts, error,
    )  # fmt: skip
    with task.lock:
        task.counts["failed"] += not hopeless
        task.strikes[delivery.channel] += 1
        task.given_up.extend([delivery] if hopeless else [])


def _tell_of_given_up(task: _Drain) -> None:
    """Tell the operator who was not told of what, unless it is the operator's channel that is dead."""
    lost = [one for one in task.given_up if one.channel != task.channels.operator]
    if not lost:
        return
    notes = [f"Alert {one.alert_id} did not reach channel {one.channel}." for one in lost[:NOTES]]
    notes += [f"{len(lost) - NOTES} more."] if len(lost) > NOTES else []
    headline = f"{len(lost)} {'delivery was' if len(lost) == 1 else 'deliveries were'} given up"
    outcome = tell_operator(task.channels, headline, notes, task.clock(), task.environ)
    if outcome is not None and not outcome.sent:
        log.error("The operator could not be told of it: %s", outcome.error)
