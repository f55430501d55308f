"""Sources for tests, with what a test does not care about filled in."""

from datetime import UTC, datetime

from tasks.settings.sources import Source

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def a_source(id: str = "desk", url: str = "https://news.example.org/feed", **values: object) -> Source:
    """A feed in English, polled every 15 minutes."""
    usual: dict[str, object] = {
        "outlet": "The Desk",
        "language": "en",
        "country": "GBR",
        "rank": 2,
        "zone": "Europe/London",
        "family": "desk",
    }
    return Source.model_validate({"id": id, "url": url, **usual, **values})
