"""Servers that misbehave on purpose: raw sockets on loopback, an address of its own for each of them.

They run in a process of their own, so that what they cost is not counted against those who read
them. What an exhibit answers may depend on the round, which the trial sets, and on how often it
was asked before.
"""

import asyncio
import multiprocessing
import ssl
import struct
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from socket import SO_LINGER, SOL_SOCKET, socket
from typing import Any

# Addresses of loopback that nothing else is likely to use; the last one is that of the canary.
NETWORK = "127.77"
CANARY = f"{NETWORK}.255.1"
# The path of an exhibit at whose address nobody listens.
NOBODY = "/nobody"


class HungUpError(Exception):
    """The client has gone; what an exhibit still wanted to say is not said."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A request as it came in: names of headers in lower case, values as they stood on the wire.

    `round` counts from 1; `number` says the how manieth request for this path it is, from 1.
    """

    path: str
    headers: Mapping[str, str]
    round: int
    number: int
    origin: str

    @property
    def canary(self) -> str:
        """The root of an inner server that nobody may ever reach."""
        return f"http://{CANARY}:{self.origin.rpartition(':')[2]}"

    @property
    def conditional(self) -> bool:
        """Whether it brings validators along."""
        return "if-none-match" in self.headers or "if-modified-since" in self.headers


class Wire:
    """The bytes that go back."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer

    async def send(self, data: bytes) -> None:
        """Put bytes on the wire, as they are.

        Raises:
            HungUpError: nobody takes them any more.
        """
        try:
            self._writer.write(data)
            await self._writer.drain()
        except OSError as error:
            raise HungUpError from error

    async def drip(self, data: bytes, pause: float = 0.25) -> None:
        """One byte after the other, `pause` seconds apart."""
        for byte in data:
            await self.send(bytes([byte]))
            await asyncio.sleep(pause)

    async def flood(self, chunk: bytes, times: int) -> None:
        """The same bytes again and again."""
        for _ in range(times):
            await self.send(chunk)

    async def hold(self, seconds: float = 60.0) -> None:
        """Keep the line and say nothing."""
        await asyncio.sleep(seconds)

    async def reset(self) -> None:
        """Cut the line as a crash would, after what was sent has had time to arrive."""
        await asyncio.sleep(0.2)
        self._writer.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()


Answer = Callable[[Visit, Wire], Awaitable[None]]


def head(status: str, headers: Mapping[str, str], length: int | None) -> bytes:
    """The head of an answer; without a length it ends with the connection."""
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in headers.items())]
    if length is not None:
        lines.append(f"Content-Length: {length}")
    return ("\r\n".join([*lines, "Connection: close"]) + "\r\n\r\n").encode("latin-1")


async def say(
    wire: Wire, body: str | bytes, status: str = "200 OK", kind: str = "application/rss+xml", **headers: str
) -> None:
    """A whole answer, well-formed; underscores in header names become hyphens."""
    data = body.encode() if isinstance(body, str) else body
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    length = None if status.startswith(("304", "204")) else len(data)
    await wire.send(head(status, {"Content-Type": kind, **given}, length))
    if length:
        await wire.send(data)


def said(
    body: str | bytes | Callable[[], bytes],
    status: str = "200 OK",
    kind: str = "application/rss+xml",
    **headers: str,
) -> Answer:
    """An exhibit that always gives this answer; a body that is dear to make is made when it is asked for."""

    async def answer(visit: Visit, wire: Wire) -> None:
        made = await asyncio.to_thread(body) if callable(body) else body
        await say(wire, made, status, kind, **headers)

    return answer


def raw(*parts: bytes) -> Answer:
    """An exhibit that puts these bytes on the wire and hangs up."""

    async def answer(visit: Visit, wire: Wire) -> None:
        for part in parts:
            await wire.send(part)

    return answer


def leads(target: str | Callable[[Visit], str], status: str = "302 Found") -> Answer:
    """An exhibit that redirects."""

    async def answer(visit: Visit, wire: Wire) -> None:
        location = target if isinstance(target, str) else target(visit)
        await say(wire, b"", status, "text/plain", Location=location)

    return answer


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A source that may misbehave, and what must come of it.

    `states` are those in which it may end, `items` how many of its items are stored by then (None:
    any number), `words` what the reason must hold. `row` is that of the behaviour table.
    `settings` are the entry's beyond the usual. `paths` answer besides the source's own path,
    robots.txt among them. `titles` must all have been stored, as they stand here.
    """

    name: str
    answer: Answer
    states: tuple[str, ...]
    row: str = ""
    items: int | None = 0
    words: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    paths: Mapping[str, Answer] = field(default_factory=dict)
    titles: tuple[str, ...] = ()
    path: str = "/feed"
    tls: str = ""  # the certificate that it shows; empty: plain HTTP
    host: str = ""  # a name instead of its address
    slow: bool = False  # left out of the short form


@dataclass(frozen=True, slots=True)
class Place:
    """Where an exhibit stands."""

    exhibit: Exhibit
    address: str
    port: int

    @property
    def origin(self) -> str:
        """Scheme, host and port of the source."""
        scheme = "https" if self.exhibit.tls else "http"
        return f"{scheme}://{self.exhibit.host or self.address}:{self.port}"

    @property
    def url(self) -> str:
        """The address of the source."""
        return f"{self.origin}{self.exhibit.path}"


def places(exhibits: Sequence[Exhibit], port: int) -> list[Place]:
    """An address on loopback for each exhibit."""
    return [
        Place(exhibit, f"{NETWORK}.{number // 200}.{number % 200 + 1}", port)
        for number, exhibit in enumerate(exhibits)
    ]


@dataclass(slots=True)
class Street:
    """The servers' face to the trial: it sets the round and asks who came where nobody may come."""

    places: list[Place]
    _round: "Synchronized[int]"
    _trespasses: "Synchronized[int]"

    def turn_to(self, number: int) -> None:
        """From now on it is this round."""
        self._round.value = number

    @property
    def trespassed(self) -> int:
        """How many connections the canary has seen."""
        return self._trespasses.value


@contextmanager
def open_street(
    catalogue: Callable[[], Sequence[Exhibit]], certificates: Mapping[str, Path]
) -> Iterator[Street]:
    """All exhibits of `catalogue` on their addresses, and the canary, until the block ends.

    `catalogue` is a function of a module, because it is called again in the servers' process.
    `certificates` are the PEM files that exhibits name as their `tls`.
    """
    context = multiprocessing.get_context("spawn")
    round_number, trespasses, ready = context.Value("i", 1), context.Value("i", 0), context.Event()
    port = _free_port()
    served = context.Process(
        target=_serve,
        args=(catalogue, port, dict(certificates), round_number, trespasses, ready),
        daemon=True,
    )
    served.start()
    try:
        if not ready.wait(60):
            raise RuntimeError("the servers of the trial have not started")
        yield Street(places(catalogue(), port), round_number, trespasses)
    finally:
        served.kill()
        served.join()


def _free_port() -> int:
    with socket() as probe:
        probe.bind((CANARY, 0))
        return int(probe.getsockname()[1])


def _serve(
    catalogue: Callable[[], Sequence[Exhibit]],
    port: int,
    certificates: Mapping[str, Path],
    round_number: "Synchronized[int]",
    trespasses: "Synchronized[int]",
    ready: Any,
) -> None:
    async def trespass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with trespasses.get_lock():
            trespasses.value += 1
        writer.close()

    async def run() -> None:
        open_ones = [place for place in places(catalogue(), port) if place.exhibit.path != NOBODY]
        servers = [await _open(place, certificates, round_number) for place in open_ones]
        servers.append(await asyncio.start_server(trespass, CANARY, port))
        ready.set()
        await asyncio.gather(*(server.serve_forever() for server in servers))

    asyncio.run(run())


async def _open(
    place: Place, certificates: Mapping[str, Path], round_number: "Synchronized[int]"
) -> asyncio.Server:
    tls = None
    if chain := certificates.get(place.exhibit.tls):
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(chain)
    booth = _Booth(place, round_number)
    return await asyncio.start_server(booth.greet, place.address, place.port, ssl=tls, limit=1 << 20)


@dataclass(slots=True)
class _Booth:
    """One exhibit's server."""

    place: Place
    round: "Synchronized[int]"
    visits: Counter[str] = field(default_factory=Counter)

    async def greet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(HungUpError, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            visit = self._visit(await reader.readuntil(b"\r\n\r\n"))
            exhibit = self.place.exhibit
            own = visit.path.partition("?")[0] == exhibit.path
            answer = exhibit.paths.get(visit.path) or (exhibit.answer if own else NOTHING)
            await answer(visit, Wire(writer))
        with suppress(OSError):
            writer.close()

    def _visit(self, request: bytes) -> Visit:
        first, *lines = request.decode("latin-1").split("\r\n")
        path = first.split(" ")[1]
        pairs = (line.partition(":") for line in lines if line)
        headers = {name.lower(): value.strip() for name, _, value in pairs}
        self.visits[path] += 1
        return Visit(path, headers, self.round.value, self.visits[path], self.place.origin)


NOTHING = said(b"nothing here", "404 Not Found", "text/plain")
