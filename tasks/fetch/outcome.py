"""What a request can come to. A dead feed is expected, so it is a value and no exception."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from urllib.parse import quote


class FailureKind(StrEnum):
    """Why there is no body, as far as it decides what happens next."""

    REFUSED = "refused"  # our own guard: address, port, scheme
    ROBOTS = "robots"  # the site asks programs to stay away
    NAME = "name"  # the name does not exist
    NAME_SERVER = "name_server"  # nobody could say whether it does
    CONNECTION = "connection"
    TLS = "tls"
    TIMEOUT = "timeout"
    PROTOCOL = "protocol"
    REDIRECT = "redirect"
    TOO_LARGE = "too_large"
    ENCODING = "encoding"
    UNASKED = "unasked"  # "not modified" in answer to a request without a condition
    STATUS = "status"
    MISSING = "missing"  # 404
    GONE = "gone"  # 410
    LIMITED = "limited"  # 429, or 503 with a time to come back
    BLOCKED = "blocked"  # a wall against programs
    LATE = "late"  # never asked: its turn came after the time of the batch


def printable(text: str) -> str:
    """`text` with whatever commands a terminal or turns letters around as an address has it: `%1B`."""
    return "".join(sign if sign.isprintable() else quote(sign, errors="replace") for sign in text)


@dataclass(frozen=True, slots=True)
class Hop:
    """One redirect on the way: the status and the address that gave it."""

    status: int
    url: str


@dataclass(frozen=True, slots=True)
class Response:
    """An answer that can be used. Header names are in lower case.

    `url` is the address after redirects. `truncated` says that the connection ended before the
    body did. `body` is empty when the answer is "not modified".
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    elapsed: float
    hops: tuple[Hop, ...] = ()
    truncated: bool = False

    @property
    def unchanged(self) -> bool:
        """Whether the server says that what we have is what it has."""
        return self.status == 304

    @property
    def moved(self) -> bool:
        """Whether every redirect on the way was permanent and none left https."""
        secure = [hop.url.startswith("https:") for hop in self.hops] + [self.url.startswith("https:")]
        lost = any(before and not after for before, after in pairwise(secure))
        return bool(self.hops) and not lost and all(hop.status in (301, 308) for hop in self.hops)


@dataclass(frozen=True, slots=True)
class Failure:
    """An answer that cannot be used, or none; `reason` is for the operator."""

    url: str
    kind: FailureKind
    reason: str
    elapsed: float
    status: int | None = None
    headers: Mapping[str, str] | None = None
    hops: tuple[Hop, ...] = ()


Outcome = Response | Failure
