"""B58: no proxy unless somebody has meant it, and then with the guard off and said to be."""

import base64
import selectors
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tasks.fetch.client import Fetcher, Request
from tasks.fetch.outcome import Failure, FailureKind, Response
from tasks.settings.environment import SettingError, from_environment
from tests.fetch import raw
from tests.fetch.certificates import certificate
from tests.fetch.conftest import FAST, Names
from tests.support import site as support
from tests.support.site import Site, feed

RSS = "<rss version='2.0'><channel><item><title>one</title></item></channel></rss>"


class Proxy:
    """A proxy on loopback that leads every host to one site, and remembers what it was asked."""

    def __init__(self, target: int) -> None:
        self.target = target
        self.heads: list[str] = []
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://desk:secret@127.0.0.1:{self.port}"

    def script(self, connection: socket.socket) -> None:
        head = raw.request(connection)
        self.heads.append(head.decode())
        with socket.create_connection(("127.0.0.1", self.target)) as site:
            if head.startswith(b"CONNECT"):
                connection.sendall(b"HTTP/1.1 200 Go ahead\r\n\r\n")
                _both_ways(connection, site)
                return
            site.sendall(head.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
            while part := site.recv(65536):
                connection.sendall(part)


def _both_ways(one: socket.socket, other: socket.socket) -> None:
    with selectors.DefaultSelector() as ready:
        for source, sink in ((one, other), (other, one)):
            ready.register(source, selectors.EVENT_READ, sink)
        while True:
            for key, _ in ready.select(5) or [(None, 0)]:
                if key is None:
                    return
                part = key.fileobj.recv(65536)  # type: ignore[union-attr]
                if not part:
                    return
                key.data.sendall(part)


@contextmanager
def proxy_to(site: Site) -> Iterator[Proxy]:
    proxy = Proxy(site.port)
    with raw.serving(proxy.script) as server:
        proxy.port = server.port
        yield proxy


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"])
async def test_b58_a_proxy_that_the_environment_names_for_others_is_not_used(
    monkeypatch: pytest.MonkeyPatch, site: Site, name: str
) -> None:
    monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert from_environment().proxy is None
    site.set("/feed", feed(RSS))
    async with Fetcher("dragoman/0", FAST) as fetcher:
        request = Request(site.url("/feed"), ports=frozenset([site.port]), loopback=True)
        assert isinstance(await fetcher.get(request), Response)


async def test_b58_a_proxy_that_is_meant_is_used_and_resolves_for_itself(site: Site) -> None:
    site.set("http://news.example.org/feed", feed(RSS))
    names = Names({})
    with proxy_to(site) as proxy:
        async with Fetcher("dragoman/0", FAST, resolver=names, proxy=proxy.url) as fetcher:
            outcome = await fetcher.get(Request("http://news.example.org/feed"))
    assert isinstance(outcome, Response)
    assert outcome.body == RSS.encode()
    assert not names.asked
    (head,) = proxy.heads
    credentials = base64.b64encode(b"desk:secret").decode()
    assert f"Proxy-Authorization: Basic {credentials}" in head


async def test_b58_tls_goes_through_the_proxy_to_the_site_and_is_verified_there(tmp_path: Path) -> None:
    shown = certificate(tmp_path, "news.example.org", days=-1)
    with support.running(shown.server()) as site:
        site.set("/feed", feed(RSS))
        with proxy_to(site) as proxy:
            async with Fetcher("dragoman/0", FAST, proxy=proxy.url) as fetcher:
                plain = await fetcher.get(Request("https://news.example.org/feed"))
                named = await fetcher.get(Request("https://news.example.org/feed", tls_pin=shown.key_hash))
                wrong = await fetcher.get(Request("https://news.example.org/feed", tls_pin="0" * 64))
        assert all(head.startswith("CONNECT news.example.org:443 ") for head in proxy.heads)
        assert len(site.asked) == 1
    assert isinstance(named, Response)
    for outcome in (plain, wrong):
        assert isinstance(outcome, Failure)
        assert outcome.kind is FailureKind.TLS


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/", "http://2130706433/", "http://[::1]/", "http://a.example:22/"]
)
async def test_b58_what_is_written_in_an_address_is_checked_all_the_same(site: Site, url: str) -> None:
    with proxy_to(site) as proxy:
        async with Fetcher("dragoman/0", FAST, proxy=proxy.url) as fetcher:
            outcome = await fetcher.get(Request(url))
    assert isinstance(outcome, Failure)
    assert outcome.kind is FailureKind.REFUSED
    assert not proxy.heads


async def test_b58_what_is_meant_to_be_on_loopback_does_not_leave_the_machine(site: Site) -> None:
    site.set("/feed", feed(RSS))
    with proxy_to(site) as proxy:
        async with Fetcher("dragoman/0", FAST, proxy=proxy.url) as fetcher:
            request = Request(site.url("/feed"), ports=frozenset([site.port]), loopback=True)
            assert isinstance(await fetcher.get(request), Response)
    assert not proxy.heads


async def test_b58_a_proxy_that_refuses_is_named_and_its_password_is_not(site: Site) -> None:
    with raw.serving(
        raw.answering(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
    ) as server:
        proxy = f"http://desk:secret@127.0.0.1:{server.port}"
        async with Fetcher("dragoman/0", FAST, proxy=proxy) as fetcher:
            outcome = await fetcher.get(Request("https://news.example.org/feed"))
    assert isinstance(outcome, Failure)
    assert outcome.kind is FailureKind.CONNECTION
    assert "proxy" in outcome.reason
    assert "secret" not in outcome.reason


def test_b58_the_setting_is_the_operators_and_a_secret(tmp_path: Path) -> None:
    address = "http://desk:secret@proxy.example:3128"
    assert from_environment({}).proxy is None
    assert from_environment({"DRAGOMAN_PROXY": ""}).proxy is None
    found = from_environment({"DRAGOMAN_PROXY": address})
    assert found.proxy == address
    assert "secret" not in repr(found)
    file = tmp_path / "proxy"
    file.write_text(address + "\n")
    assert from_environment({"DRAGOMAN_PROXY_FILE": str(file)}).proxy == address


@pytest.mark.parametrize(
    "address",
    ["proxy.example:3128", "socks5://s3cret@a:1", "http://", "http://s3cret@[::1", "ftp://s3cret@a"],
)
def test_b58_a_setting_that_is_no_proxy_is_told_without_its_value(address: str) -> None:
    with pytest.raises(SettingError) as raised:
        from_environment({"DRAGOMAN_PROXY": address})
    assert "DRAGOMAN_PROXY" in str(raised.value)
    assert "s3cret" not in str(raised.value)
