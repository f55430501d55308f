"""A source of many parts, in one cycle: from a list of sitemaps over sitemaps to the channel."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from flows import surroundings
from flows.cycle import CycleResult
from flows.monitor import monitor
from tasks.settings.environment import ROOT, Environment
from tests.support import site
from tests.support.newsroom import configure
from tests.support.site import Answer

pytestmark = pytest.mark.usefixtures("prefect_api")

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"


@pytest.fixture
def outlet() -> Iterator[site.Site]:
    with site.running() as running:
        yield running


def a_list(outlet: site.Site, *paths: str, changed: datetime = NOW) -> Answer:
    inside = "".join(
        f"<sitemap><loc>{outlet.url(path)}</loc><lastmod>{changed.isoformat()}</lastmod></sitemap>"
        for path in paths
    )
    return Answer(f'<sitemapindex xmlns="{SITEMAP}">{inside}</sitemapindex>'.encode())


def a_sitemap(outlet: site.Site, title: str) -> Answer:
    told = f"<n:publication_date>{(NOW - timedelta(hours=1)).isoformat()}</n:publication_date><n:title>{title}</n:title>"
    url = f"<url><loc>{outlet.url('/story')}</loc><n:news>{told}</n:news></url>"
    return Answer(f'<urlset xmlns="{SITEMAP}" xmlns:n="{NEWS}">{url}</urlset>'.encode())


async def test_b82_what_a_list_of_sitemaps_leads_to_is_told_in_the_same_cycle(
    tmp_path: Path, database: str, outlet: site.Site
) -> None:
    box = tmp_path / "alerts.jsonl"
    channel = {"id": "box", "kind": "file", "url": box.as_uri()}
    config = configure(tmp_path / "config", outlet, ["hungary"], [channel])
    rows = yaml.safe_load((config / "sources" / "local.yaml").read_text())
    rows[0].update(url=outlet.url("/index.xml"), kind="sitemap")
    (config / "sources" / "local.yaml").write_text(yaml.safe_dump(rows))
    outlet.set("/index.xml", a_list(outlet, "/inner.xml"))
    outlet.set("/inner.xml", a_list(outlet, "/news.xml"))
    outlet.set(
        "/news.xml", a_sitemap(outlet, "China and Hungary sign agreement on law enforcement cooperation")
    )
    environment = Environment(tmp_path, config, ROOT / "seeds", database, "desk@example.org")

    async def cycle(now: datetime) -> CycleResult:
        with surroundings.within(environment, print):
            result = await monitor(now=now.isoformat())
        assert isinstance(result, CycleResult)
        return result

    result = await cycle(NOW)
    assert (result.polled, result.new, result.alerts, result.failures) == (1, 1, 1, 0)
    assert len(box.read_text().splitlines()) == 1

    # What has not changed is not asked for again.
    result = await cycle(NOW + timedelta(minutes=5))
    assert (result.new, result.failures) == (0, 0)
    assert [len(outlet.requests(path)) for path in ("/index.xml", "/inner.xml", "/news.xml")] == [2, 1, 1]
