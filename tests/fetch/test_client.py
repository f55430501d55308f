"""One request: validators, redirects, caps, deadlines, walls. Each row is of the behaviour table."""

import gzip
import threading
import time
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from tasks.fetch import guard
from tasks.fetch.client import Fetcher, Limits, Request, user_agent
from tasks.fetch.outcome import Failure, FailureKind, Response
from tests.fetch.certificates import Certificate, certificate
from tests.fetch.conftest import FAST, Names
from tests.support import site as support
from tests.support.site import Answer, Site, feed, page

Ask = Callable[..., Request]
RSS = "<rss version='2.0'><channel><item><title>one</title></item></channel></rss>"


def failure(outcome: Response | Failure) -> Failure:
    assert isinstance(outcome, Failure), outcome
    return outcome


def response(outcome: Response | Failure) -> Response:
    assert isinstance(outcome, Response), outcome
    return outcome


@pytest.mark.parametrize("etag", ['"abc-gzip"', 'W/"x"', "unquoted", '"quote""inside"', '"caf\xe9"'])
async def test_b01_validators_go_back_byte_for_byte(
    site: Site, fetcher: Fetcher, ask: Ask, etag: str
) -> None:
    date = "Thu, 01 Jan 2041 00:00:00 GMT"
    site.set("/feed", feed(RSS, ETag=etag, Last_Modified=date))
    first = response(await fetcher.get(ask("/feed")))
    assert (first.headers["etag"], first.headers["last-modified"]) == (etag, date)
    await fetcher.get(ask("/feed", etag=first.headers["etag"], last_modified=first.headers["last-modified"]))
    sent = site.requests("/feed")[1].headers
    assert (sent["if-none-match"], sent["if-modified-since"]) == (etag, date)


async def test_b02_not_modified_is_a_success_with_its_headers(site: Site, fetcher: Fetcher, ask: Ask) -> None:
    site.set("/feed", Answer(b"", 304, {"ETag": '"a"', "Last-Modified": "later"}))
    outcome = response(await fetcher.get(ask("/feed", etag='"a"')))
    assert outcome.unchanged
    assert outcome.headers["last-modified"] == "later"


@pytest.mark.parametrize("garbage", ["yesterday", "Thu, 01 Jan 2041 00:00:00 GMT", "0"])
async def test_b07_a_date_is_echoed_and_never_interpreted(
    site: Site, fetcher: Fetcher, ask: Ask, garbage: str
) -> None:
    site.set("/feed", feed(RSS))
    await fetcher.get(ask("/feed", last_modified=garbage))
    assert site.requests("/feed")[0].headers["if-modified-since"] == garbage


async def test_b08_not_modified_without_being_asked_is_an_error(
    site: Site, fetcher: Fetcher, ask: Ask
) -> None:
    site.set("/feed", Answer(b"", 304))
    assert failure(await fetcher.get(ask("/feed"))).kind is FailureKind.UNASKED


async def test_b10_a_permanent_redirect_is_told(site: Site, fetcher: Fetcher, ask: Ask) -> None:
    site.set("/old", Answer(status=301, headers={"Location": "/new"}))
    site.set("/new", feed(RSS))
    outcome = response(await fetcher.get(ask("/old")))
    assert outcome.moved
    assert outcome.url == site.url("/new")


@pytest.mark.parametrize("status", [302, 303, 307])
async def test_b11_a_temporary_redirect_is_none(site: Site, fetcher: Fetcher, ask: Ask, status: int) -> None:
    site.set("/old", Answer(status=301, headers={"Location": "/half"}))
    site.set("/half", Answer(status=status, headers={"Location": "/new"}))
    site.set("/new", feed(RSS))
    outcome = response(await fetcher.get(ask("/old")))
    assert not outcome.moved


@pytest.mark.usefixtures("open_network")
async def test_b13_from_https_to_http_only_by_permission(
    tls_site: Site, site: Site, trusting: Fetcher
) -> None:
    tls_site.set("/feed", Answer(status=301, headers={"Location": site.set("/feed", feed(RSS))}))
    ports = frozenset([tls_site.port, site.port])
    request = Request(tls_site.url("/feed"), ports=ports, loopback=True)
    assert failure(await trusting.get(request)).kind is FailureKind.REDIRECT
    request = Request(tls_site.url("/feed"), ports=ports, loopback=True, downgrade=True)
    outcome = response(await trusting.get(request))
    assert not outcome.moved


@pytest.mark.usefixtures("open_network")
async def test_b13_https_in_capitals_is_left_as_little(
    tls_site: Site, site: Site, trusting: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "PORTS", frozenset([site.port, tls_site.port]))
    site.set(
        "/start", Answer(status=301, headers={"Location": tls_site.url("/hop").replace("https", "HTTPS")})
    )
    tls_site.set("/hop", Answer(status=301, headers={"Location": site.url("/feed").replace("http", "HTTP")}))
    site.set("/feed", feed(RSS))
    outcome = failure(await trusting.get(Request(site.url("/start"))))
    assert outcome.kind is FailureKind.REDIRECT
    assert "from https to" in outcome.reason
    assert tls_site.requests("/hop")
    assert not site.requests("/feed")


async def test_b14_a_circle_ends_with_its_chain(site: Site, fetcher: Fetcher, ask: Ask) -> None:
    site.set("/a", Answer(status=302, headers={"Location": "/b"}))
    site.set("/b", Answer(status=302, headers={"Location": "/a"}))
    outcome = failure(await fetcher.get(ask("/a")))
    assert outcome.kind is FailureKind.REDIRECT
    assert "/a (302) -> " in outcome.reason
    assert len(site.asked) == 2


async def test_b14_a_chain_commands_no_terminal(site: Site, fetcher: Fetcher, ask: Ask) -> None:
    site.set("/a", Answer(status=302, headers={"Location": "/b\x9b31m"}))
    site.set("/b%C2%9B31m", Answer(status=302, headers={"Location": "/a"}))
    outcome = failure(await fetcher.get(ask("/a")))
    assert "/b%C2%9B31m (302) -> " in outcome.reason
    assert (outcome.reason + outcome.url).isprintable()


@pytest.mark.parametrize("hostile", ["\x9b31m", "\x1b[31m", "\x85"])
async def test_b51_no_header_commands_a_terminal(
    site: Site, fetcher: Fetcher, ask: Ask, hostile: str
) -> None:
    site.set("/a", Answer(b"x", headers={"Content-Encoding": f"a{hostile}b"}))
    assert "which was not asked for" in (reason := failure(await fetcher.get(ask("/a"))).reason)
    assert reason.isprintable()


async def test_b14_six_redirects_are_too_many(site: Site, fetcher: Fetcher, ask: Ask) -> None:
    for number in range(7):
        site.set(f"/{number}", Answer(status=301, headers={"Location": f"/{number + 1}"}))
    outcome = failure(await fetcher.get(ask("/0")))
    assert outcome.kind is FailureKind.REDIRECT
    assert len(site.asked) == 6


@pytest.mark.parametrize("location", ["", "http://[::1", "javascript:alert(1)", "file:///etc/passwd"])
async def test_b14_a_redirect_to_nowhere(site: Site, fetcher: Fetcher, ask: Ask, location: str) -> None:
    site.set("/a", Answer(status=302, headers={"Location": location} if location else {}))
    assert failure(await fetcher.get(ask("/a"))).kind in (FailureKind.REDIRECT, FailureKind.REFUSED)


@pytest.mark.usefixtures("open_network")
async def test_b15_another_host_gets_neither_validators_nor_cookies(site: Site) -> None:
    names = Names({"one.test": ["127.0.0.1"], "two.test": ["127.0.0.1"]})
    elsewhere = {"Location": f"http://two.test:{site.port}/new", "Set-Cookie": "seen=1"}
    site.set("/old", Answer(status=301, headers=elsewhere))
    site.set("/new", feed(RSS))
    async with Fetcher("dragoman/0", FAST, resolver=names) as fetcher:
        url = f"http://one.test:{site.port}/old"
        for _ in range(2):
            response(await fetcher.get(Request(url, etag='"a"', last_modified="then", cookies=True)))
    first, second = (asked.headers for asked in site.requests("/old"))
    assert "if-none-match" in first
    assert second["cookie"] == "seen=1"
    for asked in site.requests("/new"):
        assert not {"if-none-match", "if-modified-since", "cookie", "referer"} & asked.headers.keys()


async def test_b20_a_site_that_asks_for_patience(site: Site, fetcher: Fetcher, ask: Ask) -> None:
    site.set("/a", Answer(status=429), Answer(status=503, headers={"Retry-After": "120"}), Answer(status=503))
    kinds = [failure(await fetcher.get(ask("/a"))).kind for _ in range(3)]
    assert kinds == [FailureKind.LIMITED, FailureKind.LIMITED, FailureKind.STATUS]


WALLS = [
    Answer(b"no", 403),
    Answer(b"", 503, {"cf-mitigated": "challenge"}),
    Answer(b"", 521, {"Set-Cookie": "__jsluid_h=1"}),
    page("<!DOCTYPE html><html><head><title>Just a moment...</title></head></html>"),
    page("<html><script>window['bobcmn']='1';</script></html>".replace("['", ".").replace("']", "")),
    page("<script>document.cookie='__jsl_clearance=1'</script>"),
]


@pytest.mark.parametrize("answer", WALLS)
async def test_b22_a_wall_is_called_a_wall(site: Site, fetcher: Fetcher, ask: Ask, answer: Answer) -> None:
    site.set("/a", answer)
    outcome = failure(await fetcher.get(ask("/a")))
    assert outcome.kind is FailureKind.BLOCKED
    assert "the site" in outcome.reason


async def test_b22_an_article_about_a_wall_is_none(site: Site, fetcher: Fetcher, ask: Ask) -> None:
    site.set("/a", page("<html><p>" + "Words about Cloudflare. " * 5000 + "_Incapsula_Resource</p></html>"))
    response(await fetcher.get(ask("/a")))


async def test_b23_gone_is_gone(site: Site, fetcher: Fetcher, ask: Ask) -> None:
    site.set("/a", Answer(status=410))
    assert failure(await fetcher.get(ask("/a"))).kind is FailureKind.GONE


async def test_b24_each_kind_of_failure_has_its_name(site: Site, fetcher: Fetcher, ask: Ask) -> None:
    site.set("/500", Answer(status=500))
    assert failure(await fetcher.get(ask("/404"))).kind is FailureKind.MISSING
    assert failure(await fetcher.get(ask("/500"))).kind is FailureKind.STATUS
    refused = Request("http://127.0.0.1:9/", ports=frozenset([9]), loopback=True)
    assert failure(await fetcher.get(refused)).kind is FailureKind.CONNECTION


async def test_b25_a_drip_ends_at_the_deadline(site: Site, ask: Ask) -> None:
    done = threading.Event()

    def drip() -> Iterator[bytes]:
        while not done.wait(0.05):
            yield b"x"

    site.set("/a", Answer(chunks=drip()))
    began = time.monotonic()
    async with Fetcher("dragoman/0", Limits(total=0.5, read=0.3)) as fetcher:
        outcome = failure(await fetcher.get(ask("/a")))
    done.set()
    assert outcome.kind is FailureKind.TIMEOUT
    # Without the deadline it would go on for ever.
    assert time.monotonic() - began < 20


async def test_b44_what_we_say_of_ourselves(site: Site, fetcher: Fetcher, ask: Ask) -> None:
    site.set("/feed", feed(RSS, Set_Cookie="id=1"))
    await fetcher.get(ask("/feed"))
    await fetcher.get(ask("/feed"))
    sent = site.requests("/feed")[1].headers
    assert sent["user-agent"] == "dragoman/0 (+mailto:desk@example.org)"
    assert sent["accept-encoding"] == "gzip, br"
    assert not {"cookie", "referer", "authorization"} & sent.keys()
    assert user_agent("1.2", None) == "dragoman/1.2"


@pytest.mark.parametrize("contact", ["", "  ", "\r\n", "редакция", "()"])
def test_b44_a_contact_that_no_header_can_hold_is_left_out(contact: str) -> None:
    assert user_agent("1.2", contact) == "dragoman/1.2"


async def test_b44_no_contact_adds_a_header_of_its_own(site: Site, ask: Ask) -> None:
    site.set("/feed", feed(RSS))
    agent = user_agent("1.2", "https://desk.example/(a)\r\nX-Evil: 1\u2603")
    async with Fetcher(agent, FAST) as fetcher:
        response(await fetcher.get(ask("/feed")))
    sent = site.requests("/feed")[0].headers
    assert sent["user-agent"] == "dragoman/1.2 (+https://desk.example/aX-Evil: 1)"
    assert "x-evil" not in sent


@pytest.mark.parametrize("path", ["/feed", "/robots.txt", "/list", "/a"])
async def test_b44_one_name_for_everything_that_is_asked(
    site: Site, fetcher: Fetcher, ask: Ask, path: str
) -> None:
    site.set(path, Answer(status=302, headers={"Location": f"{path}/there"}))
    site.set(f"{path}/there", feed(RSS))
    response(await fetcher.get(ask(path)))
    assert {asked.headers["user-agent"] for asked in site.asked} == {fetcher.agent}


async def test_b44_cookies_only_where_the_source_asks_for_them(
    site: Site, fetcher: Fetcher, ask: Ask
) -> None:
    again = Answer(status=302, headers={"Set-Cookie": "pass=1; Path=/", "Location": "/feed"})
    site.set("/feed", lambda asked: feed(RSS) if "cookie" in asked.headers else again)
    assert failure(await fetcher.get(ask("/feed"))).kind is FailureKind.REDIRECT
    response(await fetcher.get(ask("/feed", cookies=True)))


async def test_b50_an_announced_flood_is_refused_before_it_begins(
    site: Site, fetcher: Fetcher, ask: Ask
) -> None:
    site.set("/a", Answer(b"x", length=50 * 1024 * 1024))
    outcome = failure(await fetcher.get(ask("/a")))
    assert outcome.kind is FailureKind.TOO_LARGE
    assert "announced" in outcome.reason


async def test_b50_an_unannounced_flood_is_cut(site: Site, fetcher: Fetcher, ask: Ask) -> None:
    sent: list[int] = []

    def flood() -> Iterator[bytes]:
        for _ in range(800):
            sent.append(1)
            yield b"x" * 65_536

    site.set("/a", Answer(chunks=flood()))
    assert failure(await fetcher.get(ask("/a"))).kind is FailureKind.TOO_LARGE
    assert len(sent) < 700


def _bomb() -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join([*(packer.compress(b"\0" * 1_048_576) for _ in range(200)), packer.flush()])


async def test_b51_a_gzip_bomb_is_cut_with_flat_memory(site: Site, fetcher: Fetcher, ask: Ask) -> None:
    bomb = _bomb()
    site.set("/a", Answer(bomb, headers={"Content-Encoding": "gzip"}))
    tracemalloc.start()
    outcome = failure(await fetcher.get(ask("/a")))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(bomb) < 300_000
    assert outcome.kind is FailureKind.TOO_LARGE
    assert peak < 32 * 1024 * 1024


@pytest.mark.parametrize("coding", ["zstd", "gzip, gzip, gzip", "gzip, zstd", "compress"])
async def test_b51_packing_that_was_not_asked_for(
    site: Site, fetcher: Fetcher, ask: Ask, coding: str
) -> None:
    site.set("/a", Answer(b"\x1f\x8bxx", headers={"Content-Encoding": coding}))
    assert failure(await fetcher.get(ask("/a"))).kind is FailureKind.ENCODING


async def test_b51_broken_packing(site: Site, fetcher: Fetcher, ask: Ask) -> None:
    packed = bytearray(gzip.compress(RSS.encode() * 1000))
    packed[40:60] = b"\xff" * 20
    site.set("/a", Answer(bytes(packed), headers={"Content-Encoding": "gzip"}))
    assert failure(await fetcher.get(ask("/a"))).kind is FailureKind.ENCODING


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", gzip.compress(RSS.encode())),
        ("gzip", gzip.compress(RSS[:20].encode()) + gzip.compress(RSS[20:].encode())),
        ("deflate", zlib.compress(RSS.encode())),
        ("deflate", zlib.compress(RSS.encode())[2:-4]),
        ("identity", RSS.encode()),
    ],
    ids=["gzip", "gzip in two members", "zlib", "bare deflate", "identity"],
)
async def test_every_usual_packing_is_undone(
    site: Site, fetcher: Fetcher, ask: Ask, coding: str, packed: bytes
) -> None:
    site.set("/a", Answer(packed, headers={"Content-Encoding": coding}))
    outcome = response(await fetcher.get(ask("/a")))
    assert outcome.body == RSS.encode()
    assert not outcome.truncated


async def test_b66_a_broken_off_body_is_kept_and_marked(site: Site, fetcher: Fetcher, ask: Ask) -> None:
    site.set("/plain", Answer(RSS.encode(), length=len(RSS) + 100))
    packed = gzip.compress(RSS.encode() * 50)
    site.set("/packed", Answer(packed[:-30], headers={"Content-Encoding": "gzip"}))
    plain = response(await fetcher.get(ask("/plain")))
    assert plain.truncated
    assert plain.body == RSS.encode()
    half = response(await fetcher.get(ask("/packed")))
    assert half.truncated


@pytest.fixture
def shown(tmp_path: Path) -> Certificate:
    return certificate(tmp_path)


@pytest.fixture
def tls_site(shown: Certificate) -> Iterator[Site]:
    with support.running(shown.server()) as running:
        running.root = f"https://localhost:{running.port}"
        yield running


@pytest.fixture
async def trusting(shown: Certificate) -> AsyncIterator[Fetcher]:
    names = Names({"localhost": ["127.0.0.1"]})
    async with Fetcher("dragoman/0", FAST, tls=shown.client(), resolver=names) as fetcher:
        yield fetcher
