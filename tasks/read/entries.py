"""What all kinds of documents make an entry with: its texts, its dates, how those are read."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from tasks.model import PublishedBasis
from tasks.read import dates
from tasks.read.document import Terms
from tasks.read.furniture import date_words
from tasks.read.plain import line

# A description of this length is the text itself.
LONG_SUMMARY = 1_500
# As much of it stays as the summary.
SHORT_SUMMARY = 500
LONGEST_GUID = 2_000
LONGEST_NAME = 300
MOST_ERRORS = 20
# Of what lies behind so many items nothing is looked at; a sitemap holds as many by its standard.
MOST_READ = 50_000


def texts(title: str, summary: str, content: str) -> tuple[str, str, str | None]:
    """Title, summary and body from what a document gives as such, all of it plain text.

    What is short beside its summary, or is one itself, is no body; without a title the text begins
    with one.
    """
    body = content if len(content) > max(len(summary), SHORT_SUMMARY) else None
    if body is None and len(summary) >= LONG_SUMMARY:
        body = summary
    summary = summary or content
    if body is not None and len(summary) >= LONG_SUMMARY:
        summary = summary[:SHORT_SUMMARY].rsplit(" ", 1)[0]
    return title or line(summary, 200), summary, body


def reader_for(terms: Terms) -> dates.Reader:
    """What the dates of a source are read with."""
    language = terms.language.split("-")[0]
    return dates.Reader(date_words(language), ZoneInfo(terms.zone), language != "en", terms.date_format)


def published_at(
    stated: Iterable[str], url: str | None, terms: Terms, reader: dates.Reader
) -> tuple[datetime | None, PublishedBasis]:
    """The time of publication, from what is stated or else from the address, and its basis."""
    for text in stated:
        if found := dates.read(text, reader, terms.now):
            return found, PublishedBasis.FEED
    if url and (found := dates.from_address(url, terms.date_pattern, reader.zone, terms.now)):
        return found, PublishedBasis.ADDRESS
    return None, PublishedBasis.UNKNOWN


def language_beside(said: str, language: str) -> str | None:
    """The language that an entry says it is in, if it is another than its source's; else None.

    A publisher's `zh-cn` says less than the source's own entry, which may name the script.
    """
    primary = said.strip().replace("_", "-").partition("-")[0].lower()
    known = len(primary) in (2, 3) and primary.isascii() and primary.isalpha()
    return primary if known and primary != language.split("-")[0] else None
