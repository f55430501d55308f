"""A connection that counts what comes over it, and that holds a pinned server to its pin.

httpcore waits for the head of an answer as long as interim answers come, and a body in chunks of
one byte costs ten times its size on the wire. Both are bounded here, beneath the HTTP.
"""

import ssl
from collections.abc import Iterable
from typing import Any

import httpcore

from tasks.fetch.body import TooLargeError
from tasks.fetch.pin import Pinned

# Interim answers and the head itself, with what of the body has come along with it.
LONGEST_HEAD = 256 * 1024
# How often the limit of a body may go over the wire, before it is unpacked and freed of its chunks.
OVERHEAD = 4


class Wire(httpcore.AsyncNetworkStream):
    """A network stream with a bound on what is read in answer to one request."""

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream
        self._read = 0
        self._limit: int | None = None

    def begin_body(self, limit: int) -> None:
        """The head of the answer has come: from here on, `limit` bytes of body may.

        Beyond a multiple of that reading raises TooLargeError, before it an httpcore.ProtocolError.
        """
        self._read = 0
        self._limit = limit * OVERHEAD

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        """At most `max_bytes`; none at the end."""
        data = await self._stream.read(max_bytes, timeout)
        self._read += len(data)
        if self._limit is None and self._read > LONGEST_HEAD:
            raise httpcore.RemoteProtocolError(f"the head of the answer is longer than {LONGEST_HEAD} bytes")
        if self._limit is not None and self._read > self._limit:
            raise TooLargeError(f"more than {self._limit} bytes came over the wire")
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        """Send all of `buffer`, which is part of a request."""
        self._read, self._limit = 0, None
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        """Close the connection."""
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> "Wire":
        """Go over to TLS; nothing is sent to a pinned server before its certificate has been compared.

        Raises:
            httpcore.ConnectError: the certificate is not valid.
            tasks.fetch.pin.PinError: it is not the pinned one.
        """
        stream = await self._stream.start_tls(ssl_context, server_hostname, timeout)
        if isinstance(ssl_context, Pinned):
            try:
                ssl_context.compare(stream.get_extra_info("ssl_object"))
            except BaseException:
                await stream.aclose()
                raise
        return Wire(stream)

    def get_extra_info(self, info: str) -> Any:
        """What the underlying stream knows of itself."""
        return self._stream.get_extra_info(info)


class Network(httpcore.AsyncNetworkBackend):
    """Connections without a guard, for the one to a proxy."""

    def __init__(self) -> None:
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> Wire:
        """Connect to `host`.

        Raises:
            httpcore.ConnectError, httpcore.ConnectTimeout: it does not answer.
        """
        return Wire(await self._network.connect_tcp(host, port, timeout, local_address, socket_options))

    async def sleep(self, seconds: float) -> None:
        """Sleep; asked for by the connection pool between its own retries."""
        await self._network.sleep(seconds)
