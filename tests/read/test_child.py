"""Children: what is hostile costs itself a failure, and nothing else."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import psutil
import pytest

from tasks.read.child import Bounds, Children, ToxicError
from tasks.read.document import Document
from tests.read.conftest import a_terms, rss

TERMS = a_terms()
GOOD = rss("<title>One</title>").encode()


def titles(children: Children) -> list[str]:
    found = Document.from_json(children.read("feed", TERMS, GOOD))
    return [entry.title for entry in found.entries]


def test_a_document_is_read_in_another_process(children: Children) -> None:
    assert titles(children) == ["One"]
    assert children.read("page", TERMS, b"<p>words</p>")["title"] == ""
    assert children.read("list", TERMS, b"<p>words</p>")["problem"]


def test_b53_what_costs_too_much_time_is_killed_and_the_next_is_read() -> None:
    hostile = b"<rss version='2.0'><channel><item " + b" ".join(b"a%d='1'" % n for n in range(60_000)) + b">"
    hostile += b"<title>x</title></item></channel></rss>"
    with Children(1, Bounds(processor=1, clock=20)) as children:
        began = time.monotonic()
        with pytest.raises(ToxicError, match="processor"):
            children.read("feed", TERMS, hostile)
        assert time.monotonic() - began < 10
        assert titles(children) == ["One"]


def test_b53_what_costs_too_much_memory_is_refused() -> None:
    many = rss(*(f"<title>Entry {number} {'x' * 200}</title>" for number in range(20_000))).encode()
    with Children(1, Bounds(memory=60 * 2**20)) as children:
        with pytest.raises(ToxicError):
            children.read("feed", TERMS, many)
        assert titles(children) == ["One"]


def test_b53_what_takes_too_long_is_killed() -> None:
    with Children(1, Bounds(clock=0.01)) as children, pytest.raises(ToxicError, match="took more than"):
        children.read("feed", TERMS, GOOD)


@pytest.fixture(scope="module")
def bounded() -> Iterator[Children]:
    with Children(1, Bounds(processor=1, clock=8)) as children:
        yield children


@pytest.mark.parametrize(
    ("job", "body"),
    [
        ("feed", b"<rss><channel><item><title>" + b"<b>" * 200_000 + b"x"),
        ("page", b"<div>" * 100_000),
        ("feed", b"<rss><item title='" + b"x" * 5_000_000),
        ("feed", b"<rss>" + b"&" * 500_000 + b"</rss>"),
        ("feed", b"<rss>" + b"<!--" * 500_000 + b"</rss>"),
        ("feed", b"<rss><item><title>" + b"<![CDATA[" * 100_000 + b"</title></item></rss>"),
        ("feed", b"<!DOCTYPE rss [" + b"] " * 1_000_000),
        ("page", b"<title>" + b" " * 5_000_000),
        ("list", b"<a href=" * 100_000),
    ],
    ids=["deep", "deep page", "one tag", "ampersands", "comments", "cdata", "doctype", "spaces", "links"],
)
def test_b52_b53_no_document_holds_up_the_others(bounded: Children, job: str, body: bytes) -> None:
    began = time.monotonic()
    with suppress(ToxicError):
        bounded.read(job, TERMS, body)
    assert time.monotonic() - began < 10
    assert titles(bounded) == ["One"]


def test_several_threads_share_the_children(children: Children) -> None:
    seen: list[list[str]] = []
    threads = [threading.Thread(target=lambda: seen.append(titles(children))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert seen == [["One"]] * 8


def test_a_child_is_replaced_after_so_many_documents() -> None:
    with Children(1, Bounds(documents=2)) as children:
        assert [titles(children) for _ in range(5)] == [["One"]] * 5


def test_who_is_interrupted_leaves_no_answer_to_the_next() -> None:
    class Interrupt(BaseException):
        """As a signal raises it."""

    def interrupt(number: int, frame: object) -> None:
        raise Interrupt

    slow = rss(*(f"<title>Entry {number}</title>" for number in range(4_000))).encode()
    with Children(1) as children:
        titles(children)
        before = signal.signal(signal.SIGALRM, interrupt)
        try:
            signal.setitimer(signal.ITIMER_REAL, 0.05)
            with pytest.raises(Interrupt):
                children.read("feed", TERMS, slow)
        finally:
            signal.signal(signal.SIGALRM, before)
        assert titles(children) == ["One"]


def test_a_child_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://user:secret@host/db")
    with Children(1) as children:
        titles(children)
        (child,) = psutil.Process(os.getpid()).children()[-1:]
        assert "secret" not in str(child.environ())


def test_children_end_with_their_user() -> None:
    others = set(psutil.Process(os.getpid()).children())
    with Children(2) as children:
        titles(children)
        processes = set(psutil.Process(os.getpid()).children()) - others
        assert processes
    assert not any(process.is_running() and process.status() != "zombie" for process in processes)
