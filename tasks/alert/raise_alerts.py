"""Decide the stages that events have reached, and put the alerts of those that are told into the outbox."""

import logging
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from tasks.alert.decide import Decision, Verdict, decide
from tasks.alert.headline import Names
from tasks.alert.message import compose, to_json
from tasks.alert.route import takers
from tasks.settings.channels import Channels
from tasks.settings.configuration import Configuration
from tasks.settings.watch import Watch
from tasks.store import outbox, second_reader
from tasks.store.database import Connection
from tasks.store.outbox import Case, Reached

BATCH = 50

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Raised:
    """How many stages were told, told as late, and kept quiet."""

    alert: int = 0
    late: int = 0
    quiet: int = 0


@dataclass(frozen=True, slots=True)
class Desk:
    """What decides who is told what: the watch, the channels, and the names that messages use."""

    watch: Watch
    channels: Channels
    names: Names

    @classmethod
    def of(cls, configuration: Configuration) -> Self:
        """What a configuration says of it, with the names that its actors and mechanisms have."""
        names = Names(
            states={state.id: state.name for state in configuration.actors.states.values()},
            mechanisms={one.id: one.title for one in configuration.mechanisms.values()},
        )
        return cls(configuration.watch, configuration.channels, names)


def raise_alerts(db: Connection, desk: Desk, now: datetime) -> Raised:
    """Decide every stage that is to be decided; `now` is when an alert counts as raised.

    Any number of processes may do this at the same time. An event that cannot be dealt with does
    not hold up the others.

    Raises:
        ExceptionGroup: after all others, with what went wrong for which event.
    """
    counts: Counter[str] = Counter()
    seen: set[int] = set()
    errors: list[Exception] = []
    since = now - desk.watch.freshness
    while True:
        with db.transaction():
            cases = outbox.claim_cases(db, since, seen, BATCH)
            for case in cases:
                seen.add(case.event.id)
                try:
                    with db.transaction():
                        found = _decided(db, case, desk, since, now)
                except (ValueError, TypeError, LookupError) as error:
                    error.add_note(f"while deciding event {case.event.id}")
                    errors.append(error)
                else:
                    counts.update(found)
        if not cases:
            break
    if errors:
        raise ExceptionGroup("some events could not be decided", errors)
    return Raised(**counts)


def _decided(db: Connection, case: Case, desk: Desk, since: datetime, now: datetime) -> list[str]:
    """Decide the open stages of one event, in the order in which they were reached."""
    verdicts: list[str] = []
    for reached in case.stages:
        if not _open(reached, case, since):
            continue
        decision = decide(reached, case, desk.watch)
        reason = decision.reason
        if decision.verdict is not Verdict.QUIET:
            reason = f"{reason} {_alert(db, case, decision, desk, now)}"
        outbox.decide(db, reached.event_id, reached.stage, decision.verdict, reason, len(case.reports))
        verdicts.append(decision.verdict)
        case = _with(case, reached, decision.verdict)
    return verdicts


def _open(reached: Reached, case: Case, since: datetime) -> bool:
    """Whether a stage is to be decided, for the first time or again (see `outbox.claim_cases`)."""
    if reached.event_id != case.event.id:
        return False
    if reached.decision is None:
        return True
    lately = reached.mention_id is not None and reached.reached_at > since
    return lately and reached.decision == Verdict.QUIET and reached.weighed != len(case.reports)


def _alert(db: Connection, case: Case, decision: Decision, desk: Desk, now: datetime) -> str:
    """Put an alert into the outbox; to whom it goes, in words."""
    if decision.report is None:
        raise ValueError("an alert rests on a report")
    event = case.event
    channels = takers(desk.channels, event.dyad, event.kind, decision.report.stage)
    told = [report.id for report in case.reports if report.stage == decision.report.stage]
    doubts = second_reader.doubts(db, told)
    message = to_json(compose(case, decision, desk.names, now, doubts))
    late = decision.verdict is Verdict.LATE
    outbox.add_alert(db, decision.report, message, channels, late=late, now=now)
    log.info("%s", message["headline"])
    return f"Told to {', '.join(channels)}." if channels else "No channel takes it."


def _with(case: Case, reached: Reached, verdict: Verdict) -> Case:
    stages = (replace(one, decision=verdict) if one is reached else one for one in case.stages)
    return replace(case, stages=tuple(stages))
