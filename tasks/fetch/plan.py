"""What a poll means for its source. Pure: an outcome comes in, the next state comes out."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from tasks.fetch import due
from tasks.fetch.client import Request
from tasks.fetch.guard import port_of
from tasks.fetch.outcome import Failure, FailureKind, Outcome, Response
from tasks.settings.kinds import KINDS
from tasks.store.health import Signs, judged
from tasks.store.sources import WELL, Arrived, Attempt, DueSource, Poll, SourceState

# Once a day "not modified" is put to the test, because some servers say it for ever.
PROBE_EVERY = timedelta(days=1)

_STATES: Mapping[FailureKind, SourceState] = {
    FailureKind.BLOCKED: SourceState.BLOCKED,
    FailureKind.GONE: SourceState.GONE,
    FailureKind.LIMITED: SourceState.LIMITED,
    FailureKind.REFUSED: SourceState.REFUSED,
    FailureKind.ROBOTS: SourceState.ROBOTS,
}
_OUTCOMES: Mapping[FailureKind, str] = {
    FailureKind.BLOCKED: "blocked",
    FailureKind.REFUSED: "refused",
    FailureKind.ROBOTS: "refused",
}
# Failures that speak against the address itself, and for going back to the configured one.
_WRONG_ADDRESS = frozenset({FailureKind.MISSING, FailureKind.GONE, FailureKind.NAME, FailureKind.REFUSED})


def request(source: DueSource, *, probe: bool = False) -> Request:
    """What to ask for. A probe is asked without validators, as is a source whose validators lie."""
    settings = source.settings
    kind = KINDS[settings.kind]
    conditional = source.validators_trusted and not probe
    home = str(settings.url)
    configured = Request(
        home,
        accept=kind.accept,
        largest=kind.largest,
        ports=frozenset([port_of(home)]),
        loopback=settings.loopback,
        tls_pin=settings.tls_pin,
        downgrade=settings.downgrade,
    )
    return replace(
        # What was granted to the configured host holds there, wherever a redirect has led since.
        configured.at(source.url),
        etag=source.etag if conditional else None,
        last_modified=source.last_modified if conditional else None,
        cookies=settings.cookies,
    )


def probe_due(source: DueSource, outcome: Outcome, now: datetime) -> bool:
    """Whether "not modified" is to be put to the test now."""
    if not isinstance(outcome, Response) or not outcome.unchanged:
        return False
    return source.probed_at is None or source.probed_at <= now - PROBE_EVERY


def poll(source: DueSource, outcome: Outcome, now: datetime, spread: float, *, probe: bool = False) -> Poll:
    """The next state of a source, and the body if it is one that has not been read.

    `spread` is a random number from 0 to 1. `probe` says that the outcome is that of a request
    without validators which followed a "not modified".
    """
    if isinstance(outcome, Failure):
        return _failed(source, outcome, now, spread)
    digest = None if outcome.unchanged else sha256(outcome.body).digest()
    unchanged = outcome.unchanged or digest == source.body_hash
    rhythm = due.rhythm(source, outcome.headers, now, unchanged=unchanged)
    due_at = due.after_success(rhythm, source.hints, now, spread)
    move = _move(source, outcome, now)
    if unchanged:
        state, reason = _standing(source, move, now)
        return Poll(
            attempt=attempt(outcome, "unchanged", digest),
            state=state,
            reason=reason,
            failures=0.0,
            due_at=due_at,
            pace=rhythm.pace,
            unchanged=True,
            honest=probe,
            etag=_validator(outcome, "etag", source.etag),
            last_modified=_validator(outcome, "last-modified", source.last_modified),
            probed_at=now if probe else None,
            moved_to=move.to,
            moved_since=move.since,
            moved_seen=move.seen,
            remark=rhythm.remark,
        )
    # Whether the body is any good is for reading to say: until then the state stays what it was.
    silenced = source.state in _STATES.values() or source.failures
    return Poll(
        attempt=attempt(outcome, "ok", digest),
        state=source.content if silenced else source.state,
        reason=source.content_reason if silenced else source.reason,
        failures=source.failures,
        due_at=due_at,
        pace=rhythm.pace,
        probed_at=now if probe else None,
        moved_to=move.to,
        moved_since=move.since,
        moved_seen=move.seen,
        remark=rhythm.remark,
        arrived=arrived(outcome, probe=probe),
    )


def attempt(outcome: Outcome, word: str | None = None, digest: bytes | None = None) -> Attempt:
    """A request as the log keeps it; `word` says what came of it, by default that of its failure."""
    if isinstance(outcome, Failure):
        word = word or _OUTCOMES.get(outcome.kind, "failed")
        return Attempt(outcome.url, word, outcome.elapsed, outcome.status, reason=outcome.reason)
    reason = "the connection ended before the body did" if outcome.truncated else None
    size = len(outcome.body)
    return Attempt(outcome.url, word or "ok", outcome.elapsed, outcome.status, size, reason, digest)


def arrived(response: Response, *, probe: bool = False) -> Arrived:
    """A response as it is kept for reading."""
    return Arrived(
        url=response.url,
        status=response.status,
        body=response.body,
        content_type=response.headers.get("content-type"),
        etag=response.headers.get("etag"),
        last_modified=response.headers.get("last-modified"),
        truncated=response.truncated,
        probe=probe,
    )


def _failed(source: DueSource, failure: Failure, now: datetime, spread: float) -> Poll:
    failures = source.failures + due.WEIGHTS[failure.kind]
    due_at = due.after_failure(source, failure.kind, failures, now, spread)
    until = None
    if failure.kind is FailureKind.LIMITED:
        usual = timedelta(minutes=source.settings.minutes)
        until = now + due.patience(failure.headers or {}, usual, source.group_strikes, now, spread)
        due_at = max(due_at, until)
    return Poll(
        attempt=attempt(failure),
        state=_STATES.get(failure.kind, SourceState.FAILING),
        reason=failure.reason,
        failures=failures,
        due_at=due_at,
        pace=source.pace,
        remark=source.remark,
        moved_to=source.moved_to,
        moved_since=source.moved_since,
        moved_seen=source.moved_seen,
        forget_address=source.address is not None and failure.kind in _WRONG_ADDRESS,
        patience_until=until,
    )


def _standing(source: DueSource, move: "_Move", now: datetime) -> tuple[str, str | None]:
    """The state of a source that shows what it showed before: it may have become stale meanwhile."""
    if source.content not in WELL and source.content != SourceState.NEW:
        return source.content, source.content_reason
    signs = Signs(source.newest_at, source.new_item_at, source.clock_at, source.gap, move.to, source.address)
    state, reason = judged(source.settings, signs, now)
    # What there was to be said of a source that is well still holds: nothing has been read since.
    kept = source.content_reason if state == source.content == SourceState.OK else None
    return state, reason or kept


def _validator(response: Response, name: str, old: str | None) -> str | None:
    """A validator after an answer: "not modified" may leave out what has not changed, a body may not."""
    return response.headers.get(name, old) if response.unchanged else response.headers.get(name)


@dataclass(frozen=True, slots=True)
class _Move:
    to: str | None = None
    since: datetime | None = None
    seen: int = 0


def _move(source: DueSource, response: Response, now: datetime) -> _Move:
    if not response.moved:
        return _Move()
    if source.moved_to != response.url:
        return _Move(response.url, now, 1)
    return _Move(response.url, source.moved_since, source.moved_seen + 1)
