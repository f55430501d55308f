"""Further parts of a source: named when a document of it is read, done when they are read themselves.

Both happen in the transaction that stores what was found, so that the source's validators stand for
what its document names as well as for what it holds: whatever dies, the part is still to be fetched.
"""

import logging
from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from tasks.read.child import Children, ToxicError
from tasks.read.document import Document, Fault
from tasks.read.reading import ReadResult, described, read_document, terms
from tasks.settings.sources import Source
from tasks.store import follow_ups, health, items, responses, sources
from tasks.store.database import Connection
from tasks.store.follow_ups import Named, Part
from tasks.store.health import Signs
from tasks.store.items import Added
from tasks.store.responses import StoredResponse
from tasks.store.sources import Found, Reading, SourceState

logger = logging.getLogger(__name__)


def name(
    db: Connection, known: Reading, document: Document, added: Added, part: Part | None, now: datetime
) -> None:
    """Remember what a document names further; in the transaction that reads it.

    Older pages of an API are left alone if one entry of this one was known.
    """
    caught_up = added.known > 0 or not added.new
    named = [
        Named(follow.url, follow.kind, follow.stamp, follow.size, follow.md5, follow.daily)
        for follow in document.follow
        if not (follow.catch_up and caught_up)
    ]
    if not named and not document.names_parts:
        return
    follow_ups.name(
        db,
        known.id,
        named,
        now,
        parent=part,
        baseline=part.baseline if part else known.read_at is None,
        absent_since=part.absent_since if part else known.read_at,
    )


def with_trouble(db: Connection, source_id: str, found: Found) -> Found:
    """What a reading came to, with what is to be said of parts that cannot be had."""
    trouble = follow_ups.trouble(db, source_id)
    if trouble.total:
        return replace(found, content=SourceState.FAILING, reason=trouble.reason)
    return replace(found, reason=found.reason or trouble.reason)


def read_part(
    db: Connection, children: Children, response: StoredResponse, settings: Source, now: datetime
) -> ReadResult:
    """Read the body of a part: to items, or to parts of its own."""
    part = follow_ups.reading(db, response.follow_up_id or 0)
    if part is None:
        responses.discard(db, response.id)
        return ReadResult()
    how = terms(settings, response, now, depth=part.depth, since=part.absent_since)
    try:
        document = read_document(children, part.kind, how, response)
    except ToxicError as error:
        return _give_up(db, response, part, str(error), now)
    if document.problem and document.fault is not Fault.EMPTY:
        return _give_up(db, response, part, document.problem, now)
    return _keep(db, response, part, document, now)


def _give_up(db: Connection, response: StoredResponse, part: Part, reason: str, now: datetime) -> ReadResult:
    with db.transaction():
        follow_ups.give_up(db, response.source_id, part.id, reason, now)
        responses.discard(db, response.id)
    logger.warning("%s: a part of it cannot be read: %s: %s", response.source_id, part.url, reason)
    return ReadResult(read=1, failed=1)


def _keep(
    db: Connection, response: StoredResponse, part: Part, document: Document, now: datetime
) -> ReadResult:
    found_items = described(document)
    with db.transaction():
        known = sources.reading(db, response.source_id)
        if known is None:
            responses.discard(db, response.id)
            return ReadResult()
        added = items.add(
            db,
            response.source_id,
            found_items,
            now,
            baseline=part.baseline,
            absent_since=part.absent_since,
            # Whoever the source's own document says it is, its parts are.
            keep_back=known.stranger is not None,
            redated=known.redated_since is not None,
        )
        name(db, known, document, added, part, now)
        follow_ups.finish(
            db,
            part.id,
            now,
            etag=response.etag,
            last_modified=response.last_modified,
            body_hash=sha256(response.body).digest(),
            keep_validators=document.truncated or document.restless,
        )
        found = with_trouble(db, known.id, _found(known, document, added, now))
        sources.mark_part_read(db, known.id, found, now, response.log_id)
        responses.discard(db, response.id)
    return ReadResult(read=1, items=len(found_items), new=added.new, edited=added.edited)


def _found(known: Reading, document: Document, added: Added, now: datetime) -> Found:
    dates = [entry.published for entry in document.entries if entry.published and not added.redated]
    newest = max(dates, default=None)
    last = max((moment for moment in (newest, known.newest_at) if moment), default=None)
    new_at = now if added.new else known.new_item_at
    signs = Signs(last, new_at, known.clock_at, known.gap, known.moved_to, known.address)
    state, reason = health.judged(known.settings, signs, now)
    return Found(
        content=state if known.stranger is None else SourceState.HIJACKED,
        reason=reason if known.stranger is None else known.content_reason,
        items=len(document.entries) + document.dropped,
        new_items=added.new,
        known_items=added.known,
        errors=len(document.errors),
        newest_at=newest,
    )
