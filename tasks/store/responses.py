"""Bodies that have come over the wire and wait to be read."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tasks.store import database
from tasks.store.database import Connection


@dataclass(frozen=True, slots=True)
class StoredResponse:
    """A body that this worker has claimed for reading; with `item_id` it is the page of an item, with
    `follow_up_id` a further part of its source.
    """

    id: int
    source_id: str
    item_id: int | None
    url: str
    status: int
    content_type: str | None
    etag: str | None
    last_modified: str | None
    body: bytes
    fetched_at: datetime
    log_id: int | None
    attempts: int
    truncated: bool
    probe: bool
    follow_up_id: int | None = None


def claim(db: Connection, now: datetime, limit: int, lease: timedelta) -> list[StoredResponse]:
    """At most `limit` responses, oldest first, for this worker alone until the lease ends."""
    found = database.rows(db, StoredResponse, "responses/claim", now=now, limit=limit, lease=lease)
    return sorted(found, key=lambda response: response.id)


def discard(db: Connection, response_id: int) -> None:
    """Throw a response away: what it held is stored elsewhere, or it holds nothing."""
    database.run(db, "responses/discard", id=response_id)


def waiting(db: Connection) -> int:
    """How many responses are still to be read, claimed or not."""
    return int(database.scalar(db, "responses/waiting"))
