"""A second reader: a language model that is shown what the rules have coded where they were unsure.

It may agree, doubt, or send to review. It makes, deletes and changes no event, mention or score; what
it says stands beside them, in `second_reading`. A doubt is shown in the alert that rests on the mention,
if it is there when the alert is composed, and in `dragoman explain`; it keeps no alert from being sent.

It is asked when mentions have been joined to events and before alerts are raised, because only then is
it known whether sources contradict each other and of what an alert is about to be told. A cycle asks for
`seconds_per_cycle` at most, all told, and then goes on: by no more than that can an alert be held up.

Nothing is sent beyond the budgets of a cycle and of a day; the day's is counted in the store before
each call. An answer that cannot be used is put right once or given up; a call that fails is tried once
more, in a later cycle. An endpoint that fails twice in a row is left alone, for 5 minutes at first.
"""

import asyncio
import json
import logging
import os
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from time import monotonic
from typing import Self, TypeVar

import httpx
import psycopg

from tasks.code.rules import Rules
from tasks.code.second_reader import chat
from tasks.code.second_reader.answer import Answer, AnswerError, Checked, check, parse
from tasks.code.second_reader.chat import ChatError, Messages, Tier
from tasks.code.second_reader.question import INSTRUCTIONS, PROMPT, Question, question
from tasks.settings.second_reader import SecondReader, SecondReaderError
from tasks.store import items, second_reader
from tasks.store.database import Connection, Pool
from tasks.store.rows import Report
from tasks.store.second_reader import Endpoint, Kept, Key

# The scores between which the rules are unsure.
GREY = (0.35, 0.75)
# What was first seen longer ago is not read again: an alert of it has been decided.
LATELY = timedelta(days=1)
MOST_ATTEMPTS = 2
# Not in the same cycle.
AGAIN = timedelta(minutes=4)
# Longer than a cycle may ask.
LEASE = timedelta(minutes=2)
WORKERS = 2
# So many failures in a row, and the endpoint is left alone: 5 minutes, 10 minutes, up to an hour.
STRIKES = 2
FIRST_REST = timedelta(minutes=5)
MOST_REST = timedelta(hours=1)
# An endpoint that asks for more than this is tried all the same.
MOST_WAIT = timedelta(hours=6)
# How much of an answer that has to be put right is sent back.
_REPEATED = 4000

log = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of asking: mentions by outcome, calls and bytes that were sent, seconds that it took.

    `complaint` is what an operator has to mend, if anything.
    """

    taken: int = 0
    cached: int = 0
    agreed: int = 0
    doubted: int = 0
    reviews: int = 0
    unusable: int = 0
    failed: int = 0
    calls: int = 0
    bytes: int = 0
    seconds: float = 0.0
    complaint: str | None = None


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a cycle may still use."""

    calls: int
    bytes: int
    seconds: float

    @classmethod
    def of(cls, settings: SecondReader) -> Self:
        """What a whole cycle may use."""
        return cls(settings.calls_per_cycle, settings.kilobytes_per_cycle * 1000, settings.seconds_per_cycle)

    def less(self, asked: Asked) -> "Allowance":
        """What is left behind some asking."""
        return Allowance(self.calls - asked.calls, self.bytes - asked.bytes, self.seconds - asked.seconds)

    @property
    def empty(self) -> bool:
        """Whether nothing can be asked any more."""
        return self.calls <= 0 or self.bytes <= 0 or self.seconds <= 0


class _BudgetSpentError(RuntimeError):
    """Nothing more may be sent, in this cycle or on this day."""


@dataclass(slots=True)
class _Batch:
    """One asking, shared by its workers."""

    pool: Pool
    settings: SecondReader
    rules: Rules
    now: datetime
    key: str | None
    web: httpx.AsyncClient
    known: Endpoint | None
    tier: Tier
    left: Allowance
    counts: Counter[str] = field(default_factory=Counter)
    strikes: int = 0
    stopped: bool = False
    answered: bool = False
    failed: bool = False
    wait: timedelta | None = None
    reason: str | None = None

    async def store(self, function: Callable[[Connection], T]) -> T:
        """Ask the store, in a thread."""

        def call() -> T:
            with self.pool.connection() as db:
                return function(db)

        return await asyncio.to_thread(call)


async def ask(
    pool: Pool,
    settings: SecondReader,
    rules: Rules,
    allowance: Allowance,
    now: datetime,
    environ: Mapping[str, str] = os.environ,
) -> Asked:
    """Show the second reader what is worth a second look, within `allowance`; what came of it.

    Any number of processes may do this at the same time. It returns in time whatever the endpoint does.

    Raises:
        ExceptionGroup: the database has gone.
    """
    if allowance.empty:
        return Asked()
    begun = monotonic()
    try:
        key = settings.key(environ)
    except SecondReaderError as error:
        return Asked(complaint=f"the second reader cannot be asked: {error}")
    async with chat.client() as web:
        batch = _Batch(pool, settings, rules, now, key, web, None, Tier.SCHEMA, allowance)
        try:
            async with asyncio.timeout(allowance.seconds):
                await _asked(batch)
        except TimeoutError:
            # One that has answered nothing in all that time would hold up the next cycle as well.
            batch.failed = not batch.answered
            batch.reason = f"no answer within {allowance.seconds:g} seconds"
        known = await _remembered(batch)
    asked = Asked(**batch.counts, seconds=monotonic() - begun, complaint=_complaint(known, now))
    if asked.taken:
        log.info("second reader: %s", asdict(asked))
    return asked


async def _asked(batch: _Batch) -> None:
    url, model = _place(batch)
    batch.known = await batch.store(lambda db: second_reader.endpoint(db, url, model))
    if batch.known is not None:
        batch.tier = Tier(batch.known.tier)
        if batch.known.rest_until is not None and batch.known.rest_until > batch.now:
            return
    async with asyncio.TaskGroup() as group:
        for _ in range(WORKERS):
            group.create_task(_work(batch))


def _place(batch: _Batch) -> tuple[str, str]:
    return str(batch.settings.url), str(batch.settings.model)


async def _work(batch: _Batch) -> None:
    """Show one mention after the other, until none is left, or nothing may be sent any more."""
    while not batch.stopped:
        report = await batch.store(
            lambda db: second_reader.claim(
                db, batch.now, since=batch.now - LATELY, lease=batch.now + LEASE, grey=GREY,
                most_attempts=MOST_ATTEMPTS,
            )
        )  # fmt: skip
        if report is None:
            return
        batch.counts["taken"] += 1
        await _shown(batch, report)


async def _shown(batch: _Batch, report: Report) -> None:
    """Show one mention; what cannot be asked now is given back, what fails is kept with its reason."""
    number, now = report.id, batch.now
    try:
        await _judge(batch, report)
    except _BudgetSpentError:
        batch.stopped = True
        batch.counts["taken"] -= 1
        await batch.store(lambda db: second_reader.hand_back(db, number, now))
    except ChatError as error:
        _strike(batch, error)
        reason = str(error)
        await batch.store(lambda db: second_reader.fail(db, number, reason, now + AGAIN, now))
    except psycopg.OperationalError:
        raise
    except Exception as error:
        batch.counts["failed"] += 1
        log.exception("mention %s could not be shown to the second reader", number)
        reason = type(error).__name__
        await batch.store(lambda db: second_reader.fail(db, number, reason, now + AGAIN, now))


def _strike(batch: _Batch, error: ChatError) -> None:
    batch.counts["failed"] += 1
    batch.strikes += 1
    batch.reason = str(error)
    batch.wait = error.wait
    if error.hopeless or batch.strikes >= STRIKES:
        batch.stopped = batch.failed = True


async def _judge(batch: _Batch, report: Report) -> None:
    asked = await batch.store(lambda db: _question(db, report, batch.rules))
    if asked is None:
        batch.counts["failed"] += 1
        reason = "the item does not say any more what the rules quote"
        await batch.store(lambda db: second_reader.fail(db, report.id, reason, batch.now + AGAIN, batch.now))
        return
    key = Key(asked.hash, PROMPT, str(batch.settings.model))
    kept = await batch.store(lambda db: second_reader.answer(db, key))
    if kept is not None:
        batch.counts["cached"] += 1
        await _keep(batch, report, key, asked, kept, cached=True)
        return
    given = await _given(batch, asked)
    await batch.store(lambda db: second_reader.put_answer(db, key, given, batch.now))
    await _keep(batch, report, key, asked, given, cached=False)


def _question(db: Connection, report: Report, rules: Rules) -> Question | None:
    stored = items.get(db, report.item_id)
    return None if stored is None else question(report, stored.item, stored.zone, rules)


async def _keep(
    batch: _Batch,
    report: Report,
    key: Key,
    asked: Question,
    kept: Kept,
    *,
    cached: bool,
) -> None:
    """Keep what an answer comes to. One from the cache is checked as well: the rules may have changed."""
    checked: Checked | None = None
    reason = kept.reason
    if kept.answer is not None:
        try:
            checked = check(Answer.model_validate(kept.answer), asked)
        except ValueError as error:
            reason = str(error) if isinstance(error, AnswerError) else "it has another form than today's"
    verdict = checked.verdict.value if checked else "unusable"
    judgements = [asdict(one) for one in checked.judgements] if checked else []
    if verdict in _COUNTED:
        batch.counts[_COUNTED[verdict]] += 1
    await batch.store(
        lambda db: second_reader.judge(
            db, report.id, key, verdict, judgements, batch.now, failure=reason, cached=cached
        )
    )


_COUNTED = {"agree": "agreed", "doubt": "doubted", "review": "reviews", "unusable": "unusable"}


async def _given(batch: _Batch, asked: Question) -> Kept:
    """An answer that passes; without one, the reason: it was not to be had in two tries."""
    said, reason = await _said(batch, asked, ()), ""
    for last in (False, True):
        try:
            return Kept(check(parse(said), asked).answer.model_dump(mode="json"), None)
        except AnswerError as error:
            reason = str(error)
        if not last:
            said = await _said(batch, asked, _put_right(said, reason))
    return Kept(None, reason)


def _put_right(said: str, reason: str) -> Messages:
    told = f"This cannot be used: {reason}. Answer again, with the JSON object alone."
    return ({"role": "assistant", "content": said[:_REPEATED]}, {"role": "user", "content": told})


async def _said(batch: _Batch, asked: Question, more: Messages) -> str:
    """What the model says, asked in the fullest way that the endpoint takes."""
    while True:
        tier = batch.tier
        messages = _messages(asked, tier, more)
        content = chat.request(batch.settings, tier, messages, asked.schema())
        await _reserve(batch, len(content))
        try:
            said = await chat.send(batch.web, batch.settings, batch.key, content, batch.now)
        except ChatError as error:
            lower = tier.below()
            if not error.unknown_part or lower is None:
                raise
            # Another worker may have found out the same.
            if batch.tier is tier:
                batch.tier = lower
            continue
        batch.strikes = 0
        batch.answered = True
        return said


def _messages(asked: Question, tier: Tier, more: Messages) -> Messages:
    told = INSTRUCTIONS
    if tier is not Tier.SCHEMA:
        told += f"\n\nThe JSON schema of the answer: {json.dumps(asked.schema())}"
    return ({"role": "system", "content": told}, {"role": "user", "content": asked.content}, *more)


async def _reserve(batch: _Batch, size: int) -> None:
    """Count a call against the cycle and the day.

    Raises:
        _BudgetSpentError: one of them has no room for it.
    """
    settings = batch.settings
    if batch.left.calls < 1 or batch.left.bytes < size:
        raise _BudgetSpentError
    # Before the store is asked: the other worker must not take the same last call.
    batch.left = replace(batch.left, calls=batch.left.calls - 1, bytes=batch.left.bytes - size)
    if not await batch.store(
        lambda db: second_reader.reserve(
            db, batch.now.date(), size,
            most_calls=settings.calls_per_day, most_bytes=settings.kilobytes_per_day * 1000,
        )
    ):  # fmt: skip
        raise _BudgetSpentError
    batch.counts["calls"] += 1
    batch.counts["bytes"] += size


async def _remembered(batch: _Batch) -> Endpoint | None:
    """Keep what was learned of the endpoint, if anything; what is known of it."""
    url, model = _place(batch)
    known = batch.known
    if batch.answered and not batch.failed:
        learned = Endpoint(batch.tier, 0, None, None)
    elif batch.failed:
        failures = (known.failures if known else 0) + 1
        rest = min(MOST_REST, FIRST_REST * 2 ** min(failures - 1, 10))
        rest = max(rest, min(batch.wait or timedelta(0), MOST_WAIT))
        tier = batch.tier if batch.answered else (known.tier if known else Tier.SCHEMA)
        learned = Endpoint(tier, failures, batch.now + rest, batch.reason)
    else:
        return known
    if learned != known:
        await batch.store(lambda db: second_reader.put_endpoint(db, url, model, learned))
    return learned


def _complaint(known: Endpoint | None, now: datetime) -> str | None:
    if known is None or known.rest_until is None or known.rest_until <= now:
        return None
    return f"the second reader is not asked until {known.rest_until:%H:%M} UTC: {known.reason}"
