"""What may be reached: the table of forbidden networks, the spellings, the second answer of a name server."""

import socket
from ipaddress import ip_address

import pytest

from tasks.fetch.client import Fetcher, Request
from tasks.fetch.guard import RefusedError, check_url, forbidden
from tasks.fetch.outcome import Failure, FailureKind, Response
from tests.fetch.conftest import FAST, Names
from tests.support.site import Answer, Site, feed

INNER = [
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.8.8.8",
    "168.63.129.16",
    "169.254.169.254",
    "172.31.255.255",
    "192.0.0.192",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%1",
    "2606:4700::1111%1",
    "fec0::1",
    "ff02::1",
]


@pytest.mark.parametrize("address", INNER)
def test_b55_inner_addresses_are_forbidden(address: str) -> None:
    assert forbidden(ip_address(address))


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00::1"]
)
def test_b55_public_addresses_are_not(address: str) -> None:
    assert forbidden(ip_address(address)) is None


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.1", "2130706433", "0x7f.1", "0177.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "localhost"],
)
async def test_b55_no_spelling_of_loopback_is_reached(site: Site, fetcher: Fetcher, host: str) -> None:
    site.set("/secret", Answer(b"inner"))
    outcome = await fetcher.get(Request(f"http://{host}:{site.port}/secret", ports=frozenset([site.port])))
    assert isinstance(outcome, Failure)
    assert outcome.kind is FailureKind.REFUSED
    assert not site.asked


async def test_b55_a_trailing_dot_does_not_help(fetcher: Fetcher, site: Site) -> None:
    outcome = await fetcher.get(Request(f"http://127.0.0.1.:{site.port}/", ports=frozenset([site.port])))
    assert isinstance(outcome, Failure)
    assert not site.asked


async def test_b55_a_redirect_into_the_inner_network_is_refused(site: Site) -> None:
    site.set("/feed", Answer(status=302, headers={"Location": f"http://inner.test:{site.port}/admin"}))
    names = Names({"inner.test": ["127.0.0.1"]})
    async with Fetcher("dragoman/0", FAST, resolver=names) as fetcher:
        # The first host is on loopback by permission; the second has none.
        request = Request(site.url("/feed"), ports=frozenset([site.port]), loopback=True)
        outcome = await fetcher.get(request)
    assert isinstance(outcome, Failure)
    assert outcome.kind is FailureKind.REFUSED
    assert not site.requests("/admin")


async def test_b55_one_forbidden_answer_among_several_refuses_the_host() -> None:
    names = Names({"both.test": ["203.0.114.7", "10.0.0.1"]})
    async with Fetcher("dragoman/0", FAST, resolver=names) as fetcher:
        outcome = await fetcher.get(Request("http://both.test/"))
    assert isinstance(outcome, Failure)
    assert outcome.kind is FailureKind.REFUSED
    assert "10.0.0.1" in outcome.reason


async def test_b56_the_connection_goes_to_the_address_that_was_checked(site: Site) -> None:
    """A name that is asked for once cannot answer differently the second time."""
    names = Names({"rebind.test": ["127.0.0.1"]})
    site.set("/feed", feed("<rss/>"))
    async with Fetcher("dragoman/0", FAST, resolver=names) as fetcher:
        url = f"http://rebind.test:{site.port}/feed"
        outcome = await fetcher.get(Request(url, ports=frozenset([site.port]), loopback=True))
    assert isinstance(outcome, Response)
    assert names.asked == ["rebind.test"]
    assert site.requests("/feed")[0].headers["host"] == f"rebind.test:{site.port}"


async def test_a_connection_to_loopback_is_not_lent_to_a_source_without_permission(site: Site) -> None:
    site.set("/feed", feed("<rss/>"))
    names = Names({"one.test": ["127.0.0.1"]})
    async with Fetcher("dragoman/0", FAST, resolver=names) as fetcher:
        url, ports = f"http://one.test:{site.port}/feed", frozenset([site.port])
        assert isinstance(await fetcher.get(Request(url, ports=ports, loopback=True)), Response)
        again = await fetcher.get(Request(url, ports=ports))
    assert isinstance(again, Failure)
    assert again.kind is FailureKind.REFUSED


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "gopher://example.org/",
        "ftp://example.org/feed",
        "data:text/xml,<rss/>",
        "http://example.org:22/",
        "http://example.org:8080/",
        "http://user:pass@example.org/",
        "http://user@example.org/",
        "http:///feed",
        "http://example.org:99999/",
        "http://[::1/",
        "//example.org/feed",
        "http://example.org/" + "a" * 3000,
    ],
)
def test_b57_only_plain_web_addresses(url: str) -> None:
    with pytest.raises(RefusedError):
        check_url(url)


async def test_b57_a_malformed_address_is_an_outcome(fetcher: Fetcher) -> None:
    for url in (
        "http://[::1/",
        "http://exa mple.org/\x00",
        "http://" + "a" * 80 + ".org/",
        "http://\ud800.org/",
    ):
        outcome = await fetcher.get(Request(url))
        assert isinstance(outcome, Failure), url


async def test_b58_a_proxy_in_the_environment_is_not_used(
    monkeypatch: pytest.MonkeyPatch, site: Site, fetcher: Fetcher
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    site.set("/feed", feed("<rss/>"))
    request = Request(site.url("/feed"), ports=frozenset([site.port]), loopback=True)
    assert isinstance(await fetcher.get(request), Response)


async def test_a_name_that_does_not_exist_is_told_from_a_name_server_that_is_silent() -> None:
    class Silent(Names):
        async def resolve(self, host: str, port: int) -> list[str]:
            missing = host == "missing.test"
            raise socket.gaierror(socket.EAI_NONAME if missing else socket.EAI_AGAIN, "no")

    async with Fetcher("dragoman/0", FAST, resolver=Silent({})) as fetcher:
        missing = await fetcher.get(Request("http://missing.test/"))
        silent = await fetcher.get(Request("http://silent.test/"))
    assert isinstance(missing, Failure)
    assert isinstance(silent, Failure)
    assert (missing.kind, silent.kind) == (FailureKind.NAME, FailureKind.NAME_SERVER)


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd",
        "ftp://127.0.0.1/feed",
        "gopher://127.0.0.1/1",
        "http://other.test:22/",
        "http://other.test:8080/",
        "http://user:pass@other.test/",
        "//user@other.test/",
        "data:text/xml,<rss/>",
    ],
)
async def test_b57_no_redirect_leads_off_the_web(site: Site, location: str) -> None:
    """The port of the site itself is declared, and for no other host."""
    site.set("/feed", Answer(status=301, headers={"Location": location}))
    names = Names({"other.test": ["203.0.114.7"]})
    async with Fetcher("dragoman/0", FAST, resolver=names) as fetcher:
        outcome = await fetcher.get(Request(site.url("/feed"), ports=frozenset([site.port]), loopback=True))
    assert isinstance(outcome, Failure)
    assert outcome.kind is FailureKind.REFUSED
    assert names.asked == []
