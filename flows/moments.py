"""The clock of a flow run, and whether the run has come too late to be of use."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import monotonic

from prefect import State
from prefect.runtime import flow_run
from prefect.states import Completed


def clock(now: str | None) -> Callable[[], datetime]:
    """The present in UTC: the machine's, or one that begins at `now` (ISO 8601 with its zone).

    Raises:
        ValueError: `now` is no such time.
    """
    if now is None:
        return lambda: datetime.now(UTC)
    began, start = monotonic(), datetime.fromisoformat(now)
    if start.tzinfo is None:
        raise ValueError(f"has no zone: {now}")
    return lambda: start.astimezone(UTC) + timedelta(seconds=monotonic() - began)


def too_late(every: timedelta) -> State[None] | None:
    """The state to end with when the next run is due already, because this one was kept waiting.

    All that it would have done the next one will do.
    """
    planned = flow_run.scheduled_start_time
    if planned is None or datetime.now(UTC) - planned < every:
        return None
    return Completed(
        name="Skipped", message=f"It was due at {planned:%H:%M}, and the next run is due by now."
    )
