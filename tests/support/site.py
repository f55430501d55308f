"""A web site for tests: a real HTTP server on loopback, with an answer a path and a memory of requests."""

import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

RSS = "application/rss+xml; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came in; header names are in lower case. `at` is in seconds, monotonic."""

    path: str
    headers: Mapping[str, str]
    at: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What a path answers. `chunks` are sent one by one and flushed; `length` overrides the true one.

    `revalidates` answers 304 when the request brings back the ETag or the date of this answer.
    `abort` closes the connection after the body without having kept the promise of its length.
    """

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    chunks: Iterator[bytes] | None = None
    length: int | None = None
    revalidates: bool = False


Responder = Callable[[Asked], Answer]


def feed(body: str | bytes, **headers: str) -> Answer:
    """An answer that looks like a feed's; underscores in header names become hyphens."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    data = body.encode() if isinstance(body, str) else body
    return Answer(data, headers={"Content-Type": RSS, **given})


def page(body: str | bytes, **headers: str) -> Answer:
    """An answer that looks like a page for readers."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    data = body.encode() if isinstance(body, str) else body
    return Answer(data, headers={"Content-Type": "text/html; charset=utf-8", **given})


class Crowd:
    """How many are in a place at once, and the most that ever were."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.now = self.most = 0

    @contextmanager
    def joined(self) -> Iterator[int]:
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)
            now = self.now
        try:
            yield now
        finally:
            with self._lock:
                self.now -= 1


class Site:
    """The server's face to the test: answers are set by path, requests are read back.

    A list of answers is given one after the other, the last of them from then on.
    """

    def __init__(self, scheme: str, host: str, port: int) -> None:
        self.host = host
        self.port = port
        self.root = f"{scheme}://{host}:{port}"
        self._answers: dict[str, list[Answer | Responder]] = {}
        self._lock = threading.Lock()
        self.asked: list[Asked] = []
        self.at_once = 0
        self._now = 0

    def url(self, path: str) -> str:
        """The whole address of a path."""
        return f"{self.root}{path}"

    def set(self, path: str, *answers: Answer | Responder) -> str:
        """Let `path` answer; its address."""
        with self._lock:
            self._answers[path] = list(answers)
        return self.url(path)

    def requests(self, path: str) -> list[Asked]:
        """All requests for `path` so far."""
        with self._lock:
            return [asked for asked in self.asked if asked.path == path]

    def answer(self, asked: Asked) -> Answer:
        """The next answer for a request; 404 for a path that was never set."""
        with self._lock:
            self.asked.append(asked)
            waiting = self._answers.get(asked.path)
            if waiting is None:
                return Answer(b"nothing here", 404)
            found = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        return found(asked) if callable(found) else found

    @contextmanager
    def busy(self) -> Iterator[None]:
        """Keep count of the requests in flight: `at_once` is the most there ever were."""
        with self._lock:
            self._now += 1
            self.at_once = max(self.at_once, self._now)
        try:
            yield
        finally:
            with self._lock:
                self._now -= 1


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "_Server"

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(self.path, headers, time.monotonic())
        with self.server.site.busy():
            answer = self.server.site.answer(asked)
            try:
                self._send(answer, asked)
            except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
                self.close_connection = True

    def _send(self, answer: Answer, asked: Asked) -> None:
        if answer.revalidates and _matches(answer, asked):
            answer = Answer(b"", 304, answer.headers)
        # send_response would add a Server and a Date of its own.
        self.send_response_only(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.chunks is None or answer.length is not None:
            length = len(answer.body) if answer.length is None else answer.length
            self.send_header("Content-Length", str(length))
            if length != len(answer.body):
                self.close_connection = True
        else:
            self.close_connection = True
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(answer.body)
        for chunk in answer.chunks or ():
            self.wfile.write(chunk)
            self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the requests are remembered."""


def _matches(answer: Answer, asked: Asked) -> bool:
    given = {name.lower(): value for name, value in answer.headers.items()}
    etag = asked.headers.get("if-none-match")
    if etag is not None:
        return etag == given.get("etag")
    since = asked.headers.get("if-modified-since")
    return since is not None and since == given.get("last-modified")


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    site: Site

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is part of what is tested."""


@contextmanager
def running(tls: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> Iterator[Site]:
    """A site that runs until the block ends; with `tls` it speaks https."""
    server = _Server((host, 0), _Handler)
    server.site = Site("https" if tls else "http", host, server.server_address[1])
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.site
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
