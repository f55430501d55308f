"""What a second reader was shown and what it said; the budget that it is held to.

Nothing here touches an event, a mention or a stage.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from psycopg.types.json import Jsonb

from tasks.store import mentions
from tasks.store.database import Connection, records, row, rows, run
from tasks.store.rows import Report


@dataclass(frozen=True, slots=True)
class Key:
    """What an answer is kept under: the question's hash, the instructions' version, the model."""

    question: bytes
    prompt: str
    model: str


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer that was given before; None with the reason if it was not usable."""

    answer: Mapping[str, Any] | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Endpoint:
    """How an endpoint is spoken to, how many batches in a row it failed, until when and why it rests."""

    tier: str
    failures: int
    rest_until: datetime | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Doubts:
    """That a model doubts a mention, or (`review`) asks for a person to look; its judgements by field."""

    mention_id: int
    verdict: str
    model: str
    judgements: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Spent:
    """What was sent on a day."""

    calls: int = 0
    bytes: int = 0


def claim(
    db: Connection,
    now: datetime,
    *,
    since: datetime,
    lease: datetime,
    grey: tuple[float, float],
    most_attempts: int,
) -> Report | None:
    """The next mention first seen after `since` that is worth a second look, ours until `lease`.

    `grey` is the band of scores, both ends in it, in which the rules are unsure.
    """
    low, high = grey
    found = records(
        db, "second_reader/claim",
        now=now, since=since, lease=lease, low=low, high=high, most_attempts=most_attempts,
    )  # fmt: skip
    if not found:
        return None
    told = mentions.of_item(db, found[0]["item_id"])
    return next((report for report in told if report.id == found[0]["mention_id"]), None)


def hand_back(db: Connection, mention_id: int, now: datetime) -> None:
    """Give a claimed mention back, because nothing was sent."""
    run(db, "second_reader/hand_back", mention_id=mention_id, now=now)


def fail(db: Connection, mention_id: int, failure: str, due: datetime, now: datetime) -> None:
    """Keep why a mention could not be judged; from `due` on it may be claimed if it has attempts left."""
    run(db, "second_reader/fail", mention_id=mention_id, failure=failure, due=due, now=now)


def judge(
    db: Connection,
    mention_id: int,
    key: Key,
    verdict: str,
    judgements: Sequence[Mapping[str, Any]],
    now: datetime,
    *,
    failure: str | None = None,
    cached: bool = False,
) -> None:
    """Keep what came of showing a mention; `cached` says that the answer was there already."""
    run(
        db, "second_reader/judge",
        mention_id=mention_id, verdict=verdict, judgements=Jsonb(list(judgements)), failure=failure,
        question=key.question, prompt=key.prompt, model=key.model, cached=cached, now=now,
    )  # fmt: skip


def answer(db: Connection, key: Key) -> Kept | None:
    """The answer to a question that was asked before, or None."""
    return row(
        db, Kept, "second_reader/answer", question=key.question, prompt=key.prompt, model=key.model
    )  # fmt: skip


def put_answer(db: Connection, key: Key, given: Kept, now: datetime) -> None:
    """Keep an answer, so that nobody is asked again."""
    run(
        db, "second_reader/put_answer",
        question=key.question, prompt=key.prompt, model=key.model,
        answer=None if given.answer is None else Jsonb(given.answer), reason=given.reason, now=now,
    )  # fmt: skip


def reserve(db: Connection, day: date, size: int, *, most_calls: int, most_bytes: int) -> bool:
    """Count one call of `size` bytes against a day; whether it had room for it.

    It is one statement, so that any number of workers keep to one budget.
    """
    return (
        run(
            db, "second_reader/reserve",
            day=day, bytes=size, most_calls=most_calls, most_bytes=most_bytes,
        )
        > 0
    )  # fmt: skip


def spent(db: Connection, day: date) -> Spent:
    """What was sent on a day of UTC."""
    return row(db, Spent, "second_reader/day", day=day) or Spent()


def endpoint(db: Connection, url: str, model: str) -> Endpoint | None:
    """What is known of an endpoint, None if it was never reached."""
    return row(db, Endpoint, "second_reader/endpoint", url=url, model=model)


def put_endpoint(db: Connection, url: str, model: str, known: Endpoint) -> None:
    """Keep what is known of an endpoint."""
    run(
        db, "second_reader/put_endpoint",
        url=url, model=model, tier=known.tier, failures=known.failures, rest_until=known.rest_until,
        reason=known.reason,
    )  # fmt: skip


def doubts(db: Connection, told: Sequence[int]) -> list[Doubts]:
    """What is doubted of some mentions, in the order of their ids."""
    return rows(db, Doubts, "second_reader/doubts", mentions=list(told)) if told else []


def of_item(db: Connection, item_id: int) -> list[dict[str, Any]]:
    """What was made of the mentions of an item, by their position."""
    return records(db, "second_reader/of_item", item_id=item_id)


def latest(db: Connection, limit: int) -> list[dict[str, Any]]:
    """The latest doubts and what was sent to review, newest first."""
    return records(db, "second_reader/latest", limit=limit)
