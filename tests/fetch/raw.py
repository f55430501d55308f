"""Servers that speak worse than any HTTP library would: a function has the bare socket."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

Script = Callable[[socket.socket], None]
"""What is done with a connection; it is closed afterwards."""


@dataclass(slots=True)
class Raw:
    """A server: its port, and how many connections it has had. `ended` is set when the test is over."""

    port: int
    connections: int = 0
    ended: threading.Event = field(default_factory=threading.Event)

    def url(self, path: str = "/", host: str = "127.0.0.1", scheme: str = "http") -> str:
        """The address of a path."""
        return f"{scheme}://{host}:{self.port}{path}"


def request(connection: socket.socket) -> bytes:
    """Read a request to the end of its head."""
    data = b""
    while b"\r\n\r\n" not in data:
        part = connection.recv(4096)
        if not part:
            break
        data += part
    return data


def answering(data: bytes) -> Script:
    """Read the request and send these bytes."""

    def script(connection: socket.socket) -> None:
        request(connection)
        connection.sendall(data)

    return script


def endless(head: bytes, part: bytes, pause: float = 0.0) -> Callable[["Raw"], Script]:
    """Read the request, send `head`, and then `part` until nobody listens any more."""

    def of(raw: "Raw") -> Script:
        def script(connection: socket.socket) -> None:
            request(connection)
            connection.sendall(head)
            while not raw.ended.wait(pause):
                connection.sendall(part)

        return script

    return of


@contextmanager
def serving(
    script: Script | None, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None
) -> Iterator[Raw]:
    """A server that runs `script` for each connection, in a thread each; None is silence."""
    listener = socket.create_server(
        (host, 0), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=64
    )
    raw = Raw(listener.getsockname()[1])
    with accepting(listener, raw, script, tls):
        yield raw


@contextmanager
def accepting(
    listener: socket.socket, raw: Raw, script: Script | None, tls: ssl.SSLContext | None = None
) -> Iterator[None]:
    """Serve on a socket that listens already."""

    def one(connection: socket.socket) -> None:
        with suppress(OSError), connection:
            speaking = tls.wrap_socket(connection, server_side=True) if tls else connection
            with speaking:
                if script is None:
                    raw.ended.wait()
                else:
                    script(speaking)

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            raw.connections += 1
            threading.Thread(target=one, args=(connection,), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield
    finally:
        raw.ended.set()
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)
