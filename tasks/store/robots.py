"""What sites ask of programs, kept for a day."""

from dataclasses import dataclass
from datetime import datetime

from tasks.store import database
from tasks.store.database import Connection


@dataclass(frozen=True, slots=True)
class StoredRobots:
    """The rules of one origin: `rules` in `body`, or everything allowed, or nothing for now."""

    verdict: str
    body: bytes
    reason: str | None
    fetched_at: datetime
    expires_at: datetime


def find(db: Connection, origin: str) -> StoredRobots | None:
    """What is kept of an origin, expired or not."""
    return database.row(db, StoredRobots, "robots/find", origin=origin)


def put(db: Connection, origin: str, robots: StoredRobots) -> None:
    """Keep the rules of an origin."""
    database.run(
        db,
        "robots/put",
        origin=origin,
        verdict=robots.verdict,
        body=robots.body,
        reason=robots.reason,
        fetched_at=robots.fetched_at,
        expires_at=robots.expires_at,
    )
