"""What the register says about the number of a round (codebook, "Round").

A numbered mechanism meets with some months between its rounds. From the rounds that are known
that makes, for a day, either one number, several, or none; only one is an answer.
"""

from collections.abc import Mapping
from datetime import date

from tasks.model import Interval, Precision
from tasks.settings.mechanisms import Mechanism

_MONTH = 30.44
# A known round this near to a day is that day's round under whatever number.
_SAME_ROUND = 10


def possible(mechanism: Mechanism, known: Mapping[int, Interval], day: date) -> frozenset[int]:
    """The numbers that a round held on `day` can carry; `known` are the rounds with their days."""
    if not mechanism.numbered or mechanism.spacing is None:
        return frozenset()
    earlier = {number: held for number, held in known.items() if held.end <= day}
    later = [number for number, held in known.items() if held.start > day]
    if not earlier:
        return frozenset()
    last = max(earlier)
    months_least = max((day - earlier[last].end).days, 0) / _MONTH
    months_most = (day - earlier[last].start).days / _MONTH
    found = set()
    for steps in range(1, 12):
        number = last + steps
        if later and number >= min(later):
            break
        if steps * mechanism.spacing.least <= months_most and months_least <= steps * mechanism.spacing.most:
            found.add(number)
    return frozenset(found)


def inferred(mechanism: Mechanism, known: Mapping[int, Interval], day: Interval | None) -> int | None:
    """The number of an unnumbered round held in `day`, where only one is possible, else None."""
    if day is None:
        return None
    # A month beside a known round may well be the next one's.
    reach = _SAME_ROUND if day.precision in (Precision.DAY, Precision.RANGE) else 0
    for number, held in sorted(known.items()):
        if (held.start - day.end).days <= reach and (day.start - held.end).days <= reach:
            return number
    numbers = possible(mechanism, known, day.start)
    return next(iter(numbers)) if len(numbers) == 1 else None


def refused(
    mechanism: Mechanism, known: Mapping[int, Interval], number: int, day: Interval | None
) -> str | None:
    """Why a stated number cannot be right for a day, or None.

    A machine's translation makes a 9th round of the 18th; the register knows when the 9th was.
    """
    if day is None:
        return None
    if (held := known.get(number)) is not None:
        distance = max((day.start - held.end).days, (held.start - day.end).days)
        if distance > 60:
            return f"round {number} was held on {held.start}"
        return None
    if any(one > number and held.end < day.start for one, held in known.items()):
        later = min(one for one, held in known.items() if one > number and held.end < day.start)
        return f"round {later} was over before {day.start}"
    if mechanism.spacing is not None and known and number > max(known) + 4:
        return f"round {max(known)} is the last one known"
    return None
