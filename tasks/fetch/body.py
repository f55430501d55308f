"""A body, unpacked as it comes, and cut off where it has become too much.

A chunk of 64 KiB can hold 64 MiB: the limit is given to the decompressor itself, so that what is
beyond it never comes into being. Each packing is a layer; what one layer gives goes to the next in
small blocks, and every layer has the limit for itself, because a packing within a packing can give
gigabytes to the layer below that come to nothing there.
"""

import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Protocol

import brotli

# What goes from one layer to the next at a time.
BLOCK = 65_536
# Servers that pack what is packed already do so once more, and not oftener.
LAYERS = 2
# A gzip file may be many behind one another. Of empty ones a small body holds half a million.
MEMBERS = 1_000
# A chunk of one byte costs as much work as one of a thousand; honest servers send larger ones.
CHUNKS = 200_000


class TooLargeError(Exception):
    """There is more than the limit allows."""


class EncodingError(Exception):
    """The body is not what its header says, or packed in a way that was not asked for."""


class Body:
    """Takes the bytes of the wire and keeps the unpacked ones, `limit` at most."""

    def __init__(self, headers: Mapping[str, str], limit: int) -> None:
        """Begin a body with its response's headers (names in lower case).

        Raises:
            TooLargeError: its announced length is over the limit.
            EncodingError: it is packed in a way that was not asked for.
        """
        announced = headers.get("content-length", "")
        if announced.isdecimal() and len(announced) <= 20 and int(announced) > limit:
            raise TooLargeError(f"{announced} bytes are announced, {limit} are allowed")
        self._limit = limit
        self._chunks = 0
        self._kept = bytearray()
        # The last packing applied stands last and is undone first; the wire itself is counted as well.
        self._layers = [_Limited(layer(), limit) for layer in reversed(_layers(headers))]
        self._wire = 0

    def add(self, chunk: bytes) -> None:
        """Take the next bytes of the wire.

        Raises:
            TooLargeError: the limit is passed, packed or unpacked.
            EncodingError: the packing is broken.
        """
        self._chunks += 1
        self._wire += len(chunk)
        self._pass_on(chunk, 0)
        if max(self._wire, len(self._kept)) > self._limit:
            raise TooLargeError(f"the body is longer than {self._limit} bytes")
        if self._chunks > CHUNKS:
            raise TooLargeError(f"the body comes in more than {CHUNKS} pieces")

    @property
    def complete(self) -> bool:
        """Whether the packing has come to its end; a body that is not packed cannot say."""
        return all(layer.complete for layer in self._layers)

    @property
    def begun(self) -> bool:
        """Whether anything has come."""
        return bool(self._kept)

    def content(self) -> bytes:
        """What has been kept so far."""
        return bytes(self._kept)

    def _pass_on(self, data: bytes, depth: int) -> None:
        if depth == len(self._layers):
            self._kept += data
            return
        for block in self._layers[depth].unpack(data):
            self._pass_on(block, depth + 1)


class _Layer(Protocol):
    """One packing. `unpack` gives what the bytes hold, in blocks that are made one at a time."""

    @property
    def complete(self) -> bool: ...

    def unpack(self, data: bytes) -> Iterator[bytes]: ...


class _Limited:
    """A layer that gives `limit` bytes and one more at most."""

    def __init__(self, layer: _Layer, limit: int) -> None:
        self._layer = layer
        self._limit = limit
        self._given = 0

    @property
    def complete(self) -> bool:
        return self._layer.complete

    def unpack(self, data: bytes) -> Iterator[bytes]:
        for block in self._layer.unpack(data):
            self._given += len(block)
            yield block
            if self._given > self._limit:
                raise TooLargeError(f"the body is longer than {self._limit} bytes")


class _Gzip:
    """gzip, of one member or several; what stands behind the last and is no gzip is padding."""

    def __init__(self) -> None:
        self._inflate = zlib.decompressobj(zlib.MAX_WBITS | 16)
        self._members = 1
        # The first byte of what may be a further member, until the second one has come.
        self._held = b""
        self._padding = False

    @property
    def complete(self) -> bool:
        return self._inflate.eof and not self._held

    def unpack(self, data: bytes) -> Iterator[bytes]:
        data = self._held + data
        self._held = b""
        full = False
        while (data or full) and not self._padding:
            if self._inflate.eof and not self._next_member(data):
                return
            try:
                block = self._inflate.decompress(data, BLOCK)
            except zlib.error as error:
                raise EncodingError(f"the packing is broken: {error}") from error
            data = self._inflate.unconsumed_tail or self._inflate.unused_data
            # A full block may leave something behind that is in the decompressor already.
            full = len(block) == BLOCK and not self._inflate.eof
            yield block

    def _next_member(self, data: bytes) -> bool:
        if data == b"\x1f":
            self._held = data
            return False
        self._padding = data[:2] != b"\x1f\x8b"
        if self._padding:
            return False
        self._members += 1
        if self._members > MEMBERS:
            raise EncodingError(f"the packing consists of more than {MEMBERS} parts")
        self._inflate = zlib.decompressobj(zlib.MAX_WBITS | 16)
        return True


class _Deflate:
    """deflate, with the header that the standard demands or, as some servers send it, without."""

    def __init__(self) -> None:
        self._inflate = zlib.decompressobj()
        # The header, as far as it has come: whoever has read both bytes without complaint has one.
        self._header = b""

    @property
    def complete(self) -> bool:
        return self._inflate.eof

    def unpack(self, data: bytes) -> Iterator[bytes]:
        full = False
        while (data or full) and not self._inflate.eof:
            try:
                block = self._inflate.decompress(data, BLOCK)
            except zlib.error as error:
                if len(self._header) == 2:
                    raise EncodingError(f"the packing is broken: {error}") from error
                data = self._header + data
                self._header = data[:2].ljust(2)
                self._inflate = zlib.decompressobj(-zlib.MAX_WBITS)
                continue
            self._header = (self._header + data)[:2]
            data = self._inflate.unconsumed_tail
            full = len(block) == BLOCK
            yield block


class _Brotli:
    """Brotli, in one stream."""

    def __init__(self) -> None:
        self._decompressor = brotli.Decompressor()

    @property
    def complete(self) -> bool:
        return bool(self._decompressor.is_finished())

    def unpack(self, data: bytes) -> Iterator[bytes]:
        while not self._decompressor.is_finished():
            try:
                block: bytes = self._decompressor.process(data, output_buffer_limit=BLOCK)
            except brotli.error as error:
                raise EncodingError(f"the packing is broken: {error}") from error
            if not block and self._decompressor.can_accept_more_data():
                return
            # What a limit has kept back comes without further input.
            data = b""
            yield block


_PACKINGS: Mapping[str, Callable[[], _Layer]] = {
    "gzip": _Gzip,
    "x-gzip": _Gzip,
    "deflate": _Deflate,
    "br": _Brotli,
}


def _layers(headers: Mapping[str, str]) -> list[Callable[[], _Layer]]:
    """The packings that a header names, in the order in which they were applied."""
    given = headers.get("content-encoding", "").lower()
    named = [name for part in given.split(",") if (name := part.strip()) not in ("", "identity")]
    if len(named) > LAYERS or any(name not in _PACKINGS for name in named):
        raise EncodingError(f"the body came packed as {given[:100]}, which was not asked for")
    return [_PACKINGS[name] for name in named]
