"""B26: a certificate that is not valid is refused, unless the source names it, and then it alone is taken."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pydantic import ValidationError

from tasks.fetch import plan
from tasks.fetch.client import Fetcher, Request
from tasks.fetch.outcome import Failure, FailureKind, Outcome, Response
from tasks.fetch.sources import poll_due
from tasks.store import sources
from tasks.store.database import Connection, Pool
from tasks.store.sources import DueSource
from tests.fetch.certificates import Certificate, certificate, new_key
from tests.fetch.conftest import FAST, Names
from tests.support import emptied
from tests.support import site as support
from tests.support.site import Answer, Site, feed
from tests.support.sources import NOW, a_source

database = emptied.database
kept_database = emptied.kept_database

RSS = "<rss version='2.0'><channel><item><title>one</title></item></channel></rss>"
HOSTS = {"localhost": ["127.0.0.1"], "other.test": ["127.0.0.1"]}


@contextmanager
def showing(shown: Certificate) -> Iterator[Site]:
    with support.running(shown.server()) as site:
        site.root = f"https://localhost:{site.port}"
        site.set("/feed", feed(RSS))
        site.set("/robots.txt", Answer(b"User-agent: *\nDisallow: /never"))
        yield site


def asked(site: Site, pin: str | None = None, **values: object) -> Request:
    url = str(values.pop("url", site.url("/feed")))
    return Request(url, ports=frozenset([site.port]), loopback=True, tls_pin=pin, **values)  # type: ignore[arg-type]


async def answer(request: Request) -> Outcome:
    async with Fetcher("dragoman/0", FAST, resolver=Names(HOSTS)) as fetcher:
        return await fetcher.get(request)


def untrusted(outcome: Outcome) -> str:
    assert isinstance(outcome, Failure), outcome
    assert outcome.kind is FailureKind.TLS
    return outcome.reason


@pytest.fixture
def expired(tmp_path: Path) -> Certificate:
    return certificate(tmp_path, days=-1)


async def test_b26_an_expired_certificate_is_refused_and_nothing_is_sent(expired: Certificate) -> None:
    with showing(expired) as site:
        reason = untrusted(await answer(asked(site)))
        async with Fetcher("dragoman/0", FAST, tls=expired.client(), resolver=Names(HOSTS)) as trusting:
            assert "expired" in untrusted(await trusting.get(asked(site)))
        assert not site.asked
    assert "cannot be trusted" in reason


async def test_b26_a_certificate_of_another_host_is_refused(tmp_path: Path) -> None:
    good = certificate(tmp_path)
    with showing(good) as site:
        async with Fetcher("dragoman/0", FAST, tls=good.client(), resolver=Names(HOSTS)) as trusting:
            assert isinstance(await trusting.get(asked(site)), Response)
            elsewhere = asked(site, url=f"https://other.test:{site.port}/feed")
            untrusted(await trusting.get(elsewhere))
    assert len(site.asked) == 1


@pytest.mark.parametrize("hashed", ["fingerprint", "key_hash"])
async def test_b26_the_pin_of_a_source_lets_its_certificate_pass(expired: Certificate, hashed: str) -> None:
    with showing(expired) as site:
        assert isinstance(await answer(asked(site, getattr(expired, hashed))), Response)


async def test_b26_a_wrong_pin_is_refused_before_anything_is_sent(tmp_path: Path) -> None:
    valid = certificate(tmp_path)
    with showing(valid) as site:
        async with Fetcher("dragoman/0", FAST, tls=valid.client(), resolver=Names(HOSTS)) as trusting:
            # Even a certificate that all the world trusts is not the one that was named.
            reason = untrusted(await trusting.get(asked(site, "0" * 64)))
    assert valid.fingerprint in reason
    assert valid.key_hash in reason
    assert not site.asked


async def test_b26_a_certificate_that_was_only_copied_is_no_proof(tmp_path: Path) -> None:
    """Anybody can show a certificate. The handshake fails for who has not its key, pinned or not."""
    shown, other = certificate(tmp_path), certificate(tmp_path)
    chain = other.path.with_suffix(".chain")
    # The key of one with the certificate of the other behind its own.
    chain.write_bytes(
        other.path.read_bytes() + shown.path.read_bytes().partition(b"-----END PRIVATE KEY-----\n")[2]
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(chain)
    with support.running(server) as site:
        site.root = f"https://localhost:{site.port}"
        untrusted(await answer(asked(site, shown.fingerprint)))
        untrusted(await answer(asked(site, shown.key_hash)))
    assert not site.asked


async def test_b26_a_pinned_key_outlives_its_certificate(tmp_path: Path) -> None:
    key = new_key()
    old, new = certificate(tmp_path, days=-1, key=key), certificate(tmp_path, days=-2, key=key)
    with showing(new) as site:
        assert isinstance(await answer(asked(site, old.key_hash)), Response)
        untrusted(await answer(asked(site, old.fingerprint)))


async def test_b26_a_pin_holds_for_its_source_alone(expired: Certificate) -> None:
    with showing(expired) as site:
        async with Fetcher("dragoman/0", FAST, resolver=Names(HOSTS)) as fetcher:
            assert isinstance(await fetcher.get(asked(site, expired.fingerprint)), Response)
            # Neither the connection nor the trust is lent to another source of the same host.
            untrusted(await fetcher.get(asked(site)))
            assert isinstance(await fetcher.get(asked(site, expired.fingerprint)), Response)
            # And a redirect does not carry it to another host.
            site.set("/feed", Answer(status=302, headers={"Location": "https://other.test/feed"}))
    names = Names({**HOSTS, "other.test": ["203.0.113.1"]})
    with showing(expired) as site:
        site.set("/feed", Answer(status=302, headers={"Location": "https://other.test/feed"}))
        async with Fetcher("dragoman/0", FAST, resolver=names) as fetcher:
            outcome = await fetcher.get(asked(site, expired.fingerprint))
    assert isinstance(outcome, Failure)
    assert outcome.kind is FailureKind.REFUSED


def test_b26_at_another_host_nothing_of_the_grant_is_left() -> None:
    request = Request(
        "https://a.example/", etag="e", ports=frozenset([8443]), loopback=True, tls_pin="0" * 64, cookies=True
    )
    assert request.at("https://a.example/b").tls_pin
    there = request.at("https://b.example/")
    assert there == Request("https://b.example/")


def test_b26_the_pin_stays_with_the_configured_address() -> None:
    settings = a_source(tls_pin="AB:" * 31 + "CD")
    source = DueSource("desk", settings, "example.org", NOW)
    assert plan.request(source).tls_pin == "ab" * 31 + "cd"
    moved = DueSource("desk", settings, "example.org", NOW, address="https://elsewhere.example.org/feed")
    assert plan.request(moved).tls_pin is None


@pytest.mark.parametrize(
    ("url", "pin"),
    [
        ("https://a.example/feed", "abc"),
        ("https://a.example/feed", "g" * 64),
        ("http://a.example/feed", "0" * 64),
    ],
)
def test_b26_a_pin_that_cannot_be_one_is_a_mistake(url: str, pin: str) -> None:
    with pytest.raises(ValidationError):
        a_source(url=url, tls_pin=pin)


async def test_b26_health_says_that_a_source_is_trusted_by_its_pin(
    db: Connection, pool: Pool, expired: Certificate
) -> None:
    with showing(expired) as site:
        usual = {"url": site.url("/feed"), "loopback": True, "spacing": 0, "robots": "always"}
        many = [
            a_source("pinned", **usual, tls_pin=expired.key_hash),
            a_source("wrong", **usual, tls_pin="0" * 64),
            a_source("plain", **usual),
        ]
        sources.synchronise(db, many, NOW)
        async with Fetcher("dragoman/0", FAST, resolver=Names(HOSTS)) as fetcher:
            await poll_due(pool, fetcher, 10, NOW)
    states = {state["id"]: state for state in sources.states(db)}
    assert states["pinned"]["failures"] == 0
    assert "pin" in states["pinned"]["reason"]
    assert states["wrong"]["state"] == "failing"
    assert states["plain"]["state"] == "failing"
    assert "pin" not in states["plain"]["reason"]
