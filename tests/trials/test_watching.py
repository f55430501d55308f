"""What is laid to the event loop, and what to a machine that was busy with others."""

import asyncio
import threading
import time
from collections.abc import Callable

from tests.trials.watching import Cost, watched


def work(seconds: float) -> None:
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


def off_the_processor(seconds: float) -> None:
    """As when the machine has other things to do."""
    threading.Event().wait(seconds)


async def cost_of(block: Callable[[float], None], seconds: float) -> Cost:
    """What is seen of a block that holds up the loop."""
    async with watched() as cost:
        await asyncio.sleep(0.05)
        block(seconds)
        await asyncio.sleep(0.05)
    return cost


async def test_a_loop_that_works_in_one_go_stalls() -> None:
    cost = await cost_of(work, 0.3)
    assert 0.25 < cost.stall <= cost.late


async def test_a_loop_that_was_off_the_processor_came_late_and_did_not_stall() -> None:
    cost = await cost_of(off_the_processor, 0.5)
    assert cost.late > 0.4
    assert cost.stall < 0.25
