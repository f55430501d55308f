"""Dates that move with the clock: a page that calls everything in it "today" dates nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

# An item cannot have been published after it was seen; clocks differ by a little.
TOLERANCE = timedelta(minutes=10)
# What is dated by the moment of asking is dated by this moment.
JUST_NOW = timedelta(minutes=1)
# Over so much of what is shown must the dates move. Single items are dated anew when they are edited.
MOSTLY = 0.8
HALF = 0.5
# So many items of one and the same moment, the present one, are no coincidence.
SEVERAL = 3
# Of a day's precision, a date that moves shows only after the day.
SETTLED = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Dated:
    """An item that states a date, as it is found now; `seen` is when it was first, None if that is now.

    `same` says that its words are those that it had.
    """

    published: datetime
    seen: datetime | None
    same: bool = True


def moves(found: Sequence[Dated], now: datetime, *, already: bool) -> bool:
    """Whether the dates of a document move with the clock.

    They do if most of what is known and unchanged is dated after the moment in which it was first
    seen; and in a first reading if everything is dated just now. With `already`, which says that
    they did before, they are believed again when what was seen days ago keeps its date.
    """
    known = [one for one in found if one.seen is not None and one.same]
    if already and known:
        old = [one for one in known if one.seen is not None and one.seen < now - SETTLED]
        return not old or _later(old) >= MOSTLY * len(old)
    if known and len(known) >= HALF * len(found):
        return _later(known) >= MOSTLY * len(known)
    if any(one.seen is not None for one in found):
        return False
    return len(found) >= SEVERAL and all(abs(one.published - now) <= JUST_NOW for one in found)


def _later(known: Sequence[Dated]) -> int:
    return sum(one.seen is not None and one.published > one.seen + TOLERANCE for one in known)
