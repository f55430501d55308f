"""How a source is doing that gives items, what an operator can do about each state, and how much
longer a source is left alone that fails. Pure: nothing here asks the store.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from tasks.settings.sources import Source
from tasks.store.sources import SourceState

DAY = timedelta(days=1)
# Above its own longest usual silence by so much, a source that calls itself fresh is frozen.
FAR = 4
FAR_AT_LEAST = timedelta(days=2)
# What has shown the same for so long is an archive, whatever it says of itself.
FOREVER = timedelta(days=365)
# A party's own channel (rank 1) that fails is asked again within the hour, any other within the day.
PARTY = 1
LONGEST_FOR_PARTY = timedelta(hours=1)

ADVICE: Mapping[str, str] = {
    SourceState.NEW: "Nothing: it is polled with the next cycle.",
    SourceState.OK: "",
    SourceState.MOVED: "Set `url` in its entry to the new address.",
    SourceState.STALE: "Look at the site: find its live feed, or raise `stale_after` if it is this quiet.",
    SourceState.FROZEN: "Look for the feed that the site keeps up now; this one is a dead copy.",
    SourceState.HIJACKED: "Look at the site. If it is still who it was: dragoman sources trust {id}."
    " If not, set `enabled: false` with a reason.",
    SourceState.EMPTY: "Open the address in a browser; if it stays empty, look for another feed.",
    SourceState.NOT_A_FEED: "Open the address in a browser; find the feed with dragoman sources add.",
    SourceState.REDESIGNED: "Open the page and mend `links` or `api` in its entry.",
    SourceState.TOXIC: "Open the address in a browser; turn the source off if it stays like this.",
    SourceState.FAILING: "Nothing for now: it is polled again, ever less often. After days, look at it.",
    SourceState.LIMITED: "Nothing: it is left alone as long as it asks. If it recurs, raise `minutes`.",
    SourceState.BLOCKED: "Ask the publisher, or cover it by other sources; a wall is not climbed.",
    SourceState.REFUSED: "Correct `url`, or allow in its entry what is refused.",
    SourceState.ROBOTS: "Ask the publisher for leave, or turn the source off.",
    SourceState.GONE: "Find its new address, or set `enabled: false` with a reason.",
}


@dataclass(frozen=True, slots=True)
class Signs:
    """What bears on how a source is doing that gives items.

    `newest_at` is the newest time of publication in it, None where it dates nothing; `new_item_at`
    when it last brought an item that was not known; `clock_at` when it says that it last changed;
    `gap` the silence to expect of it as learned. `moved_to` is where a permanent redirect leads,
    and `address` where one has led for so long that it is asked there.
    """

    newest_at: datetime | None
    new_item_at: datetime | None
    clock_at: datetime | None = None
    gap: timedelta | None = None
    moved_to: str | None = None
    address: str | None = None


def judged(settings: Source, signs: Signs, now: datetime) -> tuple[SourceState, str | None]:
    """The state of a source that gives items, and why; ok needs no reason."""
    if reason := _frozen(settings, signs, now):
        return SourceState.FROZEN, reason
    if reason := silence(settings, signs.newest_at, signs.new_item_at, now):
        return SourceState.STALE, reason
    if signs.moved_to:
        return SourceState.MOVED, f"a permanent redirect leads to {signs.moved_to}"
    if signs.address:
        return SourceState.MOVED, f"it has lastingly moved, and is asked at {signs.address}"
    return SourceState.OK, None


def silence(
    settings: Source, newest_at: datetime | None, new_item_at: datetime | None, now: datetime
) -> str | None:
    """Why a source that answers must be called stale, or None.

    Judged by the newest time of publication, and where a source dates nothing, by the last time
    that it brought anything new.
    """
    allowed = timedelta(days=settings.stale_after)
    if newest_at is not None and newest_at < now - allowed:
        return f"its newest item is of {newest_at:%Y-%m-%d}"
    if newest_at is None and new_item_at is not None and new_item_at < now - allowed:
        return f"it has brought nothing new since {new_item_at:%Y-%m-%d}"
    return None


def advice(source_id: str, state: str) -> str:
    """What an operator can do about a source in this state."""
    return ADVICE.get(state, "").format(id=source_id)


def backoff(settings: Source, failures: float) -> timedelta:
    """How long a source is left alone that has failed: longer with each failure in a row, in a
    straight line, up to a day; a party's own channel up to an hour.

    `failures` is their sum by weight. A site that says no in so many words is given more; see
    `tasks.fetch.due`.
    """
    usual = timedelta(minutes=settings.minutes)
    longest = LONGEST_FOR_PARTY if settings.rank == PARTY else max(DAY, usual)
    return min(usual * (1 + failures), longest)


def _frozen(settings: Source, signs: Signs, now: datetime) -> str | None:
    """Why a source is a dead copy: the same items for very long, and yet it says that it is fresh."""
    allowed = timedelta(days=settings.stale_after)
    far = max(signs.gap * FAR, FAR_AT_LEAST) if signs.gap else allowed
    since, newest, clock = signs.new_item_at, signs.newest_at, signs.clock_at
    if since is not None and since < now - FOREVER:
        return f"it has shown the same items since {since:%Y-%m-%d}"
    if newest is not None and newest < now - allowed and clock is not None and clock >= now - allowed:
        return f"it says that it changed on {clock:%Y-%m-%d}, and its newest item is of {newest:%Y-%m-%d}"
    claims = [moment for moment in (newest, clock) if moment is not None and moment >= now - far]
    if since is not None and since < now - far and claims:
        return (
            f"it shows the same items since {since:%Y-%m-%d}, and calls them as new as {max(claims):%Y-%m-%d}"
        )
    return None
