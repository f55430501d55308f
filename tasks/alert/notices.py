"""Bring to the operator what the service has to say of itself: each notice once.

What belongs to an event goes to the channels as an alert; this is about sources, channels and the
service. A notice for which nobody is named is written to the log and let go, so that whoever is
named later is not told of last year.
"""

import logging
import os
from collections.abc import Mapping
from datetime import datetime

from tasks.alert.channels import PATIENCE, tell_operator
from tasks.alert.deliver import MOST_AGE, MOST_ATTEMPTS, Drained, backoff
from tasks.settings.channels import Channels
from tasks.store import concerns
from tasks.store.concerns import Notice
from tasks.store.database import Pool

LEASE = PATIENCE * 3
# One notice tells of everything that has changed at a time.
MOST = 20

log = logging.getLogger(__name__)


def tell(pool: Pool, channels: Channels, now: datetime, environ: Mapping[str, str] = os.environ) -> Drained:
    """Send the notices that are due; how it went. What fails is due again later, for three days."""
    counts = {"sent": 0, "failed": 0, "given_up": 0}
    for _ in range(MOST):
        with pool.connection() as db:
            notice = concerns.claim_notice(db, now, now + LEASE)
        if notice is None:
            break
        counts[_tried(pool, channels, notice, now, environ)] += 1
    return Drained(**counts)


def _tried(pool: Pool, channels: Channels, notice: Notice, now: datetime, environ: Mapping[str, str]) -> str:
    outcome = tell_operator(
        channels,
        notice.headline,
        notice.notes,
        now,
        environ,
        name=f"notice-{notice.id}",
        created_at=notice.created_at,
        repeat=notice.uncertain,
    )
    if outcome is None:
        log.warning("No operator is named in channels.yaml to be told: %s", _line(notice))
    if outcome is None or outcome.sent:
        with pool.connection() as db:
            concerns.mark_notice(
                db, notice, "sent", now, error=outcome.error if outcome else "nobody is named"
            )
        return "sent"
    error = outcome.error or "no reason given"
    hopeless = notice.attempts >= MOST_ATTEMPTS or now - notice.created_at >= MOST_AGE
    due = now + max(backoff(notice.attempts), outcome.wait or backoff(1))
    with pool.connection() as db:
        state = "given_up" if hopeless else "waiting"
        concerns.mark_notice(db, notice, state, now, due=due, error=error, uncertain=outcome.uncertain)
    log.log(
        logging.ERROR if hopeless else logging.WARNING,
        "The operator could not be told (try %s): %s: %s", notice.attempts, error, _line(notice),
    )  # fmt: skip
    return "given_up" if hopeless else "failed"


def _line(notice: Notice) -> str:
    return " ".join([notice.headline, *notice.notes])
