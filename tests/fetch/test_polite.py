"""Taking turns within a rate group."""

import asyncio
from datetime import datetime, timedelta
from itertools import pairwise

from tasks.fetch.polite import MOST_TURNS, Clock, Turn, Turns
from tests.support.sources import NOW


async def starts(turn: Turn, clock: Clock, *waits: tuple[float, float | None]) -> list[datetime]:
    found: list[datetime] = []
    for spacing, delay in waits:
        async with turn.taken(clock, spacing, delay):
            assert turn.started_at is not None
            found.append(turn.started_at)
    return found


async def test_b40_from_start_to_start_there_is_a_pause() -> None:
    found = await starts(Turn(), Clock(NOW), (0.05, None), (0.05, None), (0.0, 0.05))
    assert all(later - earlier >= timedelta(seconds=0.05) for earlier, later in pairwise(found))


async def test_b40_the_longest_pause_of_a_group_holds_for_all_of_it() -> None:
    """Of a site whose sources ask for two seconds and for five, none is asked after two."""
    found = await starts(Turn(least=0.08), Clock(NOW), (0.01, None), (0.0, None), (0.01, 0.02))
    assert all(later - earlier >= timedelta(seconds=0.08) for earlier, later in pairwise(found))


async def test_b40_what_another_worker_began_counts() -> None:
    clock = Clock(NOW)
    (first,) = await starts(Turn(NOW), clock, (0.05, None))
    assert first >= NOW + timedelta(seconds=0.05)


async def test_a_clock_that_was_set_back_stops_nobody() -> None:
    (first,) = await starts(Turn(NOW + timedelta(hours=1)), Clock(NOW), (0.05, None))
    assert first < NOW + timedelta(seconds=5)


async def test_b40_a_turn_is_for_one_at_a_time() -> None:
    turn, clock, inside, most = Turn(), Clock(NOW), 0, 0

    async def take() -> None:
        nonlocal inside, most
        async with turn.taken(clock, 0.0):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0)
            inside -= 1

    await asyncio.gather(*(take() for _ in range(10)))
    assert most == 1


async def test_b40_where_redirects_lead_is_not_remembered_for_ever() -> None:
    turns, clock = Turns(), Clock(NOW)
    async with turns.of("held").taken(clock, 0.0):
        held = turns.of("held")
        for number in range(3 * MOST_TURNS):
            turns.of(f"site-{number}")
        assert turns.of("held") is held
        assert len(turns._turns) <= MOST_TURNS
