"""What may be reached: no inner network, by no spelling, through no redirect.

Every address that a request goes to has come from somebody else: a feed, a page, a redirect, a name
server. Two things are checked. The URL, before anything is sent: scheme, port, no user and password.
The network address, at the moment of connecting: the host is resolved once, every answer is held
against the table below, and the connection goes to the very address that was checked, so that a
name server that answers differently the second time gains nothing. TLS still verifies the name.

A proxy resolves for itself, so behind one only what stands in the URL is checked. The proxies that
an environment names for other programs are not used; see `Fetcher` for one that is meant.
"""

import asyncio
import ipaddress
import re
import socket
import unicodedata
from collections.abc import Coroutine, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from itertools import chain, zip_longest
from urllib.parse import urlsplit

import httpcore

from tasks.fetch.wire import Wire

LONGEST_URL = 2048
SCHEMES = {"http": 80, "https": 443}
PORTS = frozenset(SCHEMES.values())
# Addresses of one host that are tried before giving up.
TRIES = 4
# Seconds that one address has before the next is tried beside it: RFC 8305 recommends a quarter.
HEAD_START = 0.25

Address = IPv4Address | IPv6Address

# The special-purpose registries of IANA, and the one public address of a cloud that is inner all
# the same. Python's own `is_global` misses several of these, and which ones depends on its version.
_FORBIDDEN_4 = tuple(
    (IPv4Network(network), name)
    for network, name in (
        ("0.0.0.0/8", "this network"),
        ("10.0.0.0/8", "a private network"),
        ("100.64.0.0/10", "shared address space"),
        ("127.0.0.0/8", "loopback"),
        ("168.63.129.16/32", "a cloud's platform service"),
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "a private network"),
        ("192.0.0.0/24", "protocol assignments"),
        ("192.0.2.0/24", "documentation"),
        ("192.88.99.0/24", "a 6to4 relay"),
        ("192.168.0.0/16", "a private network"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
    )
)
# Within IPv6 only global unicast is allowed, which leaves out ::, ::1, IPv4-mapped and -compatible
# addresses, local NAT64, unique local, link-local, site-local and multicast; these lie inside of it.
_GLOBAL_6 = IPv6Network("2000::/3")
_FORBIDDEN_6 = tuple(
    (IPv6Network(network), name)
    for network, name in (
        ("2001::/23", "protocol assignments, Teredo among them"),
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "6to4"),
        ("3fff::/20", "documentation"),
    )
)
# In a network without IPv4 this is how the name server writes the addresses of the IPv4 world, which
# a gateway translates (RFC 6052): such an address reaches what it embeds, and nothing else.
_NAT64 = IPv6Network("64:ff9b::/96")
# A label that makes the whole host a number, as the URL standard of browsers has it.
_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+", re.IGNORECASE)
# Underscores are against the rules and in use.
_NAME = re.compile(r"[a-z0-9._-]+", re.IGNORECASE)


class RefusedError(Exception):
    """An address that must not be reached; the message says why."""


def forbidden(address: Address) -> str | None:
    """Why `address` must not be reached, or None if it is a public one."""
    if isinstance(address, IPv4Address):
        return next((name for network, name in _FORBIDDEN_4 if address in network), None)
    if address.scope_id is not None:
        return "an address with a zone"
    if address.is_loopback:
        return "loopback"
    if address in _NAT64:
        embedded = IPv4Address(int(address) & 0xFFFF_FFFF)
        reason = forbidden(embedded)
        return f"the way to {embedded}, {reason}" if reason else None
    if address not in _GLOBAL_6:
        return "no global unicast"
    return next((name for network, name in _FORBIDDEN_6 if address in network), None)


def literal(host: str) -> Address | None:
    """The address that a host is written as, in any spelling that some resolver reads; None for a name.

    Among the spellings are `127.1`, `0x7f.1`, `0177.0.0.1`, `2130706433`, a dot at the end, and the
    wide digits and dots of East Asian scripts.

    Raises:
        RefusedError: it is a number, but no address, or no name either.
    """
    if ":" in host:
        try:
            return IPv6Address(host)
        except ValueError as error:
            raise RefusedError(f"{host} is no address of a host") from error
    plain = unicodedata.normalize("NFKC", host).replace("\u3002", ".").removesuffix(".")
    if plain.isascii() and not _NAME.fullmatch(plain):
        raise RefusedError(f"{host} is not a host's name")
    if not _NUMBER.fullmatch(plain.rpartition(".")[2]):
        return None
    try:
        # Whatever the letters of the system's resolver mean, they mean here.
        return IPv4Address(socket.inet_aton(plain))
    except (OSError, UnicodeError) as error:
        raise RefusedError(f"{host} is a number, but no address of a host") from error


def check_url(url: str, ports: Iterable[int] = (), *, loopback: bool = False) -> None:
    """Check an address before anything is sent to it; `ports` are allowed besides 80 and 443, and
    with `loopback` a host that is written as an address of loopback.

    Raises:
        RefusedError: with the reason.
    """
    if len(url) > LONGEST_URL:
        raise RefusedError(f"the address is longer than {LONGEST_URL} characters")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise RefusedError(f"the address is malformed: {error}") from error
    if parts.scheme not in SCHEMES:
        raise RefusedError(f"the scheme is {parts.scheme or 'missing'}, not http or https")
    if not parts.hostname:
        raise RefusedError("the address names no host")
    if parts.username is not None or parts.password is not None:
        raise RefusedError("the address carries a user or a password")
    if (port or SCHEMES[parts.scheme]) not in PORTS.union(ports):
        raise RefusedError(f"port {port} is not one of the web's")
    if address := literal(parts.hostname):
        _check(parts.hostname, address, loopback=loopback)


def _check(host: str, address: Address, *, loopback: bool) -> None:
    if loopback and address.is_loopback:
        return
    if reason := forbidden(address):
        raise RefusedError(f"{host} is at {address}, which is {reason}")


def port_of(url: str) -> int:
    """The port of an address that `check_url` would take, given or implied."""
    parts = urlsplit(url)
    return parts.port or SCHEMES[parts.scheme]


class Resolver:
    """Names to addresses, in threads of its own: a name server that hangs must not take those of others."""

    def __init__(self, threads: int = 16) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="resolve")

    async def resolve(self, host: str, port: int) -> list[str]:
        """All addresses of `host`, in the order in which they should be tried.

        Raises:
            OSError: the name has no address, or nobody could say.
            RefusedError: it is no name at all.
        """
        loop = asyncio.get_running_loop()
        try:
            found = await loop.run_in_executor(
                self._threads, lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            )
        except UnicodeError as error:
            raise RefusedError(f"{host} is not a host's name") from error
        return list(dict.fromkeys(str(entry[4][0]) for entry in found))

    def close(self) -> None:
        """Let go of the threads; those that still wait for a name server end when it answers."""
        self._threads.shutdown(wait=False, cancel_futures=True)


class Guard(httpcore.AsyncNetworkBackend):
    """Opens connections to public addresses only, and on loopback to the hosts that are allowed there."""

    def __init__(self, resolver: Resolver, loopback: frozenset[str] = frozenset()) -> None:
        self._resolver = resolver
        self._loopback = loopback
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first of the addresses of `host` that answers.

        Raises:
            RefusedError: one of the addresses is forbidden.
            OSError: the name cannot be resolved.
            httpcore.ConnectError, httpcore.ConnectTimeout: none of the addresses answers.
        """
        addresses = await self.admit(host, port)
        if not addresses:
            raise httpcore.ConnectError(f"{host} has no address")
        waiting = [
            self._network.connect_tcp(address, port, timeout, local_address, socket_options)
            for address in addresses[:TRIES]
        ]
        return Wire(await _first(waiting))

    async def admit(self, host: str, port: int) -> list[str]:
        """The addresses of `host`, all of them checked, of both families in turn.

        One forbidden answer condemns the others: an honest name has none.

        Raises:
            RefusedError: one of the addresses is forbidden.
            OSError: the name cannot be resolved.
        """
        known = literal(host)
        found = [str(known)] if known else await self._resolver.resolve(host, port)
        for address in found:
            _check(host, ipaddress.ip_address(address), loopback=host in self._loopback)
        return _in_turn(found)

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Never: a Unix socket is an inner address.

        Raises:
            RefusedError: always.
        """
        raise RefusedError("a Unix socket is not on the network")

    async def sleep(self, seconds: float) -> None:
        """Sleep; asked for by the connection pool between its own retries."""
        await asyncio.sleep(seconds)


def _in_turn(addresses: Sequence[str]) -> list[str]:
    """IPv4 and IPv6 by turns, beginning with the family that the system prefers."""
    first = [address for address in addresses if (":" in address) == (":" in addresses[0])]
    other = [address for address in addresses if address not in first]
    return [address for address in chain(*zip_longest(first, other)) if address]


async def _first(
    attempts: Sequence[Coroutine[object, object, httpcore.AsyncNetworkStream]],
) -> httpcore.AsyncNetworkStream:
    """The first connection that stands; each attempt has a head start over the next (RFC 8305).

    Raises:
        httpcore.ConnectError, httpcore.ConnectTimeout: none did, and this is how the last one failed.
    """
    waiting = list(reversed(attempts))
    running: set[asyncio.Task[httpcore.AsyncNetworkStream]] = set()
    failure: BaseException | None = None
    try:
        while waiting or running:
            if waiting:
                running.add(asyncio.create_task(waiting.pop()))
            pause = HEAD_START if waiting else None
            done, _ = await asyncio.wait(running, timeout=pause, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                running.discard(task)
                failure = task.exception()
                if failure is None:
                    return task.result()
                if not isinstance(failure, (httpcore.ConnectError, httpcore.ConnectTimeout)):
                    raise failure
    finally:
        for attempt in waiting:
            attempt.close()
        await _call_off(running)
    assert failure is not None
    raise failure


async def _call_off(tasks: set[asyncio.Task[httpcore.AsyncNetworkStream]]) -> None:
    """End attempts that are no longer wanted, and close what has come of them meanwhile."""
    for task in tasks:
        task.cancel()
    for result in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(result, httpcore.AsyncNetworkStream):
            await result.aclose()
