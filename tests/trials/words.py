"""What the exhibits and their good neighbours publish: feeds with known items."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from email.utils import format_datetime
from html import escape

from tests.support.sources import NOW

START = NOW
"""When the first round of a trial begins."""


def titles(word: str, count: int, first: int = 1) -> tuple[str, ...]:
    """Titles that nobody else has."""
    return tuple(f"Item {number} of the source called {word}" for number in range(first, first + count))


def item(title: str, slug: str, at: datetime | None = START, more: str = "") -> str:
    """One entry of an RSS feed."""
    date = f"<pubDate>{format_datetime(at)}</pubDate>" if at else ""
    address = f"http://news.example/{slug}"
    return (
        f"<item><title>{escape(title)}</title><link>{address}</link><guid>{address}</guid>"
        f"<description>The city opened a new tram line.</description>{date}{more}</item>"
    )


def items(word: str, count: int, first: int = 1, at: datetime = START) -> str:
    """Entries of an RSS feed, a minute apart, the newest first."""
    return "".join(
        item(title, f"{word}/{first + place}", at + timedelta(minutes=first + place - 600))
        for place, title in reversed(list(enumerate(titles(word, count, first))))
    )


def rss(inside: str, title: str = "News", declaration: str = '<?xml version="1.0" encoding="utf-8"?>') -> str:
    """An RSS feed around entries."""
    return (
        f'{declaration}<rss version="2.0"><channel><title>{title}</title>'
        f"<link>http://news.example/</link>{inside}</channel></rss>"
    )


def feed(word: str, count: int = 5, first: int = 1) -> str:
    """A good feed of so many items."""
    return rss(items(word, count, first))


def listing(links: Sequence[tuple[str, str]], inside: str = "") -> str:
    """A page of links, each given as address and words."""
    rows = "".join(f'<li><a href="{address}">{words}</a></li>' for address, words in links)
    return (
        f"<!doctype html><html><head><title>Latest</title></head><body>{inside}<ul>{rows}</ul></body></html>"
    )
