"""What goes over the wire, beneath a body: heads without end, stalls at every step, answers nobody asked for.

Every case ends as an outcome, in time, and the fetcher works as before afterwards.
"""

import asyncio
import socket
import ssl
import struct
import time
from collections.abc import AsyncIterator, Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks.fetch.body import CHUNKS
from tasks.fetch.client import Fetcher, Limits, Request
from tasks.fetch.outcome import Failure, FailureKind, Outcome, Response
from tasks.fetch.wire import LONGEST_HEAD
from tests.fetch import name_server, raw
from tests.fetch.conftest import FAST, Names
from tests.fetch.name_server import Asking
from tests.fetch.raw import Raw, Script, answering, endless, request

SHORT = Limits(total=1.0, connect=0.6, read=0.6, body=1_000_000)
OK = b"HTTP/1.1 200 OK\r\n"
WHOLE = OK + b"Content-Length: 6\r\n\r\n<rss/>"
LATE = 8.0  # what a deadline of one second may take on a busy machine, and less than anything else here


def to(server: Raw, path: str = "/", **values: object) -> Request:
    return Request(server.url(path), ports=frozenset([server.port]), loopback=True, **values)  # type: ignore[arg-type]


def failed(outcome: Outcome, *kinds: FailureKind) -> Failure:
    assert isinstance(outcome, Failure), outcome
    assert outcome.kind in kinds, outcome
    return outcome


def good(outcome: Outcome) -> Response:
    assert isinstance(outcome, Response), outcome
    return outcome


@pytest.fixture
async def short() -> AsyncIterator[Fetcher]:
    async with Fetcher("dragoman/0", SHORT) as fetcher:
        yield fetcher


@pytest.fixture
async def patient() -> AsyncIterator[Fetcher]:
    """With so much time that what ends is ended by another bound."""
    async with Fetcher("dragoman/0", Limits(total=60.0, body=SHORT.body)) as fetcher:
        yield fetcher


async def ask(fetcher: Fetcher, script: Script) -> Outcome:
    with raw.serving(script) as server:
        return await fetcher.get(to(server))


async def timed(fetcher: Fetcher, script: Callable[[Raw], Script]) -> tuple[Outcome, float]:
    """What comes of an endless answer, and after how many seconds."""
    # The script must know when the test is over, and the server is only known when it runs.
    holder: list[Raw] = []
    with raw.serving(lambda connection: script(holder[0])(connection)) as server:
        holder.append(server)
        began = time.monotonic()
        outcome = await fetcher.get(to(server))
        return outcome, time.monotonic() - began


async def test_b50_a_thousand_header_lines_are_read(fetcher: Fetcher) -> None:
    """Some sites send very many, mostly cookies and policies."""
    lines = b"".join(b"X-Line-%d: %s\r\n" % (number, b"y" * 40) for number in range(1000))
    response = good(await ask(fetcher, answering(OK + lines + b"Content-Length: 6\r\n\r\n<rss/>")))
    assert response.headers["x-line-999"] == "y" * 40


async def test_b50_a_header_line_of_a_mebibyte_is_no_answer(fetcher: Fetcher) -> None:
    data = OK + b"X-Long: " + b"y" * 1_048_576 + b"\r\n\r\n"
    failed(await ask(fetcher, answering(data)), FailureKind.PROTOCOL)


async def test_b50_header_lines_without_end_are_cut_off(patient: Fetcher) -> None:
    outcome, _ = await timed(patient, endless(OK, b"X: y\r\n" * 5000))
    failed(outcome, FailureKind.PROTOCOL)


async def test_b50_interim_answers_without_end_are_cut_off(patient: Fetcher) -> None:
    """Each of them is whole and may be followed by another, so that only their sum can be bounded."""
    sent: list[int] = []

    def script(connection: socket.socket) -> None:
        request(connection)
        while True:
            sent.append(connection.send(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 200))

    outcome = failed(await ask(patient, script), FailureKind.PROTOCOL)
    assert "head" in outcome.reason
    assert sum(sent) < 100 * LONGEST_HEAD


async def test_a_few_interim_answers_are_passed_over(fetcher: Fetcher) -> None:
    good(await ask(fetcher, answering(b"HTTP/1.1 100 Continue\r\n\r\n" * 3 + WHOLE)))


async def test_b50_a_body_in_pieces_of_a_byte_is_bounded_by_its_work() -> None:
    async with Fetcher("dragoman/0", Limits(total=60.0)) as fetcher:
        head = OK + b"Transfer-Encoding: chunked\r\n\r\n"
        outcome, _ = await timed(fetcher, endless(head, b"1\r\nx\r\n" * 5000))
    assert str(CHUNKS) in failed(outcome, FailureKind.TOO_LARGE).reason


async def test_b50_what_a_piece_says_of_itself_counts_as_well(patient: Fetcher) -> None:
    """A chunk may carry an extension, which is thrown away and has to be read all the same."""
    head = OK + b"Transfer-Encoding: chunked\r\n\r\n"
    piece = b"1;" + b"e" * 8000 + b"\r\nx\r\n"
    outcome, _ = await timed(patient, endless(head, piece * 10))
    assert "over the wire" in failed(outcome, FailureKind.TOO_LARGE).reason


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 2", OK, OK + b"Content-Length: 100\r\n\r\n<rs"])
async def test_b25_a_drip_at_any_place_ends_at_the_deadline(short: Fetcher, head: bytes) -> None:
    drip = b"0" if head.startswith(b"HTTP/1.1 2") and head != OK else b"X"
    outcome, took = await timed(short, endless(head, drip, pause=0.05))
    # What has come of a body by then is of no use to anybody.
    failed(outcome, FailureKind.TIMEOUT, FailureKind.PROTOCOL)
    assert took < LATE


@pytest.mark.parametrize(
    "head", [b"", OK, OK + b"Content-Length: 100\r\n\r\n<rs"], ids=["at once", "head", "body"]
)
async def test_b25_silence_at_any_place_ends_at_the_deadline(short: Fetcher, head: bytes) -> None:
    outcome, took = await timed(short, endless(head, b"", pause=10))
    failed(outcome, FailureKind.TIMEOUT)
    assert took < LATE


async def test_b25_a_tls_handshake_that_stalls_ends_at_the_deadline(short: Fetcher) -> None:
    with raw.serving(None) as server:
        began = time.monotonic()
        url = server.url(scheme="https")
        outcome = await short.get(Request(url, ports=frozenset([server.port]), loopback=True))
    failed(outcome, FailureKind.TIMEOUT)
    assert time.monotonic() - began < LATE


async def test_b25_a_tls_handshake_that_drips_ends_at_the_deadline(short: Fetcher) -> None:
    """Each byte is a sign of life, and none of them ends the handshake."""

    def script(connection: socket.socket) -> None:
        connection.recv(4096)
        for byte in b"\x16\x03\x03\x40\x00" + b"\x02" * 16384:
            connection.sendall(bytes([byte]))
            time.sleep(0.05)

    with raw.serving(script) as server:
        began = time.monotonic()
        url = server.url(scheme="https")
        outcome = await short.get(Request(url, ports=frozenset([server.port]), loopback=True))
    failed(outcome, FailureKind.TIMEOUT, FailureKind.TLS)
    assert time.monotonic() - began < LATE


async def test_b25_a_name_server_that_is_silent_ends_at_the_deadline() -> None:
    limits = Limits(total=0.4, connect=0.3, read=0.3)
    with name_server.running(lambda name, kind: None) as server:
        async with Fetcher("dragoman/0", limits, resolver=Asking(server)) as fetcher:
            began = time.monotonic()
            outcome = await fetcher.get(Request("http://silent.example.com/"))
            took = time.monotonic() - began
    failed(outcome, FailureKind.TIMEOUT, FailureKind.NAME_SERVER)
    assert took < LATE


async def test_b25_the_deadline_holds_for_the_whole_chain_of_redirects(short: Fetcher) -> None:
    def script(connection: socket.socket) -> None:
        request(connection)
        time.sleep(0.4)
        connection.sendall(
            b"HTTP/1.1 302 Found\r\nLocation: /%d\r\nContent-Length: 0\r\n\r\n" % time.monotonic_ns()
        )

    began = time.monotonic()
    failed(await ask(short, script), FailureKind.TIMEOUT)
    assert time.monotonic() - began < LATE


async def test_b25_after_many_deadlines_the_next_request_goes_through() -> None:
    """Whatever was cut off has given its place back."""
    limits = Limits(total=0.2, connect=0.2, read=0.2, connections=2)
    with raw.serving(None) as hanging, raw.serving(answering(WHOLE)) as fine:
        async with Fetcher("dragoman/0", limits) as fetcher:
            outcomes = await asyncio.gather(*(fetcher.get(to(hanging)) for _ in range(8)))
            for outcome in outcomes:
                failed(outcome, FailureKind.TIMEOUT)
            fetcher.limits = FAST
            good(await fetcher.get(to(fine)))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html>this is how it was done in 1991</html>\r\n",
        b"\x15\x03\x01\x00\x02\x02\x46",
        b"220 mail.example.org ESMTP\r\n",
        b"SSH-2.0-OpenSSH_9.9\r\n",
        b"HTTP/1.1 OK\r\n\r\n",
        b"HTTP/1.1 99999 No\r\n\r\n",
        b"HTTP/2 200\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
        b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffffffffff\r\n",
        b"HTTP/1.1 200 OK\r\nX: a\x00b\r\n\r\n",
    ],
)
async def test_b24_what_is_no_http_is_called_so(fetcher: Fetcher, data: bytes) -> None:
    failed(await ask(fetcher, answering(data)), FailureKind.PROTOCOL)


async def test_b24_a_connection_that_is_torn_down(fetcher: Fetcher) -> None:
    def reset(connection: socket.socket) -> None:
        request(connection)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    failed(await ask(fetcher, reset), FailureKind.CONNECTION, FailureKind.PROTOCOL)


async def test_b24_plain_http_where_tls_was_expected(fetcher: Fetcher) -> None:
    def plain(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(WHOLE)

    with raw.serving(plain) as server:
        url = server.url(scheme="https")
        outcome = await fetcher.get(Request(url, ports=frozenset([server.port]), loopback=True))
    failed(outcome, FailureKind.TLS)


@pytest.mark.parametrize(
    "data",
    [
        OK + b"\r\n<rss/>",
        b"HTTP/1.0 200 OK\r\n\r\n<rss/>",
        OK + b"Connection: close\r\n\r\n<rss/>",
        OK + b"Transfer-Encoding: chunked\r\n\r\n6\r\n<rss/>\r\n0\r\nX-Trailer: y\r\n\r\n",
    ],
    ids=["no length", "HTTP/1.0", "close", "chunked"],
)
async def test_every_honest_way_to_end_a_body_is_understood(fetcher: Fetcher, data: bytes) -> None:
    response = good(await ask(fetcher, answering(data)))
    assert response.body == b"<rss/>"
    assert not response.truncated


async def test_b08_what_a_server_sends_too_much_is_not_the_next_answer(fetcher: Fetcher) -> None:
    """A body behind a 304, or a second answer behind the first, must not be taken for that of another."""
    answers = iter(
        [b"HTTP/1.1 304 Not Modified\r\n\r\n" + WHOLE.replace(b"<rss/>", b"<bad/>"), WHOLE + WHOLE, WHOLE]
    )

    def script(connection: socket.socket) -> None:
        while request(connection):
            connection.sendall(next(answers))

    with raw.serving(script) as server:
        assert good(await fetcher.get(to(server, "/a", etag='"a"'))).unchanged
        for _ in range(2):
            assert good(await fetcher.get(to(server, "/b"))).body == b"<rss/>"
        assert server.connections == 3


async def test_b14_redirects_that_set_a_cookie_each_time_end_like_others(fetcher: Fetcher) -> None:
    """With a new cookie no request is the same as before; the number of redirects still is."""

    def script(connection: socket.socket) -> None:
        request(connection)
        many = b"".join(
            b"Set-Cookie: c%d=%d; Path=/\r\n" % (number, time.monotonic_ns()) for number in range(9)
        )
        connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n" + many + b"\r\n")

    with raw.serving(script) as server:
        outcome = failed(await fetcher.get(to(server, cookies=True)), FailureKind.REDIRECT)
        assert "more than 5 redirects" in outcome.reason
        assert server.connections == 6


async def test_b14_the_log_of_a_long_chain_stays_short(fetcher: Fetcher) -> None:
    def script(connection: socket.socket) -> None:
        path = request(connection).split()[1]
        connection.sendall(
            b"HTTP/1.1 302 Found\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n" % (path + b"a" * 300)
        )

    outcome = failed(await ask(fetcher, script), FailureKind.REDIRECT)
    assert len(outcome.reason) <= 2000


async def test_b26_no_second_handshake_within_a_connection() -> None:
    async with Fetcher("dragoman/0", FAST) as fetcher:
        assert fetcher._tls.options & ssl.OP_NO_RENEGOTIATION


TLS = ssl.create_default_context()
HEADERS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                b"Content-Length",
                b"Content-Encoding",
                b"Transfer-Encoding",
                b"Location",
                b"Set-Cookie",
                b"ETag",
                b"X",
            ]
        ),
        st.sampled_from(
            [b"gzip", b"br", b"chunked", b"12", b"/next", b"http://[::1", b"a=b; Domain=.", b"\xff\xfe", b""]
        )
        | st.binary(max_size=20),
    ),
    max_size=6,
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(
        [b"HTTP/1.1 200 OK", b"HTTP/1.1 302 Found", b"HTTP/1.1 304 No", b"HTTP/1.1 101 Up", b"HTTP/1.1 503 x"]
    )
    | st.binary(max_size=30),
    HEADERS,
    st.binary(max_size=200),
)
def test_whatever_a_server_says_comes_out_as_an_outcome(
    status: bytes, headers: list[tuple[bytes, bytes]], body: bytes
) -> None:
    data = (
        status
        + b"\r\n"
        + b"".join(name + b": " + value + b"\r\n" for name, value in headers)
        + b"\r\n"
        + body
    )

    async def one() -> Outcome:
        async with Fetcher("dragoman/0", Limits(total=2.0, read=1.0), tls=TLS, resolver=Names({})) as fetcher:
            return await ask(fetcher, answering(data))

    assert isinstance(asyncio.run(one()), Response | Failure)
