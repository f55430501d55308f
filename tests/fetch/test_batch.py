"""What all batches of requests have in common."""

import asyncio
import threading

from tasks.fetch.batch import Batch
from tasks.fetch.client import Fetcher, Request
from tasks.fetch.outcome import Response
from tasks.store.database import Connection, Pool
from tests.support.site import Site, feed
from tests.support.sources import NOW


async def test_what_a_slow_store_has_not_taken_yet_holds_up_further_requests(
    pool: Pool, fetcher: Fetcher, site: Site
) -> None:
    site.set("/feed", feed("<rss/>"))
    batch = Batch.begin(pool, fetcher, NOW)
    taken = threading.Event()

    def slow(db: Connection) -> bool:
        return taken.wait(20)

    storing = [asyncio.create_task(batch.store(slow)) for _ in range(fetcher.limits.connections)]
    await asyncio.wait(storing, timeout=0)
    asking = asyncio.create_task(
        fetcher.get(Request(site.url("/feed"), loopback=True, ports=frozenset([site.port])))
    )
    done, _ = await asyncio.wait({asking}, timeout=0.5)
    assert (done, site.asked) == (set(), [])
    taken.set()
    assert isinstance(await asking, Response)
    assert all(await asyncio.gather(*storing))
