"""What an operator has to know of, from when it was seen to when it was seen to be over, and the
notices that tell of it.

Whoever watches something brings what is wrong at present, again and again; told is what begins and
what ends, each once. A notice is written in the transaction that begins or ends its concerns, and
is claimed by a lease and sent outside of any, like an alert.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tasks.store import database
from tasks.store.database import Connection

# So many concerns are told one by one.
MOST_NOTES = 20


@dataclass(frozen=True, slots=True)
class Concern:
    """Something that is wrong. `kind` and `subject` (the id of a source, a country) tell it apart from
    others, whatever is `said` of it: a sentence.
    """

    kind: str
    subject: str
    said: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What has begun and what is over."""

    began: tuple[Concern, ...] = ()
    ended: tuple[Concern, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.began or self.ended)


@dataclass(frozen=True, slots=True)
class Notice:
    """A message to the operator that this worker has claimed, by its `attempts`-th try."""

    id: int
    headline: str
    notes: Sequence[str]
    created_at: datetime
    attempts: int
    uncertain: bool


def reconcile(db: Connection, kinds: Iterable[str], current: Sequence[Concern], now: datetime) -> Changes:
    """Bring the open concerns of `kinds` in line with what is wrong at present; what has changed.

    Any number of workers may do so at once: each change is told by one of them.
    """
    with db.transaction():
        began = [
            one
            for one in current
            if database.run(db, "concerns/begin", kind=one.kind, subject=one.subject, said=one.said, now=now)
        ]
        over = database.records(
            db,
            "concerns/end",
            kinds=sorted(kinds),
            current_kinds=[one.kind for one in current],
            current_subjects=[one.subject for one in current],
            now=now,
        )
        ended = [Concern(row["kind"], row["subject"], row["said"]) for row in over]
        changes = Changes(tuple(began), tuple(ended))
        if changes:
            headline, notes = _told(changes)
            database.run(db, "notices/put", headline=headline, notes=notes, now=now)
    return changes


def open_concerns(db: Connection) -> list[dict[str, Any]]:
    """What is wrong at present, the oldest first: kind, subject, said, began_at."""
    return database.records(db, "concerns/open")


def claim_notice(db: Connection, now: datetime, lease_until: datetime) -> Notice | None:
    """The notice that has been due longest, ours until `lease_until`."""
    return database.row(db, Notice, "notices/claim", now=now, lease=lease_until)


def mark_notice(
    db: Connection,
    notice: Notice,
    state: str,
    now: datetime,
    *,
    due: datetime | None = None,
    error: str | None = None,
    uncertain: bool = False,
) -> None:
    """Keep how a try went: `state` is sent, waiting (again at `due`) or given_up."""
    database.run(
        db,
        "notices/mark",
        id=notice.id,
        attempts=notice.attempts,
        state=state,
        now=now,
        due=due,
        error=error,
        uncertain=uncertain,
    )


def _told(changes: Changes) -> tuple[str, list[str]]:
    notes = [one.said for one in changes.began] + [f"Over: {one.said}" for one in changes.ended]
    if len(notes) == 1:
        (one,) = changes.began or changes.ended
        over = "" if changes.began else " no more"
        return f"{one.subject}: {one.kind.replace('_', ' ')}{over}", notes
    parts = [f"{len(changes.began)} new"] if changes.began else []
    parts += [f"{len(changes.ended)} over"] if changes.ended else []
    more = [f"{len(notes) - MOST_NOTES} more."] if len(notes) > MOST_NOTES else []
    return f"Concerns: {', '.join(parts)}", notes[:MOST_NOTES] + more
