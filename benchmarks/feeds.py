"""Feeds to measure with, and a server for them: one process, nothing but prepared bytes.

The feeds are those of the first measurements: 30 items each in five languages, four fifths RSS and
one fifth Atom, three in ten with the whole text, about 63 KiB on average. They are the same in every
run.
"""

import asyncio
import multiprocessing
import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.synchronize import Event
from typing import Any

ITEMS = 30

_TEXTS = {
    "en": "the city opened a new tram line and orchestra played while council members spoke of budget",
    "zh": "本市 新 开通 的 有轨 电车 线路 今天 正式 运营 市民 代表 出席 仪式 并 发表 讲话",
    "ru": "город открыл новую трамвайную линию и оркестр играл пока депутаты говорили о бюджете",
    "vi": "thành phố khai trương tuyến xe điện mới và dàn nhạc biểu diễn trong buổi lễ hôm nay",
    "hu": "a város új villamosvonalat nyitott és a zenekar játszott miközben a képviselők beszéltek",
}
_WORDS = {language: text.split() for language, text in _TEXTS.items()}
LANGUAGES = tuple(_WORDS)

_MATCH = re.compile(rb"\r\nif-none-match: *([^\r]*)\r\n", re.IGNORECASE)


def document(number: int) -> bytes:
    """The feed with this number."""
    chance = random.Random(number)
    language = LANGUAGES[number % len(LANGUAGES)]
    atom = chance.random() < 0.2
    rows = "".join(_item(chance, number, place, language, atom=atom) for place in range(ITEMS))
    if atom:
        opening = (
            f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Feed {number}</title><id>feed:{number}</id>'
        )
        text = f"{opening}<updated>2026-11-21T10:00:00Z</updated>{rows}</feed>"
    else:
        opening = f"<channel><title>Feed {number}</title><link>http://news.example/{number}/</link>"
        space = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        text = f'<rss version="2.0" {space}>{opening}{rows}</channel></rss>'
    return f'<?xml version="1.0" encoding="utf-8"?>{text}'.encode()


def _item(chance: random.Random, number: int, place: int, language: str, *, atom: bool) -> str:
    words = _WORDS[language]
    title = " ".join(chance.choices(words, k=10)) + f" {number}-{place}"
    summary = " ".join(chance.choices(words, k=30))
    whole = ""
    if chance.random() < 0.3:
        whole = "".join(f"&lt;p&gt;{' '.join(chance.choices(words, k=77))}&lt;/p&gt;" for _ in range(9))
    address = f"http://news.example/{number}/{place}"
    if atom:
        content = f'<content type="html">{whole}</content>' if whole else ""
        return (
            f"<entry><title>{title}</title><id>{address}</id><link href='{address}'/>"
            f"<updated>2026-11-21T09:{place:02d}:00Z</updated><summary>{summary}</summary>{content}</entry>"
        )
    content = f"<content:encoded>{whole}</content:encoded>" if whole else ""
    return (
        f"<item><title>{title}</title><link>{address}</link><guid>{address}</guid>"
        f"<pubDate>Sat, 21 Nov 2026 09:{place:02d}:00 GMT</pubDate>"
        f"<description>&lt;p&gt;{summary}&lt;/p&gt;</description>{content}</item>"
    )


class _Server(asyncio.Protocol):
    """HTTP as far as a GET of a prepared document goes; connections are kept."""

    def __init__(self, answers: list[tuple[bytes, bytes, bytes]]) -> None:
        self._answers = answers
        self._kept = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._kept += data
        while (end := self._kept.find(b"\r\n\r\n")) >= 0:
            request, self._kept = self._kept[: end + 4], self._kept[end + 4 :]
            number = int(request.split(b" ", 2)[1].strip(b"/").partition(b".")[0])
            etag, whole, unchanged = self._answers[number % len(self._answers)]
            known = _MATCH.search(request)
            self._transport.write(unchanged if known and known.group(1).strip() == etag else whole)


def _answer(number: int) -> tuple[bytes, bytes, bytes]:
    body = document(number)
    etag = f'"feed-{number}"'.encode()
    head = b"HTTP/1.1 %s\r\nETag: " + etag + b"\r\nContent-Type: application/xml; charset=utf-8\r\n"
    whole = head % b"200 OK" + b"Content-Length: %d\r\n\r\n" % len(body) + body
    return etag, whole, head % b"304 Not Modified" + b"\r\n"


def _serve(count: int, port: Any, ready: Event) -> None:
    async def run() -> None:
        answers = [_answer(number) for number in range(count)]
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: _Server(answers), "127.0.0.1", 0, backlog=512)
        port.value = server.sockets[0].getsockname()[1]
        ready.set()
        await server.serve_forever()

    asyncio.run(run())


@dataclass(frozen=True, slots=True)
class Feeds:
    """A running server. Beyond its documents the addresses begin anew: `/300.xml` is `/0.xml`."""

    root: str
    documents: int

    def urls(self, count: int) -> list[str]:
        """The first `count` addresses."""
        return [f"{self.root}/{number}.xml" for number in range(count)]

    def etag(self, number: int) -> str:
        """The validator of the document at the address with this number."""
        return f'"feed-{number % self.documents}"'


@contextmanager
def served(count: int) -> Iterator[Feeds]:
    """A server of `count` feeds in a process of its own, until the block ends."""
    context = multiprocessing.get_context("spawn")
    port, ready = context.Value("i", 0), context.Event()
    process = context.Process(target=_serve, args=(count, port, ready), daemon=True)
    process.start()
    try:
        if not ready.wait(60):
            raise RuntimeError("the server of the benchmark has not started")
        yield Feeds(f"http://127.0.0.1:{port.value}", count)
    finally:
        process.kill()
        process.join()
