"""The pages behind items whose feed says too little."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from random import random
from urllib.parse import urlsplit

from tasks.fetch import due, plan
from tasks.fetch.batch import LEASE, Batch, Fetched, side_by_side, too_late
from tasks.fetch.client import PAGE, Fetcher, Request
from tasks.fetch.guard import RefusedError, check_url, port_of
from tasks.fetch.outcome import Failure, FailureKind, Outcome, Response, printable
from tasks.store import items, sources
from tasks.store.database import Connection, Pool
from tasks.store.items import StoredItem
from tasks.store.sources import Held

logger = logging.getLogger(__name__)

# An item is coded without its page rather than late: three tries within minutes.
TRIES = 3
AGAIN = timedelta(minutes=2)
# A page that was fetched but vanished unread is fetched again after so long.
UNREAD = timedelta(minutes=30)
TEXT = ("text/html", "application/xhtml+xml", "text/plain", "application/xml", "text/xml")
# What is shown of what a page says it is.
LONGEST_TYPE = 100
_PASSING = frozenset(
    {
        FailureKind.STATUS,
        FailureKind.CONNECTION,
        FailureKind.TIMEOUT,
        FailureKind.PROTOCOL,
        FailureKind.NAME_SERVER,
        FailureKind.LIMITED,
    }
)


async def get_pages(pool: Pool, fetcher: Fetcher, limit: int, now: datetime) -> Fetched:
    """Fetch the pages of at most `limit` items that await theirs.

    Raises:
        ExceptionGroup: something went wrong that is no outcome; all other pages were fetched.
    """
    batch = Batch.begin(pool, fetcher, now)
    claimed = await batch.store(lambda db: items.claim(db, "page", limit, now, LEASE))
    good = [stored for stored in claimed if not _refusal(stored)]
    for stored in claimed:
        if reason := _refusal(stored):
            await _give_up(batch, stored, reason)
    good.sort(key=_group)
    groups = [list(members) for _, members in groupby(good, key=_group)]
    await side_by_side([_fetch_group(batch, members) for members in groups])
    return batch.result()


async def _fetch_group(batch: Batch, members: Sequence[StoredItem]) -> None:
    name = _group(members[0])
    waiting = sorted(members, key=lambda stored: stored.number)
    held = await batch.store(lambda db: sources.hold_group(db, name, batch.clock.now(), LEASE))
    if held is None:
        await _leave(batch, waiting)
        return
    pause = max(held.pause, *(stored.source.pause_in(name) for stored in members))
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


async def _fetch(batch: Batch, stored: StoredItem, held: Held) -> Outcome:
    outcome = _readable(await batch.ask(_request(stored), stored.source, robots=True))
    if too_late(outcome):
        return outcome
    at = batch.clock.now()
    batch.count("polled")
    if isinstance(outcome, Response):
        await batch.store(lambda db: _keep(db, stored, outcome, at))
        batch.count("bodies")
        return outcome
    batch.count("failed")
    failure = outcome
    await batch.store(lambda db: _note(db, stored, failure, held, at))
    return outcome


def _request(stored: StoredItem) -> Request:
    url = stored.item.url or ""
    home = str(stored.source.url)
    at_home = urlsplit(url).netloc == urlsplit(home).netloc
    return Request(
        url,
        accept=PAGE,
        # What is declared for the source's own host holds for its pages there, and nowhere else.
        ports=frozenset([port_of(home)]) if at_home else frozenset(),
        loopback=stored.source.loopback and at_home,
        tls_pin=stored.source.tls_pin if at_home else None,
        downgrade=stored.source.downgrade,
        cookies=stored.source.cookies and at_home,
    )


def _readable(outcome: Outcome) -> Outcome:
    if isinstance(outcome, Failure):
        return outcome
    kind = outcome.headers.get("content-type", TEXT[0]).partition(";")[0].strip().lower()
    if kind in TEXT:
        return outcome
    reason = f"the page is {printable(kind[:LONGEST_TYPE])}"
    return Failure(outcome.url, FailureKind.ENCODING, reason, outcome.elapsed, outcome.status)


def _keep(db: Connection, stored: StoredItem, response: Response, at: datetime) -> None:
    with db.transaction():
        log_id = sources.log(db, stored.source_id, plan.attempt(response), at)
        if items.defer(db, stored, at + UNREAD):
            sources.put_response(db, stored.source_id, plan.arrived(response), at, log_id, stored.number)


def _note(db: Connection, stored: StoredItem, failure: Failure, held: Held, at: datetime) -> None:
    with db.transaction():
        sources.log(db, stored.source_id, plan.attempt(failure), at)
        if failure.kind is FailureKind.LIMITED:
            wait = due.patience(failure.headers or {}, AGAIN, held.strikes, at, random())  # noqa: S311
            sources.ask_patience(db, held.name, at + wait)
        if failure.kind in _PASSING and stored.attempts < TRIES:
            items.release(db, stored.number, at + AGAIN * stored.attempts, failure.reason)
        else:
            items.await_next(db, stored.number, "code", at, version=stored.version, failure=failure.reason)


async def _give_up(batch: Batch, stored: StoredItem, reason: str) -> None:
    batch.count("failed")
    at = batch.clock.now()
    await batch.store(
        lambda db: items.await_next(db, stored.number, "code", at, version=stored.version, failure=reason)
    )


async def _leave(batch: Batch, waiting: Sequence[StoredItem]) -> None:
    batch.count("left", len(waiting))
    later = batch.clock.now() + AGAIN / 4
    await batch.store(lambda db: items.hand_back(db, waiting, later))


def _refusal(stored: StoredItem) -> str | None:
    if not stored.item.url:
        return "it has no page"
    try:
        request = _request(stored)
        check_url(request.url, request.ports, loopback=request.loopback)
    except (RefusedError, ValueError) as error:
        return f"its page must not be fetched: {error}"
    return None


def _group(stored: StoredItem) -> str:
    return stored.source.group_at(stored.item.url or "")
