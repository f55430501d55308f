"""What the reading of a source's document, of a further part of it and of a page have in common."""

from dataclasses import dataclass, fields
from datetime import datetime

from tasks.read.child import Children, ToxicError
from tasks.read.document import Document, Terms
from tasks.read.identity import Described, names
from tasks.settings.sources import Pages, Source
from tasks.store.items import FoundItem
from tasks.store.responses import StoredResponse

# A response whose reading never came to an end is thrown away after so many tries.
TRIES = 3


@dataclass(frozen=True, slots=True)
class ReadResult:
    """How a batch went: responses read, those of no use, their items, the new and the edited ones,
    and pages read.
    """

    read: int = 0
    failed: int = 0
    items: int = 0
    new: int = 0
    edited: int = 0
    pages: int = 0

    def __add__(self, other: "ReadResult") -> "ReadResult":
        return ReadResult(*(getattr(self, field.name) + getattr(other, field.name) for field in fields(self)))


def terms(
    settings: Source,
    response: StoredResponse,
    now: datetime,
    *,
    title: str = "",
    depth: int = 0,
    since: datetime | None = None,
) -> Terms:
    """How a response of a source is to be read; `depth` and `since` are as `Terms` has them."""
    links, api, gdelt = settings.links, settings.api, settings.gdelt
    return Terms(
        url=response.url,
        zone=settings.zone,
        language=settings.language,
        now=now,
        content_type=response.content_type,
        charset=settings.charset,
        date_format=settings.date_format,
        date_pattern=links.date_pattern if links else None,
        selector=links.selector if links else None,
        pattern=links.pattern if links else None,
        article=settings.article,
        title=title,
        truncated=response.truncated,
        api=api.model_dump(mode="json") if api else None,
        gdelt=gdelt.model_dump(mode="json") if gdelt else None,
        discovery=settings.discovery,
        depth=depth,
        since=since,
        pages=settings.pages is not Pages.NEVER,
    )


def read_document(children: Children, kind: str, how: Terms, response: StoredResponse) -> Document:
    """The body of a response as a document of its kind, read in a child.

    Raises:
        ToxicError: it cost more than it may, or has been begun too often.
    """
    if response.attempts > TRIES:
        raise ToxicError(f"its reading was begun {TRIES} times and never came to an end")
    return Document.from_json(children.read(kind, how, response.body))


def described(document: Document) -> list[FoundItem]:
    """The entries of a document as items, each under its names."""
    plain = [Described(entry.guid, entry.url, entry.title, entry.summary) for entry in document.entries]
    return [
        FoundItem(
            keys=name.keys,
            title_key=name.title,
            title=entry.title,
            url=entry.url,
            summary=entry.summary,
            body=entry.body,
            language=entry.language,
            published=entry.published,
            published_basis=entry.basis,
            segments=entry.segments,
            outlet=entry.outlet,
            discovery=entry.discovery,
        )
        for entry, name in zip(document.entries, names(plain), strict=True)
    ]
