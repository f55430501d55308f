"""B50 and B51: a body is unpacked as it comes, and never becomes more than it may."""

import gzip
import random
import tracemalloc
import zlib
from collections.abc import Iterator
from functools import cache

import brotli
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.fetch.body import CHUNKS, MEMBERS, Body, EncodingError, TooLargeError

MIB = 1_048_576
LIMIT = 10 * MIB


def bare(data: bytes) -> bytes:
    """Deflate without a header, as some servers send it."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


PACK = {
    "identity": bytes,
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "gzip, gzip": lambda data: gzip.compress(gzip.compress(data)),
    "br, gzip": lambda data: gzip.compress(brotli.compress(data)),
    "gzip, br": lambda data: brotli.compress(gzip.compress(data)),
}


def fed(coding: str, packed: bytes, step: int = 65_536, limit: int = LIMIT) -> Body:
    body = Body({"content-encoding": coding}, limit)
    for start in range(0, len(packed), step):
        body.add(packed[start : start + step])
    return body


@cache
def bomb(coding: str) -> bytes:
    """200 MiB of nothing, packed in pieces so that the test itself stays small."""
    inner, *outer = (part.strip() for part in coding.split(","))
    zeros = b"\0" * MIB
    if inner == "br":
        packer = brotli.Compressor(quality=5)
        packed = b"".join([*(packer.process(zeros) for _ in range(200)), packer.finish()])
    else:
        deflate = zlib.compressobj(9, zlib.DEFLATED, 31 if inner == "gzip" else 15)
        packed = b"".join([*(deflate.compress(zeros) for _ in range(200)), deflate.flush()])
    return packed if not outer else bytes(PACK[outer[0]](packed))


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(sorted(PACK)),
    st.integers(0, 300_000),
    st.sampled_from([1, 7, 1000, 65_536]),
    st.randoms(),
)
def test_b51_what_was_packed_comes_out_whole(
    coding: str, size: int, step: int, chance: random.Random
) -> None:
    size = size % 3000 if step == 1 else size
    data = chance.randbytes(size // 2) + b"\0" * (size - size // 2)
    body = fed(coding, PACK[coding](data), step)
    assert body.content() == data
    assert body.complete


@pytest.mark.parametrize("step", [1, 2, 3, 65_536])
@pytest.mark.parametrize("data", [b"", b"<rss/>", b"<rss/>" * 50_000])
def test_b51_deflate_without_its_header(data: bytes, step: int) -> None:
    body = fed("deflate", bare(data), step)
    assert body.content() == data
    assert body.complete


@pytest.mark.parametrize("step", [1, 2, 19, 20, 21, 65_536])
def test_b51_gzip_of_several_members_wherever_it_is_cut(step: int) -> None:
    packed = b"".join(gzip.compress(part) for part in (b"<rss>", b"", b"</rss>"))
    body = fed("gzip", packed + b"\0" * 30, step)
    assert body.content() == b"<rss></rss>"
    assert body.complete


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "gzip, gzip", "br, gzip", "gzip, br", "br, br"])
def test_b51_a_bomb_is_cut_with_flat_memory(coding: str) -> None:
    PACK.setdefault("br, br", lambda data: brotli.compress(brotli.compress(data)))
    packed = bomb(coding)
    assert len(packed) < MIB
    tracemalloc.start()
    with pytest.raises(TooLargeError):
        fed(coding, packed)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 3 * LIMIT


def test_b51_a_layer_that_comes_to_nothing_is_bounded_for_itself() -> None:
    """The file name in a gzip header may be gigabytes long, and no byte of it is body."""
    endless_name = b"\x1f\x8b\x08\x08" + b"\0" * 6 + b"A" * (3 * LIMIT)
    with pytest.raises(TooLargeError):
        fed("gzip, gzip", gzip.compress(endless_name))


def test_b51_half_a_million_empty_members_are_broken_packing() -> None:
    with pytest.raises(EncodingError, match=str(MEMBERS)):
        fed("gzip", gzip.compress(b"") * (MEMBERS + 1))


def test_b50_very_many_pieces_are_too_many() -> None:
    body = Body({}, LIMIT)
    with pytest.raises(TooLargeError, match="pieces"):
        for _ in range(CHUNKS + 1):
            body.add(b"x")


@pytest.mark.parametrize("coding", ["zstd", "compress", "gzip, gzip, gzip", "gzip, zstd", "gzip;q=1", "\xff"])
def test_b51_packing_that_was_not_asked_for(coding: str) -> None:
    with pytest.raises(EncodingError):
        Body({"content-encoding": coding}, LIMIT)


@pytest.mark.parametrize("coding", ["GZIP", " gzip ", "identity, gzip", "gzip, identity", ",gzip,"])
def test_b51_the_header_is_read_with_patience(coding: str) -> None:
    assert fed(coding, gzip.compress(b"<rss/>")).content() == b"<rss/>"


def _damaged() -> Iterator[tuple[str, bytes]]:
    text = random.Random(1).randbytes(5000)
    for coding in ("gzip", "deflate", "br"):
        packed = bytearray(PACK[coding](text * 3))
        packed[100:140] = b"\xff" * 40
        yield coding, bytes(packed)
        yield coding, b"<rss>this is not packed at all</rss>" * 20


@pytest.mark.parametrize(("coding", "packed"), list(_damaged()))
def test_b51_broken_packing_is_called_so_or_is_not_whole(coding: str, packed: bytes) -> None:
    try:
        body = fed(coding, packed)
    except EncodingError:
        return
    assert not body.complete


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "gzip, gzip", "br, gzip"])
def test_b51_packing_that_breaks_off_is_kept_as_far_as_it_came(coding: str) -> None:
    text = random.Random(1).randbytes(300_000)
    packed = PACK[coding](text)
    body = fed(coding, packed[: len(packed) // 2])
    assert body.begun
    assert text.startswith(body.content())
    assert not body.complete


@pytest.mark.parametrize(
    ("announced", "fine"), [("10", True), ("11", False), ("9" * 19, False), ("abc", True)]
)
def test_b50_what_is_announced_is_believed_only_when_it_is_too_much(announced: str, fine: bool) -> None:
    if fine:
        Body({"content-length": announced}, 10)
        return
    with pytest.raises(TooLargeError):
        Body({"content-length": announced}, 10)
