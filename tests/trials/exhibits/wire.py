"""What servers do to the bytes themselves: slow, broken, endless, packed, encrypted badly."""

import gzip
import io
import zipfile
import zlib
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import brotli

from tests.trials.hostile import NOBODY, Answer, Exhibit, Visit, Wire, head, raw, said, say
from tests.trials.words import feed, titles

FAILING = ("failing",)
MEBIBYTE = 1 << 20
RSS_KIND = {"Content-Type": "application/rss+xml"}


@cache
def bomb(window: int, mebibytes: int = 200) -> bytes:
    """That many MiB of zeros, packed; `window` as zlib has it."""
    packer = zlib.compressobj(9, zlib.DEFLATED, window)
    return b"".join([*(packer.compress(bytes(MEBIBYTE)) for _ in range(mebibytes)), packer.flush()])


@cache
def brotli_bomb(mebibytes: int = 200) -> bytes:
    """That many MiB of zeros, in some hundred bytes."""
    packer = brotli.Compressor(quality=5)
    return b"".join([*(packer.process(bytes(MEBIBYTE)) for _ in range(mebibytes)), packer.finish()])


@cache
def zip_bomb(mebibytes: int = 200) -> bytes:
    """A zip file whose only member is that many MiB of zeros."""
    kept = io.BytesIO()
    with (
        zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive,
        archive.open("20261122120000.export.CSV", "w", force_zip64=True) as member,
    ):
        for _ in range(mebibytes):
            member.write(bytes(MEBIBYTE))
    return kept.getvalue()


def slow() -> Sequence[Exhibit]:
    """Servers that want to keep the line."""

    async def body(visit: Visit, wire: Wire) -> None:
        await wire.send(head("200 OK", RSS_KIND, 100_000))
        await wire.drip(b"<rss>" + b" " * 99_995)

    async def chunks(visit: Visit, wire: Wire) -> None:
        await wire.send(head("200 OK", RSS_KIND | {"Transfer-Encoding": "chunked"}, None))
        for _ in range(10_000):
            await wire.drip(b"1\r\nx\r\n")

    async def headers(visit: Visit, wire: Wire) -> None:
        await wire.drip(head("200 OK", {"X-Long": "x" * 10_000}, 5))

    async def silent(visit: Visit, wire: Wire) -> None:
        await wire.hold()

    async def hushed(visit: Visit, wire: Wire) -> None:
        await wire.send(head("200 OK", RSS_KIND, 100_000))
        await wire.hold()

    async def half(visit: Visit, wire: Wire) -> None:
        document = feed("half-then-silence").encode()
        await wire.send(head("200 OK", RSS_KIND, len(document)) + document[: len(document) // 2])
        await wire.hold()

    async def continues(visit: Visit, wire: Wire) -> None:
        while True:
            await wire.flood(b"HTTP/1.1 100 Continue\r\n\r\n" * 20, 1)
            await wire.hold(0.01)

    async def packed(visit: Visit, wire: Wire) -> None:
        document = gzip.compress(feed("drips-packed").encode())
        await wire.send(head("200 OK", RSS_KIND | {"Content-Encoding": "gzip"}, len(document)))
        await wire.drip(document)

    late = "not done after|in time"
    return (
        Exhibit("drips its body", body, FAILING, "B25", words=late),
        Exhibit("drips its chunks", chunks, FAILING, "B25", words=late),
        Exhibit("drips its headers", headers, FAILING, "B25", words=late),
        Exhibit("drips a packed body", packed, FAILING, "B25", words=late),
        Exhibit("never says a word", silent, FAILING, "B41", words=late),
        Exhibit("falls silent after its headers", hushed, FAILING, "B41", words=late),
        Exhibit("falls silent in mid-body", half, FAILING, "B41", words=late),
        Exhibit("says 'continue' for ever", continues, FAILING, "B25"),
    )


def broken() -> Sequence[Exhibit]:
    """Servers that do not speak HTTP as it is written."""
    document = feed("broken").encode()

    async def reset_at_once(visit: Visit, wire: Wire) -> None:
        await wire.reset()

    async def reset_mid_body(visit: Visit, wire: Wire) -> None:
        whole = feed("reset", 10).encode()
        cut = whole.index(b"<title>Item 3 of")
        await wire.send(head("200 OK", RSS_KIND, len(whole)) + whole[:cut])
        await wire.reset()

    async def promises_more(visit: Visit, wire: Wire) -> None:
        whole = feed("promises-more").encode()
        await wire.send(head("200 OK", RSS_KIND, len(whole) + 5_000) + whole)

    async def promises_less(visit: Visit, wire: Wire) -> None:
        whole = feed("promises-less", 10).encode()
        await wire.send(head("200 OK", RSS_KIND, whole.index(b"<title>Item 3 of")) + whole)

    async def breaks_chunks(visit: Visit, wire: Wire) -> None:
        whole = feed("breaks-chunks", 10).encode()
        size = whole.index(b"<title>Item 3 of")
        await wire.send(head("200 OK", RSS_KIND | {"Transfer-Encoding": "chunked"}, None))
        await wire.send(f"{size:x}\r\n".encode() + whole[:size] + b"\r\n")
        await wire.hold(0.2)
        await wire.send(b"zzzz\r\n" + whole[size:])

    async def storm(visit: Visit, wire: Wire) -> None:
        await wire.send(b"HTTP/1.1 200 OK\r\n")
        await wire.flood(b"".join(b"X-%d: x\r\n" % number for number in range(1000)), 1000)

    async def endless_header(visit: Visit, wire: Wire) -> None:
        await wire.send(b"HTTP/1.1 200 OK\r\nX-Long: ")
        await wire.flood(b"x" * 65_536, 200)

    plain = {"Content-Type": "text/xml"}
    return (
        Exhibit("resets the line at once", reset_at_once, FAILING, "B24"),
        Exhibit(
            "resets the line in mid-body", reset_mid_body, ("ok",), "B66", 7, titles=titles("reset", 7, 4)
        ),
        Exhibit(
            "promises more than it sends", promises_more, ("ok",), "B66", 5, titles=titles("promises-more", 5)
        ),
        Exhibit(
            "promises less than it sends",
            promises_less,
            ("ok",),
            "B66",
            7,
            titles=titles("promises-less", 7, 4),
        ),
        Exhibit(
            "breaks off between chunks",
            breaks_chunks,
            ("ok",),
            "B66",
            7,
            titles=titles("breaks-chunks", 7, 4),
        ),
        Exhibit(
            "length below zero",
            raw(head("200 OK", plain | {"Content-Length": "-5"}, None) + document),
            FAILING,
        ),
        Exhibit(
            "length in words",
            raw(head("200 OK", plain | {"Content-Length": "many"}, None) + document),
            FAILING,
        ),
        Exhibit(
            "a length of 5,000 digits",
            raw(head("200 OK", plain | {"Content-Length": "9" * 5_000}, None) + document),
            FAILING,
            "B50",
        ),
        Exhibit(
            "two lengths that differ",
            raw(head("200 OK", plain | {"Content-Length": "10", "content-length": "20"}, None) + document),
            FAILING,
        ),
        Exhibit("a storm of headers", storm, FAILING),
        Exhibit("a header without end", endless_header, FAILING),
        Exhibit("a header with a NUL", raw(b"HTTP/1.1 200 OK\r\nX-A: a\0b\r\n\r\n" + document), FAILING),
        Exhibit("a header without a name", raw(b"HTTP/1.1 200 OK\r\n: a\r\n\r\n" + document), FAILING),
        Exhibit("an answer of another protocol", raw(b"SSH-2.0-OpenSSH_9.6\r\n"), FAILING, "B24"),
        Exhibit("a body without a head", raw(document), FAILING, "B24"),
        Exhibit("an empty answer", raw(), FAILING, "B24"),
        Exhibit("status 999", said(document, "999 What"), FAILING, "B24"),
        Exhibit("a status in letters", raw(b"HTTP/1.1 OK\r\n\r\n" + document), FAILING, "B24"),
        Exhibit(
            "switches the protocol", raw(head("101 Switching", {"Upgrade": "x"}, None) + document), FAILING
        ),
        Exhibit("no content", said(b"", "204 No Content"), FAILING),
        Exhibit("partial content unasked", said(document, "206 Partial Content"), FAILING),
        Exhibit("nobody listens", raw(), FAILING, "B24", path=NOBODY),
    )


def floods() -> Sequence[Exhibit]:
    """Servers that send without measure, packed or not."""

    async def announced(visit: Visit, wire: Wire) -> None:
        await wire.send(head("200 OK", RSS_KIND, 50 * MEBIBYTE))
        await wire.flood(b"<item>" * 10_000, 1000)

    async def unannounced(visit: Visit, wire: Wire) -> None:
        await wire.send(head("200 OK", RSS_KIND, None) + b"<rss><channel>")
        await wire.flood(b"<item/>" * 10_000, 750)

    async def chunked(visit: Visit, wire: Wire) -> None:
        await wire.send(head("200 OK", RSS_KIND | {"Transfer-Encoding": "chunked"}, None))
        await wire.flood(b"10000\r\n" + b"x" * 0x10000 + b"\r\n", 800)

    async def in_crumbs(visit: Visit, wire: Wire) -> None:
        await wire.send(head("200 OK", RSS_KIND | {"Transfer-Encoding": "chunked"}, None))
        await wire.flood(b"1\r\nx\r\n" * 5_000, 800)

    async def in_error(visit: Visit, wire: Wire) -> None:
        await wire.send(head("500 Oops", {"Content-Type": "text/html"}, None))
        await wire.flood(b"x" * 65_536, 4_000)

    def packed(name: str, body: bytes | Callable[[], bytes], coding: str, words: str = "") -> Exhibit:
        return Exhibit(name, said(body, Content_Encoding=coding), FAILING, "B51", words=words)

    half = gzip.compress(feed("half-packed", 200).encode())

    def many() -> bytes:
        return gzip.compress(bytes(MEBIBYTE)) * 50

    return (
        Exhibit("a flood that is announced", announced, FAILING, "B50", words="announced"),
        Exhibit("a flood that is not announced", unannounced, FAILING, "B50", words="longer than"),
        Exhibit("a flood in chunks", chunked, FAILING, "B50", words="longer than"),
        Exhibit("a flood in crumbs", in_crumbs, FAILING, "B50"),
        Exhibit("a flood behind an error", in_error, FAILING, "B50", words="status 500"),
        packed("a bomb by gzip", lambda: bomb(31), "gzip", "longer than"),
        packed("a bomb by deflate", lambda: bomb(15), "deflate"),
        packed("a bomb by raw deflate", lambda: bomb(-15), "deflate"),
        packed("a bomb of many members", many, "gzip", "longer than"),
        packed("a bomb within a bomb", lambda: gzip.compress(bomb(31)), "gzip, gzip"),
        packed("a bomb by Brotli", brotli_bomb, "br", "longer than"),
        packed("Brotli that is broken", b"\x5b\xff\xff\x9f\x08" + bytes(64), "br"),
        packed("packed as nobody asked", b"\x28\xb5\x2f\xfd\x04\x00", "zstd"),
        packed("gzip in name only", feed("not-packed").encode(), "gzip", "packing"),
        packed("gzip that is broken", half[:200] + b"\xff" * 200 + half[400:], "gzip"),
        Exhibit("gzip cut in half", said(half[: len(half) // 2], Content_Encoding="gzip"), ("ok",), "B66", None),
        Exhibit(
            "padding behind gzip",
            said(gzip.compress(feed("padded").encode()) + b"\0" * 1_000, Content_Encoding="gzip"),
            ("ok",), "B51", 5, titles=titles("padded", 5),
        ),
        Exhibit("a zip bomb as a feed", said(zip_bomb, kind="application/zip"), ("not_a_feed",), "B51"),
        Exhibit("a gzip file as a feed", said(lambda: bomb(31), kind="application/octet-stream"), ("not_a_feed",), "B51"),
    )  # fmt: skip


def encrypted() -> Sequence[Exhibit]:
    """Servers whose certificate cannot be trusted."""
    answer = said(feed("encrypted"))
    trust = "cannot be trusted"

    async def silent(visit: Visit, wire: Wire) -> None:
        await wire.hold()

    def shows(
        name: str, tls: str, states: tuple[str, ...] = FAILING, behind: Answer = answer, **more: Any
    ) -> Exhibit:
        host = name.replace(" ", "-") + ".zoo.example"
        return Exhibit(name, behind, states, tls=tls, host=host.lower(), **{"row": "B26", **more})

    return (
        shows("a certificate that has run out", "expired", words=trust),
        shows("a certificate of another host", "other", words=trust),
        shows("a certificate that it signed itself", "own", words=trust),
        shows("plain HTTP where TLS is expected", "none"),
        shows("no handshake", "none", behind=silent),
        shows("a good certificate", "good", ("ok",), items=5, titles=titles("encrypted", 5)),
        shows("leads from https to http", "good", behind=_to_plain, row="B13", words="from https"),
    )


async def _to_plain(visit: Visit, wire: Wire) -> None:
    location = visit.origin.replace("https", "http") + "/feed"
    await say(wire, b"", "301 Moved", Location=location)


def catalogue() -> Sequence[Exhibit]:
    """All of them."""
    return (*slow(), *broken(), *floods(), *encrypted())
