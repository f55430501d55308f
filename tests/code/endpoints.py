"""An endpoint that speaks the OpenAI chat interface, on loopback, and as badly as a test wants."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

FIELDS = (
    "event", "background", "dyad", "kind", "mechanism", "stage", "round", "date", "place", "officials",
)  # fmt: skip
UNKNOWN = {"verdict": "unknown", "value": None, "sentences": [], "quote": ""}


@dataclass(frozen=True, slots=True)
class Call:
    """One request that arrived."""

    path: str
    headers: Mapping[str, str]
    asked: Any

    @property
    def document(self) -> Any:
        """What was shown: the sentences and the record."""
        return json.loads(self.asked["messages"][1]["content"])

    @property
    def form(self) -> str | None:
        """What kind of form was asked for."""
        return self.asked.get("response_format", {}).get("type")


@dataclass(frozen=True, slots=True)
class Reply:
    """Bytes as they are sent; `says` makes one out of what a model says."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    # Hold back the answer, or send it a byte at a time, until the test is over.
    hangs: bool = False
    drips: bool = False


def says(content: object) -> Reply:
    """A completion whose content is this text, or this value as JSON."""
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    return Reply(json.dumps({"choices": [{"message": {"role": "assistant", "content": text}}]}).encode())


def judgement(call: Call, verdict: str, quote: str | None = None, value: str | None = None) -> dict[str, Any]:
    """What a model says of a field that rests on the first sentence in which `quote` stands."""
    for sentence in call.document["sentences"]:
        if quote is None or quote in sentence["words"]:
            words = quote or sentence["words"][:20]
            return {"verdict": verdict, "value": value, "sentences": [sentence["number"]], "quote": words}
    raise AssertionError(f"no sentence has {quote}")


def agreeing(call: Call, **other: dict[str, Any]) -> dict[str, Any]:
    """An answer that agrees with the whole record, but for `other`."""
    agreed = {name: judgement(call, "agree") for name in ("event", *call.document["record"])}
    return {name: other.get(name, agreed.get(name, UNKNOWN)) for name in FIELDS}


@dataclass(slots=True)
class Model:
    """The endpoint: `answer` makes the reply to each call; what it was asked is in `calls`."""

    port: int
    calls: list[Call] = field(default_factory=list)
    answer: Callable[[Call], Reply] = lambda call: says(agreeing(call))
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"


@contextmanager
def model() -> Iterator[Model]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            call = Call(self.path, dict(self.headers), json.loads(body))
            found.calls.append(call)
            reply = found.answer(call)
            if reply.hangs:
                found.over.wait(30)
            try:
                self._send(reply)
            except OSError:
                # Whoever asked has gone, as it should.
                self.close_connection = True

        def _send(self, reply: Reply) -> None:
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            if not reply.drips:
                self.wfile.write(reply.body)
                return
            for at in range(len(reply.body)):
                if found.over.wait(0.02):
                    return
                self.wfile.write(reply.body[at : at + 1])
                self.wfile.flush()

        def log_message(self, *_: object) -> None:
            """Nothing: the tests look at what arrived."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    found = Model(server.server_port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield found
    finally:
        found.over.set()
        server.shutdown()
        thread.join()
        server.server_close()
