"""A small world to watch: outlets on a local site, a configuration that knows only them, and a channel."""

import shutil
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

import yaml

from tasks.settings.environment import ROOT
from tests.support.site import Answer, Site, feed

COUNTRIES = {
    "hungary": ("Hungary", "Budapest"),
    "serbia": ("Serbia", "Belgrade"),
    "belarus": ("Belarus", "Minsk"),
}


def story(country: str, at: datetime | None = None) -> Answer:
    """A feed whose one item says that China and `country` signed a security agreement on the day of
    `at` (default: the present). Each country is an event of its own.
    """
    name, city = COUNTRIES[country]
    at = at or datetime.now(UTC)
    return feed(
        f"""<?xml version="1.0" encoding="utf-8"?>
        <rss version="2.0"><channel><title>News of {name}</title><link>http://news.example/</link><item>
          <title>China and {name} sign agreement on law enforcement cooperation</title>
          <description>China and {name} signed an agreement on law enforcement and security cooperation
            in {city} on {at:%A}, the Chinese Ministry of Public Security said.</description>
          <link>http://news.example/{country}/{at:%Y%m%d}</link>
          <guid>{country}-{at:%Y%m%d}</guid>
          <pubDate>{format_datetime(at)}</pubDate>
        </item></channel></rss>"""
    )


def configure(
    folder: Path, site: Site, countries: Sequence[str], channels: Sequence[Mapping[str, object]]
) -> Path:
    """Write the repository's configuration to `folder`, with an outlet on `site` for each country in
    place of its sources, and `channels` in place of its channels; `folder`.
    """
    shutil.copytree(ROOT / "config", folder, ignore=shutil.ignore_patterns("sources", "channels.yaml"))
    (folder / "sources").mkdir()
    rows = [_outlet(country, site.url(f"/{country}")) for country in countries]
    (folder / "sources" / "local.yaml").write_text(yaml.safe_dump(rows), encoding="utf-8")
    (folder / "channels.yaml").write_text(
        yaml.safe_dump({"operator": None, "channels": list(channels)}), encoding="utf-8"
    )
    return folder


def _outlet(country: str, url: str) -> dict[str, object]:
    return {
        "id": country,
        "outlet": f"News of {COUNTRIES[country][0]}",
        "url": url,
        "language": "en",
        "country": "GBR",
        "rank": 2,
        "zone": "UTC",
        "family": country,
        "pages": "never",
        "minutes": 1,
        "spacing": 0,
        "loopback": True,
    }
