"""B55 and B56: no spelling of an inner address is reached, and no name server talks us into one."""

import asyncio
import socket
import unicodedata
from collections.abc import Callable, Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address, ip_address
from itertools import count

import httpx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tasks.fetch import guard
from tasks.fetch.client import Fetcher, Request
from tasks.fetch.guard import Guard, RefusedError, Resolver, check_url, forbidden, literal
from tasks.fetch.outcome import Failure, FailureKind, Response
from tests.fetch import name_server, raw
from tests.fetch.conftest import FAST, Names
from tests.fetch.name_server import NO_SUCH_NAME, SERVER_FAILURE, Asking
from tests.support.site import Answer, Site, feed

# The networks that IANA's registry for special purposes does not call globally reachable, multicast, and
# the rest above it: written out, and not taken from the code that they try.
NETWORKS = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "168.63.129.16/32",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
]
INNER = [IPv4Network(network) for network in NETWORKS]
WIDE = {
    ord(narrow): wide
    for narrow, wide in zip("0123456789abcdefx", "０１２３４５６７８９ａｂｃｄｅｆｘ", strict=True)
}


def global_by_python(address: IPv4Address | IPv6Address) -> bool:
    """What the standard library thinks, without what it is known to get wrong: a second opinion."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped or address.sixtofour or address.teredo:
            return False
        if address in guard._NAT64:
            return global_by_python(IPv4Address(int(address) & 0xFFFF_FFFF))
    return address.is_global and not address.is_multicast and not address.is_reserved


@st.composite
def inner_4(draw: st.DrawFn) -> IPv4Address:
    network = draw(st.sampled_from(INNER))
    return IPv4Address(draw(st.integers(int(network[0]), int(network[-1]))))


def _part(draw: st.DrawFn, value: int) -> str:
    return draw(
        st.sampled_from(
            [str(value), f"0{value:o}", f"000{value:o}", f"0x{value:x}", f"0X{value:X}", f"0x00{value:x}"]
        )
    )


@st.composite
def spelling_4(draw: st.DrawFn) -> tuple[IPv4Address, str]:
    """An inner IPv4 address as some resolver reads it: by parts, short, in octal, hexadecimal, wide."""
    address = draw(inner_4())
    parts = draw(st.integers(1, 4))
    packed = address.packed
    numbers = [*packed[: parts - 1], int.from_bytes(packed[parts - 1 :], "big")]
    text = ".".join(_part(draw, number) for number in numbers)
    if draw(st.booleans()):
        text += "."
    if draw(st.booleans()):
        text = text.lower().translate(WIDE)
    return address, text.replace(".", draw(st.sampled_from([".", "．", "。", "｡"])))


@st.composite
def spelling_6(draw: st.DrawFn) -> tuple[IPv6Address, str]:
    """An IPv6 address that carries an inner IPv4 one, or is an inner one itself."""
    inner = int(draw(inner_4()))
    low = draw(st.integers(0, 2**64 - 1))
    value = draw(
        st.sampled_from(
            [
                0xFFFF << 32 | inner,  # mapped
                inner,  # compatible
                int(IPv6Address("64:ff9b::")) | inner,  # NAT64
                int(IPv6Address("64:ff9b:1::")) | low,  # local NAT64
                0x2002 << 112 | inner << 80 | low,  # 6to4
                0x2001_0000 << 96 | inner << 64 | low,  # Teredo, its server
                0x2001_0000 << 96 | (inner ^ 0xFFFF_FFFF),  # Teredo, its client
                0xFC00 << 112 | low,
                0xFDFF << 112 | low,
                0xFE80 << 112 | low,
                0xFEC0 << 112 | low,
                0xFF02 << 112 | low,
                0x2001_0DB8 << 96 | low,
                0x3FFF << 112 | low,
                0x5F00 << 112 | low,
                0x0100 << 112 | low,
                1,
                0,
            ]
        )
    )
    address = IPv6Address(value)
    form = draw(st.sampled_from([str, lambda a: a.exploded, lambda a: str(a).upper(), _dotted]))
    zone = draw(st.sampled_from(["", "", "%1", "%lo", "%25lo"]))
    return address, f"[{form(address)}{zone}]"


def _dotted(address: IPv6Address) -> str:
    return f"{':'.join(address.exploded.split(':')[:6])}:{IPv4Address(int(address) & 0xFFFF_FFFF)}"


class NoNames(Resolver):
    """Reads numbers as the system does, and has no name server to ask."""

    async def resolve(self, host: str, port: int) -> list[str]:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
        return [str(entry[4][0]) for entry in found]


_resolver = NoNames(1)


def admitted(url: str) -> list[str]:
    """The addresses that a request for `url` would be sent to; none if it is refused on the way."""
    try:
        check_url(url)
        asked = httpx.URL(url)
        return asyncio.run(Guard(_resolver).admit(asked.raw_host.decode("ascii"), asked.port or 80))
    except (RefusedError, httpx.InvalidURL, OSError, UnicodeError):
        return []


@settings(max_examples=400, deadline=None)
@given(spelling_4())
@example((IPv4Address("127.0.0.1"), "2130706433"))
@example((IPv4Address("127.0.0.1"), "0x7f.1"))
@example((IPv4Address("127.0.0.1"), "017700000001"))
@example((IPv4Address("127.0.0.1"), "127。0。0。1"))
@example((IPv4Address("127.0.0.1"), "①②⑦.⓪.0.1"))
def test_b55_no_spelling_of_an_inner_ipv4_address_passes(case: tuple[IPv4Address, str]) -> None:
    _, host = case
    assert admitted(f"http://{host}/") == []
    with pytest.raises(RefusedError):
        check_url(f"http://{host}/")


@settings(max_examples=400, deadline=None)
@given(spelling_6())
def test_b55_no_ipv6_address_around_an_inner_one_passes(case: tuple[IPv6Address, str]) -> None:
    _, host = case
    assert admitted(f"http://{host}/") == []


@settings(max_examples=400, deadline=None)
@given(st.integers(0, 2**32 - 1).map(IPv4Address) | st.integers(0, 2**128 - 1).map(IPv6Address))
@example(IPv4Address("192.0.0.192"))
@example(IPv4Address("100.64.0.1"))
@example(IPv6Address("2001:0:7f00:1::"))
@example(IPv6Address("fec0::1"))
def test_b55_whatever_passes_is_global(address: IPv4Address | IPv6Address) -> None:
    """The other way round: what our table lets through, another table knows as public."""
    if forbidden(address) is None:
        assert global_by_python(address), address


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="0123456789abcdefxX.:%[]@/\\#?。．１０7f-_ \t", min_size=1, max_size=40))
def test_b55_no_text_at_all_leads_inside(text: str) -> None:
    for address in admitted(f"http://{text}"):
        assert global_by_python(ip_address(address)), (text, address)


@pytest.mark.parametrize(
    "host", ["1.2.3.4.5", "256.1.1.1", "0x", "1.2.3.0x1ffffff", "08.1.1.1", "example.0x7f"]
)
def test_b55_a_number_that_is_no_address_is_asked_of_nobody(host: str) -> None:
    with pytest.raises(RefusedError):
        literal(host)


@pytest.mark.parametrize(
    "host", ["example.org", "1.example.org", "xn--e1afmkfd.xn--p1ai", "0x7f.example", "a1"]
)
def test_b55_a_name_is_no_number(host: str) -> None:
    assert literal(host) is None


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org\\@127.0.0.1/",
        "http://127.0.0.1\\@example.org/",
        "http://exa mple.org/",
        "http://example.org%00.evil.test/",
        "http://127%2e0.0.1/",
        "http://[::ffff:127.0.0.1%25lo]/",
        "http://example.org:80:80/",
        "http://ⓔxample.org:８０/",
    ],
)
async def test_b55_an_address_that_two_readers_read_differently_is_refused(url: str) -> None:
    names = Names({})
    async with Fetcher("dragoman/0", FAST, resolver=names) as fetcher:
        outcome = await fetcher.get(Request(url))
    assert isinstance(outcome, Failure)
    assert outcome.kind is FailureKind.REFUSED
    assert not names.asked


async def test_b55_behind_nat64_the_public_internet_is_reached_and_nothing_else() -> None:
    """A network without IPv4 of its own sees all of IPv4 below 64:ff9b::/96."""

    def answer(name: str, kind: int) -> list[str] | int:
        return {
            "public.test.example": ["64:ff9b::808:808"],
            "inner.test.example": ["64:ff9b::a00:1"],
            "both.test.example": ["64:ff9b::808:808", "64:ff9b::7f00:1"],
        }.get(name, NO_SUCH_NAME)

    with name_server.running(answer) as server:
        door = Guard(Asking(server))
        assert await door.admit("public.test.example", 443) == ["64:ff9b::808:808"]
        for host in ("inner.test.example", "both.test.example"):
            with pytest.raises(RefusedError, match="the way to"):
                await door.admit(host, 443)


async def test_b56_a_name_that_is_public_once_and_inner_afterwards(site: Site) -> None:
    """A real name server with answers that hold for no second, the way that rebinding works."""
    turns = count()

    def answer(name: str, kind: int) -> list[str]:
        # The first lookup asks for both families; everything after it gets the inner address.
        return ["203.0.114.1"] if next(turns) < 2 else ["127.0.0.1"]

    site.set("/secret", Answer(b"inner"))
    with name_server.running(answer) as server:
        resolver = Asking(server)
        dialled = await Guard(resolver).admit("rebind.example.com", site.port)
        assert dialled == ["203.0.114.1"]
        # The connection went to what was checked; who asks again is checked again.
        async with Fetcher("dragoman/0", FAST, resolver=resolver) as fetcher:
            outcome = await fetcher.get(
                Request(f"http://rebind.example.com:{site.port}/secret", ports=frozenset([site.port]))
            )
    assert isinstance(outcome, Failure)
    assert outcome.kind is FailureKind.REFUSED
    assert not site.asked


async def test_b56_one_lookup_one_connection(site: Site) -> None:
    """Between the check and the connection nobody is asked: the second answer is never heard."""
    turns = count()

    def answer(name: str, kind: int) -> list[str]:
        return ["127.0.0.1"] if next(turns) < 2 else ["127.0.0.2"]

    site.set("/feed", feed("<rss/>"))
    with name_server.running(answer) as server:
        async with Fetcher("dragoman/0", FAST, resolver=Asking(server)) as fetcher:
            url = f"http://rebind.example.com:{site.port}/feed"
            outcome = await fetcher.get(Request(url, ports=frozenset([site.port]), loopback=True))
    assert isinstance(outcome, Response)
    assert [kind for _, kind in server.asked] == [name_server.A, name_server.AAAA]
    assert site.requests("/feed")[0].headers["host"] == f"rebind.example.com:{site.port}"


async def test_b24_a_name_that_does_not_exist_and_a_name_server_in_trouble() -> None:
    def answer(name: str, kind: int) -> list[str] | int | None:
        codes = {
            "missing.example.com": NO_SUCH_NAME,
            "trouble.example.com": SERVER_FAILURE,
            "empty.example.com": [],
        }
        return codes.get(name)

    with name_server.running(answer) as server:
        async with Fetcher("dragoman/0", FAST, resolver=Asking(server)) as fetcher:
            kinds = {}
            for host in ("missing", "trouble", "empty", "silent"):
                outcome = await fetcher.get(Request(f"http://{host}.example.com/"))
                assert isinstance(outcome, Failure)
                kinds[host] = outcome.kind
    assert kinds == {
        "missing": FailureKind.NAME,
        "trouble": FailureKind.NAME_SERVER,
        "empty": FailureKind.NAME,
        "silent": FailureKind.NAME_SERVER,
    }


@pytest.fixture
def both_families(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[list[str]], Names]]:
    """Names with addresses of loopback in both families, which count as public here."""
    monkeypatch.setattr(guard, "forbidden", lambda address: None)
    yield lambda addresses: Names({"both.test": addresses})


async def test_b56_the_second_address_is_tried_when_the_first_is_dead(
    site: Site, both_families: Callable[[list[str]], Names]
) -> None:
    site.set("/feed", feed("<rss/>"))
    # Nobody listens there: refused at once.
    async with Fetcher("dragoman/0", FAST, resolver=both_families(["::1", "127.0.0.1"])) as fetcher:
        outcome = await fetcher.get(
            Request(f"http://both.test:{site.port}/feed", ports=frozenset([site.port]))
        )
    assert isinstance(outcome, Response)


async def test_b56_the_other_family_does_not_wait_for_a_dead_one(
    both_families: Callable[[list[str]], Names],
) -> None:
    """An address that swallows everything costs a quarter of a second and not the whole patience."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=0)
    full = [socket.socket() for _ in range(4)]
    for one in full:
        one.setblocking(False)
        one.connect_ex(listener.getsockname())
    port = listener.getsockname()[1]
    other = socket.create_server(("::1", port), family=socket.AF_INET6)
    served = raw.Raw(port)
    plain = raw.answering(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<rss/>")
    with raw.accepting(other, served, plain), listener:
        loop = asyncio.get_running_loop()
        began = loop.time()
        async with Fetcher("dragoman/0", FAST, resolver=both_families(["127.0.0.1", "::1"])) as fetcher:
            outcome = await fetcher.get(Request(f"http://both.test:{port}/", ports=frozenset([port])))
        took = loop.time() - began
    for one in full:
        one.close()
    assert isinstance(outcome, Response)
    assert took < FAST.connect


def test_b56_the_families_are_tried_by_turns() -> None:
    four, six = ["192.0.3.1", "192.0.3.2", "192.0.3.3"], ["2a00::1"]
    assert guard._in_turn([*six, *four]) == ["2a00::1", "192.0.3.1", "192.0.3.2", "192.0.3.3"]
    assert guard._in_turn([*four, *six]) == ["192.0.3.1", "2a00::1", "192.0.3.2", "192.0.3.3"]
    assert guard._in_turn([]) == []


def test_the_wide_digits_are_those_of_the_narrow_ones() -> None:
    assert unicodedata.normalize("NFKC", "".join(WIDE.values())) == "".join(map(chr, WIDE))
