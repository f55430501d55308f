"""What a cycle costs in which nothing is new, beside the bare minimum: the same requests by httpx alone.

    .venv/bin/python -m benchmarks.cycle --sources 70

One process serves the feeds on loopback; the cycles are real runs of the monitor flow on a real
Prefect server and an embedded PostgreSQL. The first cycle stores everything and is not counted.
"""

import argparse
import asyncio
import resource
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import yaml

from dragoman import databases, home, prefect_server
from tasks.settings.environment import ROOT, from_environment
from tests.support.site import Answer, Site, running

_ITEM = """<item><title>Item {number} of outlet {outlet}: markets, weather and sport</title>
<link>http://news.example/{outlet}/{number}</link><guid>http://news.example/{outlet}/{number}</guid>
<description>{text}</description><pubDate>Tue, 02 Dec 2025 08:{number:02d}:00 GMT</pubDate></item>"""
_TEXT = "The city opened a new tram line and the orchestra played. " * 12


def feeds(local: Site, count: int) -> list[str]:
    """Publish `count` feeds of 30 items with validators; their addresses."""
    urls = []
    for outlet in range(count):
        items = "".join(_ITEM.format(outlet=outlet, number=number, text=_TEXT) for number in range(30))
        body = (
            f'<?xml version="1.0"?><rss version="2.0"><channel><title>{outlet}</title>{items}</channel></rss>'
        )
        headers = {"Content-Type": "application/rss+xml", "ETag": f'"{outlet}"'}
        urls.append(local.set(f"/{outlet}.xml", Answer(body.encode(), headers=headers, revalidates=True)))
    return urls


def configuration(folder: Path, urls: list[str]) -> Path:
    """The project's configuration with the feeds as its only sources."""
    shutil.copytree(ROOT / "config", folder, ignore=shutil.ignore_patterns("sources", "channels.yaml"))
    (folder / "sources").mkdir()
    shared = {"language": "en", "country": "GBR", "rank": 3, "zone": "UTC", "pages": "never", "minutes": 1}
    rows = []
    for number, url in enumerate(urls):
        name = f"outlet-{number}"
        own = {"id": name, "outlet": name, "url": url, "family": name, "rate_group": name}
        rows.append(shared | own | {"loopback": True, "spacing": 0})
    (folder / "sources" / "local.yaml").write_text(yaml.safe_dump(rows), encoding="utf-8")
    (folder / "channels.yaml").write_text("channels: []\n", encoding="utf-8")
    return folder


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds of wall clock and of this process's CPU."""
    wall, cpu = time.monotonic(), time.process_time()
    work()
    return time.monotonic() - wall, time.process_time() - cpu


async def bare(urls: list[str]) -> None:
    """The same conditional requests, sixteen at once, and nothing else."""
    turn = asyncio.Semaphore(16)

    async def get(client: httpx.AsyncClient, number: int, url: str) -> None:
        async with turn:
            response = await client.get(url, headers={"If-None-Match": f'"{number}"'})
            assert response.status_code == 304

    async with httpx.AsyncClient() as client:
        await asyncio.gather(*(get(client, number, url) for number, url in enumerate(urls)))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--sources", type=int, default=70)
    parser.add_argument("--cycles", type=int, default=5)
    asked = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="dragoman-cycle-", ignore_cleanup_errors=True) as folder,
        running() as local,
    ):
        Path(folder).chmod(0o711)
        urls = feeds(local, asked.sources)
        place = home.make(Path(folder) / "home")
        known = replace(
            from_environment({}), home=place, configuration=configuration(Path(folder) / "config", urls)
        )
        with databases.opened(known) as found:
            databases.prepare(found)
            with prefect_server.running(place, found.prefect):
                from flows import surroundings
                from flows.monitor import monitor

                moment = datetime(2025, 12, 2, 12, tzinfo=UTC)

                def cycle() -> None:
                    nonlocal moment
                    moment += timedelta(days=1)
                    with surroundings.within(found.environment):
                        print(asyncio.run(monitor(now=moment.isoformat())))

                first, _ = timed(cycle)
                cycles = [timed(cycle) for _ in range(asked.cycles)]
                plain = [timed(lambda: asyncio.run(bare(urls))) for _ in range(asked.cycles)]
    wall, cpu = (statistics.median(one[part] for one in cycles) for part in (0, 1))
    wall_plain, cpu_plain = (statistics.median(one[part] for one in plain) for part in (0, 1))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{asked.sources} sources; the first cycle, with 30 new items each: {first:.2f} s")
    print(f"nothing new: {wall:.2f} s wall, {cpu:.2f} s CPU, peak memory {peak:.0f} MB")
    print(f"httpx alone: {wall_plain:.2f} s wall, {cpu_plain:.2f} s CPU")
    print(f"ratio: {wall / wall_plain:.1f} wall, {cpu / cpu_plain:.1f} CPU")


if __name__ == "__main__":
    main()
