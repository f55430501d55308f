"""httpx over connections that all pass the guard, or that go to a proxy which was configured on purpose.

No connection is used twice. A server that sends more than it was asked for would have the rest taken
for the answer to the next request, and the next request is two seconds away in any case.
"""

import ssl
from collections.abc import AsyncIterator

import httpcore
import httpx

from tasks.fetch.guard import Guard
from tasks.fetch.wire import Network, Wire


class _Stream(httpx.AsyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._response.aiter_stream():
            yield part

    async def aclose(self) -> None:
        await self._response.aclose()


class Transport:
    """Sends single requests: no redirect, no cookie, no proxy and no credentials from the environment.

    What goes wrong on the network comes out as httpcore's exceptions.
    """

    def __init__(
        self, guard: Guard, tls: ssl.SSLContext, connections: int, proxy: httpx.URL | None = None
    ) -> None:
        self._pool = (
            httpcore.AsyncConnectionPool(
                ssl_context=tls,
                max_connections=connections,
                max_keepalive_connections=0,
                network_backend=guard,
            )
            if proxy is None
            else httpcore.AsyncHTTPProxy(
                proxy_url=str(proxy.copy_with(username=None, password=None)),
                proxy_auth=(proxy.username, proxy.password) if proxy.userinfo else None,
                ssl_context=tls,
                max_connections=connections,
                max_keepalive_connections=0,
                network_backend=Network(),
            )
        )

    async def send(self, request: httpx.Request, body: int) -> httpx.Response:
        """Send one request; the response's stream is still to be read and closed. What goes over the
        wire is bounded by a multiple of `body` bytes.
        """
        url = httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        response = await self._pool.handle_async_request(
            httpcore.Request(request.method, url, headers=request.headers.raw, extensions=request.extensions)
        )
        wire = response.extensions["network_stream"]
        if isinstance(wire, Wire):
            wire.begin_body(body)
        return httpx.Response(
            response.status,
            headers=response.headers,
            stream=_Stream(response),
            extensions=response.extensions,
            request=request,
        )

    async def aclose(self) -> None:
        """Close all connections."""
        await self._pool.aclose()
