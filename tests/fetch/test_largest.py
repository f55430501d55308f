"""What a kind may have more of than is usual."""

from collections.abc import Callable

from tasks.fetch.client import Fetcher, Limits, Request
from tasks.fetch.outcome import Failure, FailureKind, Response
from tests.support.site import Answer, Site

SMALL = Limits(total=5.0, body=1_000)


async def test_b50_a_kind_may_have_longer_bodies_than_others(site: Site, ask: Callable[..., Request]) -> None:
    site.set("/file.zip", Answer(b"x" * 3_000))
    async with Fetcher("dragoman/0", SMALL) as fetcher:
        usual = await fetcher.get(ask("/file.zip"))
        allowed = await fetcher.get(ask("/file.zip", largest=3_000))
        beyond = await fetcher.get(ask("/file.zip", largest=2_999))
    assert isinstance(usual, Failure)
    assert usual.kind is FailureKind.TOO_LARGE
    assert isinstance(allowed, Response)
    assert len(allowed.body) == 3_000
    assert isinstance(beyond, Failure)
    assert "2999 are allowed" in beyond.reason


async def test_b50_what_does_not_announce_its_length_is_cut_off_as_well(
    site: Site, ask: Callable[..., Request]
) -> None:
    site.set("/file.zip", Answer(chunks=iter([b"x" * 1_500] * 4)))
    async with Fetcher("dragoman/0", SMALL) as fetcher:
        outcome = await fetcher.get(ask("/file.zip", largest=3_000))
    assert isinstance(outcome, Failure)
    assert outcome.kind is FailureKind.TOO_LARGE
