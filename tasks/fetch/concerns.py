"""Which sources an operator has to know of. Pure but for one question to the store.

A party's own channel (rank 1) that is silent beyond what is usual for it; a country whose last
live source is lost; and what will not mend by itself: a wall, a source that has been given up, one
that says that it is somebody else. If nobody answers at all, that is no fault of the sources, and
nothing else is judged.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter

from tasks.model import AGGREGATOR
from tasks.store import database
from tasks.store.concerns import Concern
from tasks.store.database import Connection
from tasks.store.health import PARTY, advice
from tasks.store.sources import SourceState

# The kinds of concern. Those of a state are called like it.
SILENT = "silent"
DARK = "no_live_source"
DEAF = "no_answer"
KINDS = frozenset({SILENT, DARK, DEAF, SourceState.BLOCKED, SourceState.GONE, SourceState.HIJACKED})

# What fails passes as a rule; a source that has failed for so long counts as lost.
LOST = timedelta(days=1)
# Some hours of failure are seen before a silence is laid to it: the service itself may have slept.
SEEN = timedelta(hours=2)
# A wall that stands at the second look (`tasks.fetch.due.WALLED`) is one.
STANDING = timedelta(hours=6)
# If nobody has answered for so long while several were asked, the fault is here.
UNHEARD = timedelta(hours=1)
SEVERAL = 2
# It answers, and nothing comes of it.
_DEAD = frozenset({SourceState.STALE, SourceState.FROZEN, SourceState.HIJACKED, SourceState.GONE})


@dataclass(frozen=True, slots=True)
class Condition:
    """What is known of a source that is on; times in UTC, `gap` is the silence to expect as learned."""

    id: str
    outlet: str
    country: str
    rank: int
    stale_after: int
    state: str
    reason: str | None = None
    polled_at: datetime | None = None
    answered_at: datetime | None = None
    unwell_since: datetime | None = None
    new_item_at: datetime | None = None
    gap: timedelta | None = None

    @property
    def name(self) -> str:
        """How it is called to the operator."""
        return f"{self.outlet} ({self.id})"

    @property
    def unwell(self) -> timedelta:
        """For how long it is seen to have given nothing of what it is for."""
        if self.unwell_since is None or self.polled_at is None:
            return timedelta(0)
        return self.polled_at - self.unwell_since

    @property
    def lost(self) -> bool:
        """Whether nothing can be expected of it any more."""
        return self.state in _DEAD or self.unwell >= LOST


def conditions(db: Connection) -> list[Condition]:
    """The condition of every source that is on."""
    return database.rows(db, Condition, "sources/conditions")


def judged(found: Sequence[Condition], now: datetime) -> tuple[frozenset[str], list[Concern]]:
    """What an operator has to know of at present, and the kinds that could be judged."""
    if deaf := _deaf(found, now):
        return frozenset({DEAF}), [deaf]
    concerns = [concern for one in found for concern in _of_source(one)]
    return KINDS, concerns + list(_dark(found))


def silent(one: Condition) -> str | None:
    """Why a source must be called silent, or None. Judged as of its last poll, so that a sleep of the
    service is laid to nobody.
    """
    if one.polled_at is None:
        return None
    if one.new_item_at is None:
        return "It has never given an item" if one.unwell >= LOST else None
    allowed = one.gap or (LOST if one.unwell else timedelta(days=one.stale_after))
    lasted = one.polled_at - one.new_item_at
    if lasted <= allowed or (one.unwell_since is not None and one.unwell < SEEN):
        return None
    usual = f"at most {span(allowed)} are usual" if one.gap else f"{span(allowed)} are allowed"
    return f"Nothing new since {one.new_item_at:%Y-%m-%d %H:%M} UTC, where {usual}"


def span(length: timedelta) -> str:
    """A length of time in words: hours up to two days, then days."""
    hours = length / timedelta(hours=1)
    return f"{hours:.0f} hours" if hours < 48 else f"{hours / 24:.0f} days"


def _of_source(one: Condition) -> Iterator[Concern]:
    if one.rank == PARTY and (reason := silent(one)):
        yield Concern(SILENT, one.id, f"{one.name} is silent. {reason}; it is {one.state}{_because(one)}.")
    standing = one.state == SourceState.BLOCKED and one.unwell >= STANDING
    if standing or one.state in (SourceState.GONE, SourceState.HIJACKED):
        said = f"{one.name} is {one.state}{_because(one)}. {advice(one.id, one.state)}"
        yield Concern(str(one.state), one.id, said)


def _because(one: Condition) -> str:
    return f": {one.reason}" if one.reason else ""


def _dark(found: Sequence[Condition]) -> Iterator[Concern]:
    # An aggregator is the voice of no country.
    voices = sorted((one for one in found if one.rank != AGGREGATOR), key=attrgetter("country", "id"))
    for country, group in groupby(voices, key=attrgetter("country")):
        members = list(group)
        if all(one.lost for one in members):
            listed = ", ".join(f"{one.id} is {one.state}" for one in members[:5])
            more = f" and {len(members) - 5} more" if len(members) > 5 else ""
            yield Concern(DARK, country, f"{country} has no live source left: {listed}{more}.")


def _deaf(found: Sequence[Condition], now: datetime) -> Concern | None:
    asked = [one for one in found if one.polled_at is not None and one.polled_at > now - UNHEARD]
    answered = max((one.answered_at for one in found if one.answered_at), default=None)
    if len(asked) < SEVERAL or (answered is not None and answered > now - UNHEARD):
        return None
    if answered is None and not all(one.unwell >= UNHEARD for one in asked):
        return None
    since = f"since {answered:%Y-%m-%d %H:%M} UTC" if answered else "yet"
    return Concern(DEAF, "sources", f"No source has answered {since}. Is this machine on the network?")
