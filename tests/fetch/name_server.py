"""A name server on loopback, and the system's own resolver asking it.

What glibc asks is set for each thread; the threads of this resolver are set to ask here, so that the
answers go the whole way that they go in earnest: UDP, glibc, getaddrinfo, guard.
"""

import ctypes
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from ipaddress import ip_address

from tasks.fetch.guard import Resolver

A, AAAA = 1, 28
NO_ERROR, SERVER_FAILURE, NO_SUCH_NAME = 0, 2, 3

Answerer = Callable[[str, int], list[str] | int | None]
"""Addresses, or a code of failure, or None for silence; asked with a name and the type of record."""


class NameServer:
    """Answers as it is told, and remembers what it was asked."""

    def __init__(self, answer: Answerer) -> None:
        self.answer = answer
        self.asked: list[tuple[str, int]] = []
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]

    def serve(self) -> None:
        """Answer until closed."""
        while True:
            query, sender = self._socket.recvfrom(4096)
            if not query:
                return
            name, kind, end = _question(query)
            self.asked.append((name, kind))
            answer = self.answer(name, kind)
            if answer is not None:
                self._socket.sendto(_reply(query, kind, end, answer), sender)

    def stop(self) -> None:
        """Let `serve` return."""
        self._socket.sendto(b"", self._socket.getsockname())

    def close(self) -> None:
        """Give the port back."""
        self._socket.close()


def _question(query: bytes) -> tuple[str, int, int]:
    labels, at = [], 12
    while query[at]:
        labels.append(query[at + 1 : at + 1 + query[at]].decode())
        at += 1 + query[at]
    return ".".join(labels).lower(), struct.unpack_from(">H", query, at + 1)[0], at + 5


def _reply(query: bytes, kind: int, end: int, answer: list[str] | int) -> bytes:
    addresses = [] if isinstance(answer, int) else [ip_address(text) for text in answer]
    fitting = [address for address in addresses if (address.version == 6) == (kind == AAAA)]
    code = answer if isinstance(answer, int) else NO_ERROR
    head = query[:2] + struct.pack(">HHHHH", 0x8180 | code, 1, len(fitting), 0, 0)
    records = [
        struct.pack(">HHHIH", 0xC00C, kind, 1, 0, len(address.packed)) + address.packed for address in fitting
    ]
    return head + query[12:end] + b"".join(records)


@contextmanager
def running(answer: Answerer) -> Iterator[NameServer]:
    """A name server until the block ends."""
    server = NameServer(answer)
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join(5)
        server.close()


class Asking(Resolver):
    """The resolver of the service, with another name server than the machine's."""

    def __init__(self, server: NameServer, threads: int = 2) -> None:
        super().__init__(threads)
        self._threads = ThreadPoolExecutor(threads, initializer=_ask_at, initargs=(server.port,))


class _State(ctypes.Structure):
    """The beginning of glibc's `struct __res_state` (resolv.h), which has not changed in decades."""

    _fields_ = (
        ("retransmit", ctypes.c_int),
        ("retry", ctypes.c_int),
        ("options", ctypes.c_ulong),
        ("count", ctypes.c_int),
        ("servers", ctypes.c_char * 16 * 3),
    )


def _ask_at(port: int) -> None:
    """Let this thread's lookups go to loopback, to this port; a second for an answer, and no second try."""
    libc = ctypes.CDLL(None)
    libc.__res_init()
    libc.__res_state.restype = ctypes.POINTER(_State)
    state = libc.__res_state().contents
    state.retransmit, state.retry, state.count = 1, 1, 1
    address = struct.pack("=H", socket.AF_INET) + struct.pack(">H", port) + socket.inet_aton("127.0.0.1")
    ctypes.memmove(ctypes.addressof(state.servers), address.ljust(16, b"\0"), 16)
