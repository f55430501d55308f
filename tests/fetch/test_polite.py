"""Taking turns within a rate group."""

from datetime import datetime, timedelta
from itertools import pairwise

from tasks.fetch.polite import Clock, Turn
from tests.support.sources import NOW


async def starts(turn: Turn, *waits: tuple[float, float | None]) -> list[datetime]:
    found: list[datetime] = []
    for spacing, delay in waits:
        await turn.wait(spacing, delay)
        assert turn.started_at is not None
        found.append(turn.started_at)
    return found


async def test_b40_from_start_to_start_there_is_a_pause() -> None:
    found = await starts(Turn(Clock(NOW), None), (0.05, None), (0.05, None), (0.0, 0.05))
    assert all(later - earlier >= timedelta(seconds=0.05) for earlier, later in pairwise(found))


async def test_b40_the_longest_pause_of_a_group_holds_for_all_of_it() -> None:
    """Of a site whose sources ask for two seconds and for five, none is asked after two."""
    found = await starts(Turn(Clock(NOW), None, least=0.08), (0.01, None), (0.0, None), (0.01, 0.02))
    assert all(later - earlier >= timedelta(seconds=0.08) for earlier, later in pairwise(found))


async def test_b40_what_another_worker_began_counts() -> None:
    clock = Clock(NOW)
    (first,) = await starts(Turn(clock, NOW), (0.05, None))
    assert first >= NOW + timedelta(seconds=0.05)


async def test_a_clock_that_was_set_back_stops_nobody() -> None:
    (first,) = await starts(Turn(Clock(NOW), NOW + timedelta(hours=1)), (0.05, None))
    assert first < NOW + timedelta(seconds=5)
