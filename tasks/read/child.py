"""Reading in processes that can be killed.

Some documents cost a parser minutes or gigabytes, and the libraries that read them are not all
written in Python. So hostile bytes are only looked at in child processes: without secrets in their
environment, with limits on processor time and memory that the kernel keeps, and one document at a
time. What a child says is JSON and taken as data. A child that dies takes its document with it and
is replaced.
"""

import json
import os
import resource
import select
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from queue import LifoQueue
from types import TracebackType
from typing import IO, Any

from tasks.read.document import Terms
from tasks.settings.environment import ROOT
from tasks.settings.kinds import KINDS, Kind

_HEADER = struct.Struct(">II")
_LENGTH = struct.Struct(">I")
LONGEST_ANSWER = 64 * 1024 * 1024
# The job that reads the page behind an item.
PAGE = "page"
# The jobs around the list of sources: what a page says of its outlet's feeds, what an OPML file lists.
DISCOVER = "discover"
OPML = "opml"


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one document may cost: seconds of processor and of clock, bytes of memory. A child is
    replaced after so many `documents`, so that nothing adds up.
    """

    processor: int = 10
    clock: float = 30.0
    memory: int = 512 * 1024 * 1024
    documents: int = 500


class ToxicError(Exception):
    """A document cost more than it may, or brought its reader down; the message says which."""


class _Child:
    """One process, reading one document at a time."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "tasks.read.child", json.dumps([bounds.processor, bounds.memory])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            # Nothing of ours: what stands in the environment may be a secret.
            env={"PATH": os.defpath, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "LC_ALL": "C.UTF-8"},
        )
        self._documents = 0

    @property
    def spent(self) -> bool:
        return self._documents >= self._bounds.documents or self._process.poll() is not None

    def ask(self, job: str, terms: Terms, body: bytes) -> Any:
        head = json.dumps({"job": job, "terms": terms.to_json()}).encode()
        self._documents += 1
        until = time.monotonic() + self._bounds.clock
        sender = threading.Thread(target=self._send, args=(head, body), daemon=True)
        sender.start()
        try:
            answer = json.loads(self._receive(until))
        except (EOFError, ValueError) as error:
            self.kill()
            raise ToxicError(self._cause()) from error
        except TimeoutError as error:
            self.kill()
            raise ToxicError(f"reading took more than {self._bounds.clock:g} s") from error
        finally:
            sender.join(timeout=5)
        if "error" in answer:
            raise ToxicError(str(answer["error"])[:500])
        return answer["result"]

    def kill(self) -> None:
        self._process.kill()
        for stream in (self._process.stdin, self._process.stdout):
            if stream:
                with suppress(OSError):
                    stream.close()
        self._process.wait()

    def _send(self, head: bytes, body: bytes) -> None:
        """In a thread, because a child that is dead or busy does not take what is written."""
        assert self._process.stdin
        with suppress(OSError, ValueError):
            self._process.stdin.write(_HEADER.pack(len(head), len(body)) + head)
            self._process.stdin.write(body)
            self._process.stdin.flush()

    def _receive(self, until: float) -> bytes:
        (length,) = _LENGTH.unpack(self._exactly(_LENGTH.size, until))
        if length > LONGEST_ANSWER:
            raise ValueError("the answer is too long")
        return self._exactly(length, until)

    def _exactly(self, count: int, until: float) -> bytes:
        assert self._process.stdout
        descriptor = self._process.stdout.fileno()
        kept = bytearray()
        while len(kept) < count:
            left = until - time.monotonic()
            if left <= 0 or not select.select([descriptor], [], [], left)[0]:
                raise TimeoutError
            chunk = os.read(descriptor, min(count - len(kept), 1 << 20))
            if not chunk:
                raise EOFError
            kept += chunk
        return bytes(kept)

    def _cause(self) -> str:
        code = self._process.returncode
        if code in (-24, 152):  # SIGXCPU
            return f"reading cost more than {self._bounds.processor} s of processor time"
        return f"the reader died of it (status {code})"


class Children:
    """A few child processes, started when they are first needed. Any thread may ask."""

    def __init__(self, size: int = 2, bounds: Bounds | None = None) -> None:
        self.size = size
        self._bounds = bounds or Bounds()
        self._free: LifoQueue[_Child | None] = LifoQueue()
        for _ in range(size):
            self._free.put(None)

    def __enter__(self) -> "Children":
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def read(self, job: str, terms: Terms, body: bytes) -> Any:
        """What `body` holds, as JSON. The job is a kind, whose answer is a `Document`, or one of those
        named above.

        Raises:
            ToxicError: the document cost more than it may, or brought the child down.
        """
        with self._child() as child:
            return child.ask(job, terms, body)

    def close(self) -> None:
        """Kill the children that are free; nobody may ask any more."""
        while not self._free.empty():
            if child := self._free.get():
                child.kill()

    @contextmanager
    def _child(self) -> Iterator[_Child]:
        child = self._free.get()
        try:
            if child is not None and child.spent:
                child.kill()
                child = None
            child = child or _Child(self._bounds)
            yield child
        except BaseException:
            # It answered nonsense or is dead; of one that lives on the next might get this one's answer.
            if child is not None:
                child.kill()
            child = None
            raise
        finally:
            self._free.put(child)


def _jobs() -> Mapping[str, Callable[[bytes, Terms], Any]]:
    """What can be asked for: a document of each kind, and the page of an item that is known."""
    from tasks.read import page

    kinds = {name: _job(kind) for name, kind in KINDS.items()}
    return {**kinds, PAGE: page.parse, DISCOVER: _seldom(DISCOVER), OPML: _seldom(OPML)}


def _seldom(name: str) -> Callable[[bytes, Terms], Any]:
    """A job whose module is only loaded when it is asked for: most children never are."""
    return lambda body, terms: import_module(f"tasks.read.{name}").parse(body, terms).to_json()


def _job(kind: Kind) -> Callable[[bytes, Terms], Any]:
    module = import_module(f"tasks.read.{kind.module}")
    return lambda body, terms: module.parse(body, terms).to_json()


def _bound(processor: int, memory: int) -> None:
    """Have the kernel keep the limits; what this platform does not know is left out."""
    for limit, value in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_DATA, memory),
    ):
        with suppress(ValueError, OSError):
            resource.setrlimit(limit, (value, value))
    _renew(processor)


def _renew(processor: int) -> None:
    """Give the next document its own seconds: the kernel counts those of the process."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(usage.ru_utime + usage.ru_stime) + 1
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (spent + processor, resource.RLIM_INFINITY))


def serve(source: IO[bytes], target: IO[bytes], processor: int, memory: int) -> None:
    """Read documents from `source` and answer on `target` until nobody asks any more."""
    jobs = _jobs()
    _bound(processor, memory)
    while header := source.read(_HEADER.size):
        head_length, body_length = _HEADER.unpack(header)
        head = json.loads(source.read(head_length))
        body = source.read(body_length)
        _renew(processor)
        try:
            answer = {"result": jobs[head["job"]](body, Terms.from_json(head["terms"]))}
        except MemoryError:
            answer = {"error": f"reading needs more than {memory // 2**20} MiB"}
        except Exception as error:  # noqa: BLE001 - the parent tells it to the operator
            answer = {"error": f"reading failed: {type(error).__name__}: {error}"}
        out = json.dumps(answer).encode()
        target.write(_LENGTH.pack(len(out)) + out)
        target.flush()


if __name__ == "__main__":
    seconds, size = json.loads(sys.argv[1])
    # Whatever a library prints must not get between the answers.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    serve(sys.stdin.buffer, answers, seconds, size)
