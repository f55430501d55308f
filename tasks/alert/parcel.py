"""What is handed to a channel, and what comes back."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, unquote, urlsplit

from tasks.alert.layout import LAYOUTS
from tasks.alert.message import Message
from tasks.settings.channels import Format

HOST = "dragoman"
# Shorter stretches of an address are words, and hiding them would hide the error, too.
TELLING_LENGTH = 5
ERROR_LENGTH = 500


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message on its way to one channel.

    `name` is the same for every try, so that a receiver can drop a second copy. `repeat` says that
    an earlier try may have arrived. `created_at` is when the message was put together, `tried_at`
    when this try began.
    """

    name: str
    message: Message
    created_at: datetime
    tried_at: datetime
    repeat: bool = False

    @property
    def id(self) -> str:
        """The parcel's name in the form of a mail's Message-ID without its brackets."""
        return f"{self.name}@{HOST}"

    def text(self, form: Format, *limits: int | None) -> str:
        """The text in a format, within all of the limits."""
        most = min((limit for limit in limits if limit is not None), default=None)
        return LAYOUTS[form](self.message, repeat=self.repeat, limit=most)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a try went.

    `error` is None if all went well; a message can be sent and still have something said of it.
    `uncertain` says of a failure that the message may have arrived. `wait` is how long the receiver
    asked to be left alone.
    """

    sent: bool
    error: str | None = None
    uncertain: bool = False
    wait: timedelta | None = None


def failure(error: str, *, uncertain: bool = False, wait: timedelta | None = None) -> Outcome:
    """The outcome of a try that failed."""
    return Outcome(sent=False, error=error, uncertain=uncertain, wait=wait)


def masked(text: str, *secrets: str | None) -> str:
    """`text` in one line, without anything of the addresses and secrets but hosts and short words."""
    for secret in secrets:
        for part in sorted(_telling(secret or ""), key=len, reverse=True):
            text = text.replace(part, "****")
    return " ".join(text.split())[:ERROR_LENGTH]


def _telling(address: str) -> set[str]:
    """The address, and those of its parts that may be secret, as written and as decoded."""
    parts: list[str] = [address]
    try:
        found = urlsplit(address)
        parts += [found.username or "", found.password or "", found.path, found.query]
        parts += re.split(r"[/@:]", found.path)
        parts += [value for _, value in parse_qsl(found.query)]
        # In many Apprise addresses it is the host that is the first part of the secret.
        parts += (
            [] if found.scheme in ("http", "https", "smtp", "smtps") else re.split(r"[/@:]", found.netloc)
        )
    except ValueError:
        parts += re.split(r"[/@:?&=]", address)
    written = {part for one in parts for part in (one, unquote(one))}
    return {part for part in written if len(part) >= TELLING_LENGTH}
