"""Pages that come from a file: read as the service reads them, in a child that can be killed."""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType

from tasks.read.child import Bounds, Children, ToxicError
from tasks.read.document import Terms

# Somebody waits for the answer: what takes longer has no text.
_BOUNDS = Bounds(processor=5, clock=15.0)
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Article:
    """The text of a page, a paragraph a line, and its headings of the rank of its headline."""

    text: str
    headings: frozenset[str]


class Pages:
    """Reads pages one after another; its child is started with the first one, and ends with this."""

    def __init__(self) -> None:
        self._children = Children(1, _BOUNDS)

    def __enter__(self) -> "Pages":
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def article(self, markup: str, url: str | None, title: str, language: str | None) -> Article | None:
        """The article on a page; None if there is none, or if reading costs more than it may."""
        # Its date is not asked for, so that neither the zone nor the time matters.
        terms = Terms(url or "", "UTC", language or "", _EPOCH, charset="utf-8", title=title)
        try:
            found = self._children.read("page", terms, markup.encode(errors="replace"))
        except ToxicError as error:
            _LOG.warning("the page %s has no text: %s", url or title, error)
            return None
        return Article(found["text"], frozenset(found["headings"])) if found["text"] else None

    def close(self) -> None:
        """End the child, if there is one."""
        self._children.close()
