"""A body, decompressed as it comes, and cut off where it has become too much.

A chunk of 64 KiB can hold 64 MiB: the limit is given to the decompressor itself, so that what is
beyond it never comes into being.
"""

import zlib
from collections.abc import Callable, Mapping


class TooLargeError(Exception):
    """There is more than the limit allows."""


class EncodingError(Exception):
    """The body is not what its header says, or packed in a way that was not asked for."""


class Body:
    """Takes the bytes of the wire and keeps the decompressed ones, `limit` at most."""

    def __init__(self, headers: Mapping[str, str], limit: int) -> None:
        """Begin a body with its response's headers (names in lower case).

        Raises:
            TooLargeError: its announced length is over the limit.
            EncodingError: it is packed in a way that was not asked for.
        """
        announced = headers.get("content-length", "")
        if announced.isdecimal() and int(announced) > limit:
            raise TooLargeError(f"{announced} bytes are announced, {limit} are allowed")
        coding = headers.get("content-encoding", "identity").strip().lower()
        if coding not in _WINDOWS:
            raise EncodingError(f"the body came packed as {coding}, which was not asked for")
        self._limit = limit
        self._wire = 0
        self._kept = bytearray()
        self._window = _WINDOWS[coding]
        self._unpack = self._new() if self._window else None

    def add(self, chunk: bytes) -> None:
        """Take the next bytes of the wire.

        Raises:
            TooLargeError: the limit is passed, packed or unpacked.
            EncodingError: the packing is broken.
        """
        self._wire += len(chunk)
        if self._unpack is None:
            self._kept += chunk
        else:
            self._inflate(chunk)
        if max(self._wire, len(self._kept)) > self._limit:
            raise TooLargeError(f"the body is longer than {self._limit} bytes")

    @property
    def complete(self) -> bool:
        """Whether the packing has come to its end; a body that is not packed cannot say."""
        return self._unpack is None or self._unpack.eof

    @property
    def begun(self) -> bool:
        """Whether anything has come."""
        return bool(self._kept)

    def content(self) -> bytes:
        """What has been kept so far."""
        return bytes(self._kept)

    def _inflate(self, data: bytes) -> None:
        assert self._unpack is not None
        while data and len(self._kept) <= self._limit:
            if self._unpack.eof:  # a further member of the same file, or padding after the last
                if data[:2] != b"\x1f\x8b":
                    return
                self._unpack = self._new()
            room = self._limit - len(self._kept) + 1
            try:
                self._kept += self._unpack.decompress(data, room)
            except zlib.error as error:
                # Some servers send deflate without the header that the standard demands.
                if self._window != zlib.MAX_WBITS or self._kept:
                    raise EncodingError(f"the packing is broken: {error}") from error
                self._window = -zlib.MAX_WBITS
                self._unpack = self._new()
                continue
            data = self._unpack.unconsumed_tail or self._unpack.unused_data

    def _new(self) -> "zlib._Decompress":
        return _decompressor(self._window)


_WINDOWS = {
    "": 0,
    "identity": 0,
    "gzip": zlib.MAX_WBITS | 16,
    "x-gzip": zlib.MAX_WBITS | 16,
    "deflate": zlib.MAX_WBITS,
}
_decompressor: Callable[[int], "zlib._Decompress"] = zlib.decompressobj
