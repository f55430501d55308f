"""The web server of the demo: the sample sources on loopback, as far as its clock has come."""

import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import TCPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from dragoman.samples import pages
from dragoman.samples.rows import FOLDER, Sample, SampleKind, Samples, SampleSource, samples

_ROBOTS = b"User-agent: *\nAllow: /\n"


def moments(loaded: Samples) -> list[datetime]:
    """The times (UTC, ascending) at which something new is published.

    The first of them is the earliest time at which every source has something: a watch that
    starts there finds no empty feed.
    """
    opening = max(loaded.items[source.id][0].appears for source in loaded.sources)
    times = {max(opening, sample.appears).astimezone(UTC) for _, sample in loaded.in_order()}
    return sorted(times)


@dataclass(frozen=True, slots=True)
class Document:
    """What stands at an address: its bytes, their type, and when they last changed (UTC)."""

    body: bytes
    content_type: str
    modified: datetime | None

    @property
    def etag(self) -> str:
        """A strong validator of the bytes."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:32]}"'


class SampleSite:
    """The sample sources, served on 127.0.0.1 while the context is open.

    Nothing that is published after `now` can be seen: not in a feed, and not at its address.
    `now` begins at the first of `moments()`; whoever runs the demo sets it.
    """

    def __init__(self, folder: Path = FOLDER, now: datetime | None = None, port: int = 0) -> None:
        """Read the samples in `folder`; `port` is where they are served, 0 for any free one.

        Raises:
            ConfigurationError: the samples are wrong.
            ValueError: `now` has no zone.
        """
        self._samples = samples(folder)
        self.now = now or self.moments()[0]
        self._port = port
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def now(self) -> datetime:
        """The clock of the site, in UTC."""
        return self._now

    @now.setter
    def now(self, moment: datetime) -> None:
        if moment.tzinfo is None:
            raise ValueError("the clock of the site needs a time with a zone")
        self._now = moment.astimezone(UTC)

    @property
    def url(self) -> str:
        """The address of the site, without a slash at its end.

        Raises:
            RuntimeError: the site is not open.
        """
        if self._server is None:
            raise RuntimeError("the site is not open")
        return f"http://127.0.0.1:{self._server.server_port}"

    def moments(self) -> list[datetime]:
        """The times (UTC, ascending) at which something new is published; see `moments`."""
        return moments(self._samples)

    def sources(self) -> list[dict[str, Any]]:
        """The sources as rows for `config/sources/`, each at its address on loopback."""
        return [self._row(source) for source in self._samples.sources]

    def document(self, path: str) -> Document | None:
        """What stands at `path` (as in a request line) at this time, or None."""
        path = urlsplit(path).path
        if path == "/robots.txt":
            return Document(_ROBOTS, "text/plain; charset=utf-8", None)
        name, _, rest = path.removeprefix("/").partition("/")
        for source in self._samples.sources:
            if source.id == name:
                return self._document(source, rest)
        return None

    def __enter__(self) -> Self:
        self._server = _Server(self.document, lambda: self.now, self._port)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()
        self._server = self._thread = None

    def _row(self, source: SampleSource) -> dict[str, Any]:
        row: dict[str, Any] = {
            "id": source.id,
            "outlet": source.outlet,
            "url": f"{self.url}/{source.id}/{source.feed}",
            "kind": "list" if source.kind is SampleKind.LIST else "feed",
            "language": source.language,
            "country": source.country,
            "rank": source.rank,
            "zone": source.zone,
            "family": source.family,
            "minutes": 1,
            "loopback": True,
            # They are one host only here: nobody's server is spared by waiting.
            "rate_group": source.id,
            "spacing": 0,
        }
        if source.kind is SampleKind.LIST:
            day = r"/(?P<year>\d{4})/(?P<month>\d{2})/(?P<day>\d{2})/"
            row["links"] = {"pattern": r"/\d{4}/\d{2}/\d{2}/", "date_pattern": day}
        return row

    def _document(self, source: SampleSource, path: str) -> Document | None:
        root = f"{self.url}/{source.id}"
        layouts = self._samples.layouts
        newest_first = self._published(source)
        if path == source.feed:
            text, content_type = pages.index(source, newest_first, root, layouts)
            modified = newest_first[0].appears if newest_first else None
            return Document(text.encode(), content_type, modified)
        for sample in newest_first:
            if path == sample.path:
                text = pages.page(source, sample, root, layouts)
                return Document(text.encode(), "text/html; charset=utf-8", sample.appears)
        return None

    def _published(self, source: SampleSource) -> list[Sample]:
        now = self.now
        return [sample for sample in reversed(self._samples.items[source.id]) if sample.appears <= now]


def unchanged(document: Document, headers: Message) -> bool:
    """Whether a conditional request is answered with 304 (RFC 9110, section 13.2.2)."""
    if tags := headers.get("If-None-Match"):
        return document.etag in {tag.strip().removeprefix("W/") for tag in tags.split(",")}
    since = headers.get("If-Modified-Since")
    if not since or document.modified is None:
        return False
    try:
        return document.modified <= parsedate_to_datetime(since)
    except (ValueError, TypeError):  # the date is no date, or has no zone: the header says nothing
        return False


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(
        self, find: Callable[[str], Document | None], clock: Callable[[], datetime], port: int
    ) -> None:
        self.find = find
        self.clock = clock
        super().__init__(("127.0.0.1", port), _Handler)

    def server_bind(self) -> None:
        # The base class asks the resolver for the name of the host, which nothing here needs.
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    server_version = "samples"
    sys_version = ""

    def do_GET(self) -> None:
        document = self.server.find(self.path)
        if document is None:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        fresh = unchanged(document, self.headers)
        self.send_response(HTTPStatus.NOT_MODIFIED if fresh else HTTPStatus.OK)
        self.send_header("ETag", document.etag)
        if document.modified is not None:
            modified = format_datetime(document.modified.astimezone(UTC), usegmt=True)
            self.send_header("Last-Modified", modified)
        if fresh:
            self.end_headers()
            return
        self.send_header("Content-Type", document.content_type)
        self.send_header("Content-Length", str(len(document.body)))
        self.end_headers()
        self.wfile.write(document.body)

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The site's own clock, so that the same request gets the same answer on every day."""
        return format_datetime(self.server.clock(), usegmt=True)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the demo tells what happens."""
