"""Reading what waits: from a response to items, in one transaction each.

The bytes are only looked at in a child process. What it gives is stored together with the
validators that stand for it, and the response goes in the same transaction: whatever dies in
between, either all of it has happened or the response is read again.
"""

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from threading import Event
from time import monotonic

from tasks.model import PublishedBasis, Segment, SegmentRole
from tasks.read import parts
from tasks.read.child import PAGE, Children, ToxicError
from tasks.read.document import Document, Fault
from tasks.read.reading import TRIES, ReadResult, described, read_document, terms
from tasks.read.recognise import Identity, Recognised, recognise
from tasks.settings.sources import Source, SourceKind, rate_group
from tasks.store import health, items, responses, sources
from tasks.store.database import Connection, Pool
from tasks.store.health import Signs
from tasks.store.items import Added, FoundItem
from tasks.store.responses import StoredResponse
from tasks.store.sources import Found, Hints, Reading, SourceState

logger = logging.getLogger(__name__)

# A lease outlives the budget by more than the slowest document.
LEASE = timedelta(minutes=10)
BUDGET = timedelta(minutes=4)
# How much it weighs that a body was of no use; see `tasks.fetch.due` for the others.
HEAVY, LIGHT = 1.0, 0.5


def read_waiting(pool: Pool, children: Children, limit: int, now: datetime) -> ReadResult:
    """Read at most `limit` responses that wait, oldest first.

    Raises:
        ExceptionGroup: something went wrong that is no fault of a document; the others were read.
    """
    began = monotonic()
    over = Event()

    def one(_: int) -> ReadResult | Exception:
        """Take the next response and read it; once nothing is left, or no time, do nothing."""
        passed = timedelta(seconds=monotonic() - began)
        if over.is_set() or passed > BUDGET:
            return ReadResult()
        claimed: list[StoredResponse] = []
        try:
            with pool.connection() as db:
                # One at a time: what was not begun has cost no try when this process dies, and of
                # the bodies only those lie in memory that are being read.
                claimed = responses.claim(db, now + passed, 1, LEASE)
                if claimed:
                    return _read(db, children, claimed[0], now + passed)
                over.set()
                return ReadResult()
        except Exception as error:  # noqa: BLE001 - raised below, when all others have been read
            if not claimed:
                over.set()
            return error

    with ThreadPoolExecutor(children.size, thread_name_prefix="read") as threads:
        results = list(threads.map(one, range(limit)))
    if errors := [result for result in results if isinstance(result, Exception)]:
        raise ExceptionGroup("part of the batch could not be read", errors)
    return sum((result for result in results if isinstance(result, ReadResult)), ReadResult())


def _read(db: Connection, children: Children, response: StoredResponse, now: datetime) -> ReadResult:
    known = sources.reading(db, response.source_id)
    if known is None:
        responses.discard(db, response.id)
        return ReadResult()
    if response.item_id is not None:
        return _read_page(db, children, response, known.settings, now)
    if response.follow_up_id is not None:
        return parts.read_part(db, children, response, known.settings, now)
    how = terms(known.settings, response, now, since=known.read_at)
    try:
        document = read_document(children, known.settings.kind, how, response)
    except ToxicError as error:
        found = Found(SourceState.TOXIC, str(error), 0, 0, 0)
        return _put_aside(db, response, found, HEAVY, now)
    if document.problem:
        return _put_aside(db, response, *_useless(known, document, response), now)
    return _keep(db, response, document, now)


def _useless(known: Reading, document: Document, response: StoredResponse) -> tuple[Found, float]:
    """What a document says of its source that holds nothing to read, and how much that weighs."""
    state, reason, weight = SourceState.EMPTY, document.problem or "", LIGHT
    if document.fault is Fault.REDESIGNED or known.settings.kind is SourceKind.LIST:
        state = SourceState.REDESIGNED
    elif document.fault is Fault.FOREIGN or document.kind in ("", "sitemapindex"):
        moved = known.moved_to == response.url
        state, weight = (SourceState.MOVED if moved else SourceState.NOT_A_FEED), HEAVY
        if response.url != (known.address or str(known.settings.url)):
            reason = f"a redirect leads to {response.url}: {reason}"
    elif known.empty_reads:
        # Once may be an accident of the publisher.
        reason = f"{reason}, {known.empty_reads + 1} times in a row"
    return Found(state, reason, 0, 0, 0, len(document.errors)), weight


def _put_aside(
    db: Connection, response: StoredResponse, found: Found, weight: float, now: datetime
) -> ReadResult:
    with db.transaction():
        if known := sources.reading(db, response.source_id):
            due_at = now + health.backoff(known.settings, known.failures + weight)
            sources.mark_unread(
                db, response.source_id, found, now, response.log_id, weight=weight, due_at=due_at
            )
        responses.discard(db, response.id)
    logger.warning("%s is %s: %s", response.source_id, found.content, found.reason)
    return ReadResult(read=1, failed=1)


def _keep(db: Connection, response: StoredResponse, document: Document, now: datetime) -> ReadResult:
    found_items = described(document)
    with db.transaction():
        known = sources.reading(db, response.source_id)
        if known is None:
            responses.discard(db, response.id)
            return ReadResult()
        recognised = _recognised(db, known, document, found_items)
        added = items.add(
            db,
            response.source_id,
            found_items,
            now,
            baseline=known.read_at is None,
            absent_since=known.read_at,
            keep_back=recognised.stranger is not None,
            redated=known.redated_since is not None,
        )
        if recognised.stranger is None and known.stranger:
            _welcome_back(db, known, now)
        parts.name(db, known, document, added, None, now)
        found = _found(known, document, added, response, recognised, now)
        found = parts.with_trouble(db, response.source_id, found)
        sources.mark_read(db, response.source_id, found, now, response.log_id)
        responses.discard(db, response.id)
    return ReadResult(read=1, items=len(found_items), new=added.new, edited=added.edited)


def _recognised(db: Connection, known: Reading, document: Document, found: Sequence[FoundItem]) -> Recognised:
    """Who the source is and says it is. A redirect that lasts and shows known items is vouched for."""
    identity = Identity.from_json(known.identity) if known.identity else None
    first = recognise(known.settings, identity, document)
    if first.stranger is None or known.moved_to is None or not items.any_known(db, known.id, found):
        return first
    return recognise(known.settings, identity, document, known.moved_to)


def _welcome_back(db: Connection, known: Reading, now: datetime) -> None:
    """Send to the gate what a source published on its own sites while it did not look like itself."""
    kept = items.kept_back(db, known.id)
    hosts = {rate_group(str(known.settings.url))}
    if known.identity:
        hosts |= Identity.from_json(known.identity).hosts or set()
    items.let_in(db, [number for number, url in kept.items() if url and rate_group(url) in hosts], now)


def _found(
    known: Reading,
    document: Document,
    added: Added,
    response: StoredResponse,
    recognised: Recognised,
    now: datetime,
) -> Found:
    dates = [entry.published for entry in document.entries if entry.published]
    newest = max(dates, default=None) if not added.redated else None
    signs = Signs(
        newest if document.entries else document.newest_at or known.newest_at,
        now if added.new else known.new_item_at,
        document.channel.clock,
        known.gap,
        known.moved_to,
        known.address,
    )
    state, reason = health.judged(known.settings, signs, now)
    stranger = recognised.stranger
    if stranger is not None:
        state, reason = SourceState.HIJACKED, recognised.reason
    elif added.redated and reason is None:
        reason = "its dates move with the clock, and are not believed"
    return Found(
        content=state,
        reason=reason,
        items=len(document.entries) + document.dropped,
        new_items=added.new,
        known_items=added.known,
        errors=len(document.errors),
        newest_at=newest,
        hints=Hints(document.minutes, frozenset(document.skip_hours), frozenset(document.skip_days)),
        etag=response.etag,
        last_modified=response.last_modified,
        body_hash=sha256(response.body).digest(),
        # What names parts that change by themselves is read at every poll, changed or not.
        keep_validators=document.truncated or document.restless,
        # What "not modified" kept from us was mostly there all the time.
        validators_lied=response.probe and added.new > 0,
        probe=response.probe,
        clock_at=document.channel.clock,
        redated=added.redated,
        identity=recognised.identity.to_json(),
        stranger=stranger.to_json() if stranger else None,
    )


def _read_page(
    db: Connection, children: Children, response: StoredResponse, settings: Source, now: datetime
) -> ReadResult:
    number = response.item_id or 0
    stored = items.get(db, number)
    # An item that was edited meanwhile is back at the gate, and will ask for its page again.
    if stored is None or stored.awaits != "page":
        responses.discard(db, response.id)
        return ReadResult()
    text, failure, published = None, None, None
    segments: Sequence[Segment] = ()
    try:
        if response.attempts > TRIES:
            raise ToxicError(f"the reading of its page was begun {TRIES} times and never came to an end")
        asked = replace(terms(settings, response, now, title=stored.item.title), language=stored.language)
        found = children.read(PAGE, asked, response.body)
        text = found["text"]
        published = datetime.fromisoformat(found["published"]) if found["published"] else None
        segments = tuple(Segment(SegmentRole(role), start, part) for role, start, part in found["segments"])
        failure = None if text else "its page holds no article"
    except ToxicError as error:
        failure = str(error)
    with db.transaction():
        if items.await_next(db, number, "code", now, version=stored.version, failure=failure):
            if text:
                items.put_text(db, number, text, segments)
            if published:
                items.put_date(db, number, published, PublishedBasis.PAGE)
        responses.discard(db, response.id)
    return ReadResult(read=1, pages=1, failed=int(failure is not None))
