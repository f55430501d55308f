"""Which stage of an event is told (codebook, "Stage" and "Background").

A decision rests on what the store holds and on no clock, so that it comes out the same live, in a
replay of last year, and for items one by one or in a batch.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from tasks.model import DateBasis, Precision, Stage
from tasks.settings.watch import Watch
from tasks.store.mentions import REGISTER
from tasks.store.outbox import Case, Reached
from tasks.store.rows import Report, StoredEvent

# A report that comes more than this after the event's last day is told as late.
PROMPT = timedelta(days=7)

# What makes a stage old news once it has been reached.
LATER: Mapping[Stage, frozenset[Stage]] = MappingProxyType(
    {
        Stage.ANNOUNCED: frozenset({Stage.UNDER_WAY, Stage.HELD}),
        Stage.UNDER_WAY: frozenset({Stage.HELD}),
        Stage.POSTPONED: frozenset({Stage.UNDER_WAY, Stage.HELD}),
        Stage.CANCELLED: frozenset({Stage.UNDER_WAY, Stage.HELD}),
    }
)
SETBACKS = frozenset({Stage.POSTPONED, Stage.CANCELLED, Stage.DENIED})
# One alert, whichever comes first.
TWIN = MappingProxyType({Stage.UNDER_WAY: Stage.HELD, Stage.HELD: Stage.UNDER_WAY})


_ARCHIVED = "Only items of the archive that were coded again tell of it: it is old, and nobody is told."


class Verdict(StrEnum):
    """What becomes of a stage."""

    ALERT = "alert"
    LATE = "late"  # an alert that says that it comes late
    QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a stage, why, and on which report that rests (None if on no single one)."""

    verdict: Verdict
    reason: str
    report: Report | None = None


def decide(reached: Reached, case: Case, watch: Watch) -> Decision:
    """Whether a stage of the event of `case` is told.

    The reports of the stage are weighed in the order in which they came, and the first that is
    news decides: one vague report does not silence the clear one after it.
    """
    known = _not_watched(reached, case, watch) or _already_known(reached, case)
    if reason := known or _in_doubt(reached, case):
        return Decision(Verdict.QUIET, reason)
    reports = [
        report for report in case.reports if report.family != REGISTER and report.stage == reached.stage
    ]
    weighed = [_weigh(report, case.event, watch) for report in reports if report.id not in case.recoded]
    if not weighed:
        return Decision(Verdict.QUIET, _ARCHIVED if reports else "No report of it is left in the store.")
    return next((one for one in weighed if one.verdict is not Verdict.QUIET), weighed[0])


def _not_watched(reached: Reached, case: Case, watch: Watch) -> str | None:
    event = case.event
    first = next((report for report in case.reports if report.id == reached.mention_id), None)
    if reached.mention_id is None or (first is not None and first.family == REGISTER):
        return "It comes from the register, which is history."
    if event.merged_into is not None:
        return f"The event is the same as event {event.merged_into}, which is told in its place."
    if watch.dyads is not None and event.dyad not in watch.dyads:
        return f"The dyad {event.dyad} is not among those that alert."
    if event.kind not in watch.kinds:
        return f"The kind {event.kind} is not among those that alert."
    return None


def _already_known(reached: Reached, case: Case) -> str | None:
    stage = Stage(reached.stage)
    if stage is Stage.DENIED and all(other.stage == stage for other in case.stages):
        return "A denial of what nobody had reported is no event."
    for other in case.stages:
        told = other.decision in (Verdict.ALERT, Verdict.LATE)
        if told and other.stage == stage:
            return f"It was told as event {other.event_id}, which turned out to be the same."
        if told and other.stage == TWIN.get(stage):
            return f"It was told as {other.stage}: the beginning and the end of an event are one alert."
        if other.stage in LATER.get(stage, ()) and _known_before(other, reached):
            return f"It comes late: the event had already reached {other.stage}."
        if stage is Stage.ANNOUNCED and other.stage in SETBACKS and _published_before(reached, other, case):
            return f"It comes late: the event had already been {other.stage} when this was published."
    return None


def _in_doubt(reached: Reached, case: Case) -> str | None:
    """Whether this may have been told already, of an event that may be this one."""
    stage = Stage(reached.stage)
    for doubt in case.doubts:
        if doubt.stage in (stage, TWIN.get(stage)):
            return f"It may be event {doubt.other_id}, of which this was told: it waits for review."
    return None


def _known_before(other: Reached, reached: Reached) -> bool:
    """Whether `other` was known when `reached` was first decided, or is by now when it is again."""
    if reached.decision is not None:
        return True
    return (other.reached_at, other.mention_id or 0) < (reached.reached_at, reached.mention_id or 0)


def _published_before(announced: Reached, setback: Reached, case: Case) -> bool:
    """Whether the announcement is older than the setback, or cannot be shown to be younger."""
    reports = {report.id: report for report in case.reports}
    first, second = (reports.get(stage.mention_id or 0) for stage in (announced, setback))
    if first is None or second is None or not _known_before(setback, announced):
        return False
    return (first.published or first.first_seen) <= (second.published or second.first_seen)


def _weigh(report: Report, event: StoredEvent, watch: Watch) -> Decision:
    """Whether one report is news: by the day of the event, else by the time of publication."""
    published = min(report.published, report.first_seen) if report.published else None
    if published and report.first_seen - published > watch.freshness:
        lag = (report.first_seen - published).days
        return _quiet(report, f"It was published on {_day(published)}, {lag} days before it was read.")
    # What came without a date says not when it was published, if it came with a source's whole stock
    # or by way of an aggregator: those find old pages as well.
    dateless = published is None and (report.baseline or report.lead)
    setback = report.stage in SETBACKS and not report.background
    if setback and not dateless:
        # The day for which the event had been planned does not age the news that it is off.
        return Decision(Verdict.ALERT, "It is the first report of this stage.", report)
    when = (published or report.first_seen).date()
    ages = _ages(event, when)
    if ages is None:
        return _by_publication(report, dateless=dateless)
    least, most = ages
    if least > watch.freshness or ((report.background or dateless) and most > watch.freshness):
        return _quiet(report, f"The event lies more than {watch.freshness_days} days before {_day(when)}.")
    if report.background:
        reason = "The first report is a look back: the event itself had been missed."
        return Decision(Verdict.LATE, reason, report)
    if least > PROMPT:
        reason = f"The first report came {least.days} days after the event."
        return Decision(Verdict.LATE, reason, report)
    return Decision(Verdict.ALERT, "It is the first report of this stage.", report)


def _by_publication(report: Report, *, dateless: bool) -> Decision:
    """The decision on an event of which no day is known; what was published too early is out already."""
    if report.background:
        return _quiet(report, "It is a look back that does not say when the event was.")
    if dateless:
        came = "by way of an aggregator" if report.lead else "with the first reading of its source"
        return _quiet(report, f"It came {came} and bears no date.")
    return Decision(Verdict.ALERT, "It is the first report of this stage.", report)


def _ages(event: StoredEvent, when: date) -> tuple[timedelta, timedelta] | None:
    """How long before `when` the last day of the event lies, at least and at most; None if not known.

    A day that was taken from the publication is no date of the event.
    """
    start, end = event.date_start, event.date_end
    if start is None or end is None or event.date_basis == DateBasis.PUBLISHED:
        return None
    exact = event.date_precision in (Precision.DAY, Precision.RANGE)
    return when - end, when - (end if exact else start)


def _quiet(report: Report, reason: str) -> Decision:
    return Decision(Verdict.QUIET, reason, report)


def _day(moment: date) -> str:
    return f"{moment.day} {moment:%B %Y}"
