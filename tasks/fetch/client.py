"""One GET, from an address to an outcome: conditional, bounded, guarded, and never an exception.

Redirects are followed here and not by the library, because each hop is a new address that somebody
else chose: it is checked again, loses the validators when the host changes, and is written down.
"""

import asyncio
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from types import TracebackType
from urllib.parse import urldefrag, urljoin, urlsplit

import httpcore
import httpx

from tasks.fetch.blocked import wall
from tasks.fetch.body import Body, EncodingError, TooLargeError
from tasks.fetch.guard import Guard, RefusedError, Resolver, check_url, port_of
from tasks.fetch.outcome import Failure, FailureKind, Hop, Outcome, Response, printable
from tasks.fetch.pin import pinned
from tasks.fetch.polite import Turns
from tasks.fetch.transport import Transport

FEED = "application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
PAGE = "text/html, application/xhtml+xml;q=0.9, */*;q=0.5"
REDIRECTS = frozenset({301, 302, 303, 307, 308})
# Of an answer that cannot be used, only as much is read as tells why.
DIAGNOSIS = 32_768
# A chain of redirects with long addresses; the log shows the beginning.
LONGEST_REASON = 2_000
# What is kept of the cookies of one host. A site that sets more is playing.
MOST_COOKIES = 50
# After so many pieces of a body the others get their turn, however fast the pieces come.
BREATH = 256


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may cost. Seconds and bytes; bytes are counted after decompression."""

    total: float = 30.0
    connect: float = 10.0
    read: float = 20.0
    body: int = 10 * 1024 * 1024
    hops: int = 5
    connections: int = 16


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for. The validators are sent byte for byte as the server once gave them."""

    url: str
    accept: str = FEED
    etag: str | None = None
    last_modified: str | None = None
    ports: frozenset[int] = frozenset()  # allowed on the address's own host, besides the web's
    loopback: bool = False  # the address itself is meant to be on loopback
    tls_pin: str | None = None  # trust the address's own host by this alone; see `tasks.fetch.pin`
    downgrade: bool = False  # may be led from https to http
    cookies: bool = False  # what the site sets is handed back to it
    largest: int | None = None  # how long the body may be, where that is not as usual

    @property
    def conditional(self) -> bool:
        """Whether "not modified" would be an answer to it."""
        return bool(self.etag or self.last_modified)

    def at(self, url: str) -> "Request":
        """The same request at another address. What belongs to a host is for no other: validators and
        cookies, which it gave, and the ports, loopback and pin, which were granted to it.
        """
        if _host(url) == _host(self.url):
            return replace(self, url=url)
        return Request(url, self.accept, downgrade=self.downgrade, largest=self.largest)


Permit = Callable[[Request], AbstractAsyncContextManager[Failure | None]]
"""Held for every address on the way, from before it is asked until it has answered; a failure that it
gives ends the journey.
"""


@dataclass(slots=True)
class _Journey:
    """A request on its way: where it has been, and the seconds that it has taken."""

    request: Request
    url: str
    spent: float = 0.0
    since: float = 0.0
    hops: list[Hop] = field(default_factory=list)
    # Addresses asked, with the cookies that were sent: the same again would give the same again.
    seen: set[tuple[str, str]] = field(default_factory=set)

    @property
    def elapsed(self) -> float:
        return self.spent + time.monotonic() - self.since

    def fail(
        self,
        kind: FailureKind,
        reason: str,
        status: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Failure:
        # It may quote what the server has sent.
        reason = printable(reason[:LONGEST_REASON])
        return Failure(self.url, kind, reason, self.elapsed, status, headers, tuple(self.hops))


def user_agent(version: str, contact: str | None) -> str:
    """What we call ourselves: the product, its version, and how to reach the operator.

    A header holds plain characters only, and its comment no brackets; others are left out.
    """
    plain = "".join(sign for sign in contact or "" if " " <= sign <= "~" and sign not in "()\\").strip()
    return f"dragoman/{version} (+{plain})" if plain else f"dragoman/{version}"


class Fetcher:
    """Sends requests within limits. One for a process; use it as an asynchronous context.

    `proxy` is the address of an HTTP proxy that all requests go through, save those to loopback. The
    guard is off behind it: the proxy resolves names and connects where it likes, and only what is
    written in an address is still checked. Proxies that the environment names are never used.
    """

    def __init__(
        self,
        agent: str,
        limits: Limits | None = None,
        tls: ssl.SSLContext | None = None,
        resolver: Resolver | None = None,
        proxy: str | None = None,
    ) -> None:
        self.agent = agent
        self.limits = limits or Limits()
        self._tls = tls or httpx.create_ssl_context(trust_env=False)
        # A server that begins a handshake within the connection has no honest reason any more.
        self._tls.options |= ssl.OP_NO_RENEGOTIATION
        self._resolver = resolver or Resolver()
        self._proxy = httpx.URL(proxy) if proxy else None
        # One for each way of connecting: what one request is granted is never lent to another.
        self._transports: dict[tuple[str | None, str | None], Transport] = {}
        # Held for a whole request, so that waiting for a connection never eats its time.
        self._gate = asyncio.Semaphore(self.limits.connections)
        self._storing = 0
        self._calm = asyncio.Event()
        self._calm.set()
        self._cookies: dict[str, httpx.Cookies] = {}
        self.turns = Turns()

    async def __aenter__(self) -> "Fetcher":
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for transport in self._transports.values():
            await transport.aclose()
        self._resolver.close()

    async def get(
        self,
        request: Request,
        cut: int | None = None,
        permit: Permit | None = None,
        over: Callable[[], bool] | None = None,
    ) -> Outcome:
        """Fetch an address and say what came of it.

        A body that is too long is a failure, unless `cut` says after how many bytes it may be cut.
        `permit` is asked about the address and every other that a redirect leads to; what it takes is
        not counted. `over` says that it is too late to begin, and is asked when all waiting is done.
        """
        journey = _Journey(request, request.url)
        while True:
            async with permit(request.at(journey.url)) if permit else nullcontext() as refusal:
                if refusal is not None:
                    return replace(refusal, hops=tuple(journey.hops))
                outcome = await self._step(journey, cut, over, pauses=permit is not None)
            if outcome is not None:
                return outcome

    @contextmanager
    def storing(self) -> Iterator[None]:
        """Held by who stores what was fetched: while as many do as there may be connections, no further
        request begins. A slow store would else have all bodies that are due lie in memory.
        """
        self._storing += 1
        if self._storing >= self.limits.connections:
            self._calm.clear()
        try:
            yield
        finally:
            self._storing -= 1
            if self._storing < self.limits.connections:
                self._calm.set()

    async def _step(
        self, journey: _Journey, cut: int | None, over: Callable[[], bool] | None, *, pauses: bool
    ) -> Outcome | None:
        async with self._gate:
            await self._calm.wait()
            journey.since = time.monotonic()
            if over is not None and over():
                return journey.fail(FailureKind.LATE, "its turn came too late")
            outcome = await self._get(journey, cut, pauses=pauses)
            journey.spent = journey.elapsed
            return outcome

    async def _get(self, journey: _Journey, cut: int | None, *, pauses: bool) -> Outcome | None:
        try:
            async with asyncio.timeout(self.limits.total - journey.spent):
                return await self._travel(journey, cut, pauses=pauses)
        except TimeoutError:
            return journey.fail(FailureKind.TIMEOUT, f"not done after {self.limits.total:g} s")
        except RefusedError as error:
            return journey.fail(FailureKind.REFUSED, str(error))
        except (TooLargeError, EncodingError) as error:
            large = isinstance(error, TooLargeError)
            kind = FailureKind.TOO_LARGE if large else FailureKind.ENCODING
            return journey.fail(kind, str(error), 200)
        except _NETWORK as error:
            return journey.fail(*_explain(error))

    async def _travel(self, journey: _Journey, cut: int | None, *, pauses: bool) -> Outcome | None:
        """To the end of the journey; with `pauses` to the next redirect, and then None."""
        while True:
            here = journey.request.at(journey.url)
            check_url(here.url, here.ports, loopback=here.loopback)
            sent = self._build(here)
            if (mark := (here.url, sent.headers.get("cookie", ""))) in journey.seen:
                return journey.fail(FailureKind.REDIRECT, f"the redirects go in a circle: {_chain(journey)}")
            journey.seen.add(mark)
            response = await self._transport(here).send(sent, here.largest or self.limits.body)
            try:
                self._keep_cookies(here, response)
                if response.status_code not in REDIRECTS:
                    return await self._arrive(journey, sent, response, cut)
                failure = self._follow(journey, response)
            finally:
                await response.aclose()
            if failure or pauses:
                return failure

    def _build(self, here: Request) -> httpx.Request:
        headers = {"User-Agent": self.agent, "Accept": here.accept, "Accept-Encoding": "gzip, br"}
        headers |= {"If-None-Match": here.etag} if here.etag else {}
        headers |= {"If-Modified-Since": here.last_modified} if here.last_modified else {}
        timeout = {
            "connect": self.limits.connect,
            "read": self.limits.read,
            "write": self.limits.read,
            "pool": self.limits.total,
        }
        raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        try:
            sent = httpx.Request("GET", here.url, headers=raw, extensions={"timeout": timeout})
        except (httpx.InvalidURL, UnicodeError, ValueError) as error:
            raise RefusedError(f"the address is malformed: {error}") from error
        _check_reading(here.url, sent.url)
        if here.cookies:
            self._jar(here).set_cookie_header(sent)
        return sent

    def _follow(self, journey: _Journey, response: httpx.Response) -> Failure | None:
        status = response.status_code
        location = response.headers.get("location", "").strip()
        if not location:
            return journey.fail(FailureKind.REDIRECT, f"status {status} leads nowhere", status)
        journey.hops.append(Hop(status, journey.url))
        if len(journey.hops) > self.limits.hops:
            reason = f"more than {self.limits.hops} redirects: {_chain(journey)}"
            return journey.fail(FailureKind.REDIRECT, reason, status)
        try:
            scheme, colon, rest = urldefrag(urljoin(journey.url, location)).url.partition(":")
        except ValueError as error:
            raise RefusedError(f"status {status} leads to a malformed address") from error
        # In capitals it is the same scheme, and would not be known for it at the next redirect.
        target = printable(f"{scheme.lower()}{colon}{rest}")
        leaves_https = journey.url.startswith("https:") and not target.startswith("https:")
        journey.url = target
        if leaves_https and not journey.request.downgrade:
            return journey.fail(FailureKind.REDIRECT, f"leads from https to {_chain(journey)}", status)
        return None

    async def _arrive(
        self, journey: _Journey, sent: httpx.Request, response: httpx.Response, cut: int | None
    ) -> Outcome:
        status = response.status_code
        headers = _plain(response.headers)
        if status == 304:
            asked = "if-none-match" in sent.headers or "if-modified-since" in sent.headers
            if not asked:
                reason = "the server says 'not modified' without having been asked"
                return journey.fail(FailureKind.UNASKED, reason, status, headers)
            return self._response(journey, status, headers, b"", truncated=False)
        if status not in (200, 203):
            return _rejected(journey, status, headers, await _prefix(response, headers))
        body, truncated = await self._receive(journey.request, response, headers, cut)
        if blocked := wall(status, headers, body):
            return journey.fail(FailureKind.BLOCKED, blocked, status, headers)
        return self._response(journey, status, headers, body, truncated=truncated)

    async def _receive(
        self, request: Request, response: httpx.Response, headers: Mapping[str, str], cut: int | None
    ) -> tuple[bytes, bool]:
        """The body, and whether it is not whole."""
        announced = {} if cut else {"content-length": headers.get("content-length", "")}
        coding = headers.get("content-encoding", "identity")
        body = Body({**announced, "content-encoding": coding}, cut or request.largest or self.limits.body)
        try:
            await _fill(body, response)
        except (httpcore.RemoteProtocolError, httpcore.ReadError):
            if not body.begun:
                raise
            return body.content(), True
        except TooLargeError:
            if not cut:
                raise
            return body.content()[:cut], True
        return body.content(), not body.complete

    @staticmethod
    def _response(
        journey: _Journey, status: int, headers: Mapping[str, str], body: bytes, *, truncated: bool
    ) -> Response:
        return Response(journey.url, status, headers, body, journey.elapsed, tuple(journey.hops), truncated)

    def _transport(self, here: Request) -> Transport:
        secure = urlsplit(here.url).scheme == "https"
        way = (_host(here.url) if here.loopback else None, here.tls_pin if secure else None)
        if way not in self._transports:
            loopback, pin = way
            guard = Guard(self._resolver, frozenset([loopback]) if loopback else frozenset())
            tls = pinned(pin) if pin else self._tls
            proxy = None if loopback else self._proxy
            self._transports[way] = Transport(guard, tls, self.limits.connections, proxy)
        return self._transports[way]

    def _jar(self, here: Request) -> httpx.Cookies:
        return self._cookies.setdefault(_host(here.url), httpx.Cookies())

    def _keep_cookies(self, here: Request, response: httpx.Response) -> None:
        if not here.cookies:
            return
        jar = self._jar(here)
        jar.extract_cookies(response)
        if len(jar) > MOST_COOKIES:
            jar.clear()


async def _fill(body: Body, response: httpx.Response) -> None:
    pieces = 0
    async for chunk in response.aiter_raw():
        body.add(chunk)
        pieces += 1
        if pieces % BREATH == 0:
            await asyncio.sleep(0)


async def _prefix(response: httpx.Response, headers: Mapping[str, str]) -> bytes:
    """The beginning of a body that only serves to tell what went wrong."""
    try:
        body = Body({"content-encoding": headers.get("content-encoding", "")}, DIAGNOSIS)
    except EncodingError:
        return b""
    try:
        await _fill(body, response)
    except _BROKEN_OFF:
        return body.content()[:DIAGNOSIS]
    return body.content()


def _rejected(journey: _Journey, status: int, headers: Mapping[str, str], body: bytes) -> Failure:
    """A status that brings nothing, as far as it differs in what follows from it."""

    def fail(kind: FailureKind, reason: str) -> Failure:
        return journey.fail(kind, reason, status, headers)

    if status == 429 or (status == 503 and "retry-after" in headers):
        return fail(FailureKind.LIMITED, f"the site asks for patience (status {status})")
    if blocked := wall(status, headers, body):
        return fail(FailureKind.BLOCKED, blocked)
    if status == 404:
        return fail(FailureKind.MISSING, "there is nothing at the address (status 404)")
    if status == 410:
        return fail(FailureKind.GONE, "the site has given the address up (status 410)")
    return fail(FailureKind.STATUS, f"the site answers with status {status}")


_NETWORK: tuple[type[Exception], ...] = (
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    httpcore.TimeoutException,
    OSError,
)
_BROKEN_OFF: tuple[type[Exception], ...] = (TooLargeError, EncodingError, *_NETWORK)


def _explain(error: Exception) -> tuple[FailureKind, str]:
    """What an exception of the network means, and in words."""
    if isinstance(error, socket.gaierror):
        known = error.errno in (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME))
        if known:
            return FailureKind.NAME, "the host's name does not exist"
        return FailureKind.NAME_SERVER, f"the host's name cannot be looked up: {error.strerror}"
    if isinstance(error, httpcore.TimeoutException):
        return FailureKind.TIMEOUT, "the server does not answer in time"
    if isinstance(error, httpcore.ProtocolError):
        return FailureKind.PROTOCOL, f"the server does not speak HTTP: {error}"
    if isinstance(error, httpcore.ProxyError):
        return FailureKind.CONNECTION, f"the proxy does not let us through: {error}"
    if untrusted := _tls_error(error):
        return FailureKind.TLS, f"the connection cannot be trusted: {untrusted}"
    return FailureKind.CONNECTION, f"the connection failed: {error or type(error).__name__}"


def _tls_error(error: BaseException | None) -> ssl.SSLError | None:
    while error is not None and not isinstance(error, ssl.SSLError):
        error = error.__cause__ or error.__context__
    return error


def _plain(headers: httpx.Headers) -> dict[str, str]:
    """Headers by lower-case name, a character a byte, so that a validator goes back as it came."""
    plain: dict[str, str] = {}
    for name, value in headers.raw:
        key = name.decode("latin-1").lower()
        text = value.decode("latin-1")
        plain[key] = f"{plain[key]}, {text}" if key in plain else text
    return plain


def _check_reading(url: str, read: httpx.URL) -> None:
    """What was checked and what will be asked must be one and the same, though two libraries read it."""
    host = _host(url)
    port = read.port or port_of(str(read))
    if port != port_of(url) or (host.isascii() and host != read.raw_host.decode("ascii")):
        raise RefusedError("the address can be read in two ways")


def _host(url: str) -> str:
    """The host of an address; none of one that is malformed, which `check_url` says better."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def _chain(journey: _Journey) -> str:
    return " -> ".join([*(f"{hop.url} ({hop.status})" for hop in journey.hops), journey.url])
