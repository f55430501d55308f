"""`config/channels.yaml`: who is told, of what, and over which channel.

No secret stands in the file. An address that holds one stands in an environment variable
(`url_env`) or in a file of its own (`url_file`), and is read when a message is sent.
"""

import os
import re
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import parse_qsl, urlsplit

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from tasks.model import Kind, Stage
from tasks.settings import located
from tasks.settings.environment import secret
from tasks.settings.located import Mistake, Row
from tasks.settings.watch import Dyad

ENVIRONMENT_NAME = re.compile(r"^[A-Z_][A-Z0-9_]*$")
MAIL_ADDRESS = re.compile(r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$")
TELLING_PARAMETER = re.compile(r"token|key|secret|pass|sig|auth|credential", re.IGNORECASE)
# A stretch of an address that only a machine would have chosen. The addresses of incoming
# webhooks carry their secret there: anyone who knows the address can post.
TOKEN = re.compile(
    r"(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9]{16,}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
)


class ChannelKind(StrEnum):
    """How a channel is spoken to."""

    WEBHOOK = "webhook"  # a JSON document by HTTP POST
    APPRISE = "apprise"  # any of the services that Apprise knows
    MAIL = "mail"
    FILE = "file"  # a line of JSON for each message, appended


class Format(StrEnum):
    """How the text of a message is laid out."""

    PLAIN = "plain"
    MARKDOWN = "markdown"
    HTML = "html"


SCHEMES = {
    ChannelKind.WEBHOOK: ("https", "http"),
    ChannelKind.MAIL: ("smtps", "smtp"),
    ChannelKind.FILE: ("file",),
}


def _environment_name(name: str) -> str:
    if not ENVIRONMENT_NAME.match(name):
        raise ValueError("is not the name of an environment variable (capitals, digits, underscores)")
    return name


def _mail_address(address: str) -> str:
    if not MAIL_ADDRESS.match(address):
        raise ValueError("is not a mail address of the form name@host")
    return address


EnvironmentName = Annotated[str, AfterValidator(_environment_name)]
MailAddress = Annotated[str, AfterValidator(_mail_address)]


class Route(Row):
    """What a channel takes: the alerts that fit everything that is given here."""

    dyads: frozenset[Dyad] | None = None
    kinds: frozenset[Kind] | None = None
    stages: frozenset[Stage] | None = None


class Channel(Row):
    """A place to which messages go.

    It takes an alert if any of its `routes` fits; without `routes` it takes all, with an empty
    list none. Without a `format` the text is plain, or with Apprise what the service itself writes.
    `limit` is in UTF-16 units, the way in which chat services count.
    """

    model_config = ConfigDict(populate_by_name=True)

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=40)
    kind: ChannelKind
    url: str | None = None
    url_env: EnvironmentName | None = None
    url_file: Path | None = None
    # What a webhook's requests are signed with (Standard Webhooks); the variable may be a
    # `_FILE` one, as with every secret.
    secret_env: EnvironmentName | None = None
    sender: MailAddress | None = Field(default=None, alias="from")
    to: tuple[MailAddress, ...] = ()
    routes: tuple[Route, ...] | None = None
    format: Format | None = None
    limit: int | None = Field(default=None, ge=140)

    @model_validator(mode="after")
    def _address(self) -> Self:
        given = [name for name in ("url", "url_env", "url_file") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError("needs exactly one of `url`, `url_env` and `url_file`")
        if self.url is None:
            return self
        if self.kind is ChannelKind.APPRISE:
            raise ValueError("the address of an apprise channel is a secret: give `url_env` or `url_file`")
        if self.kind is not ChannelKind.FILE and _holds_secret(self.url):
            raise ValueError("`url` seems to hold a secret: give `url_env` or `url_file`")
        if problem := _wrong_address(self.kind, self.url):
            raise ValueError(f"`url` {problem}")
        return self

    @model_validator(mode="after")
    def _belongs(self) -> Self:
        if self.kind is ChannelKind.MAIL and not (self.sender and self.to):
            raise ValueError("a mail channel needs `from` and `to`")
        if self.kind is not ChannelKind.MAIL and (self.sender or self.to):
            raise ValueError("`from` and `to` belong to a mail channel")
        if self.kind is not ChannelKind.WEBHOOK and self.secret_env:
            raise ValueError("`secret_env` belongs to a webhook")
        if self.kind is ChannelKind.MAIL and self.format is not None:
            raise ValueError("a mail has a plain and an HTML part: it takes no `format`")
        return self

    def address(self, environ: Mapping[str, str] = os.environ) -> str:
        """The address in full, secrets and all: for sending, never for showing.

        Raises:
            ChannelError: it is not set, cannot be read, or is none for this kind of channel.
        """
        address = self._given_address(environ)
        if problem := _wrong_address(self.kind, address):
            raise ChannelError(f"its address {problem}")
        return address

    def signing_secret(self, environ: Mapping[str, str] = os.environ) -> str | None:
        """What requests are signed with, None where they are not.

        Raises:
            ChannelError: it is named but not set, or cannot be read.
        """
        return None if self.secret_env is None else _from_environment(self.secret_env, environ)

    def _given_address(self, environ: Mapping[str, str]) -> str:
        if self.url_env is not None:
            return _from_environment(self.url_env, environ)
        if self.url_file is None:
            return self.url or ""
        try:
            return self.url_file.expanduser().read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ChannelError(f"the file of its address cannot be read: {_said(error)}") from None


class ChannelError(ValueError):
    """A channel cannot be used as it is set; the message says why and holds no secret."""


class _File(Row):
    operator: str | None = None
    channels: tuple[Channel, ...] = ()


class Channels(Row):
    """All channels by id, and the one on which the service tells of its own failures."""

    operator: str | None = None
    by_id: Mapping[str, Channel] = Field(default_factory=dict)


def load(path: Path, mistakes: list[Mistake]) -> Channels:
    """The channels in the file at `path`; what is wrong is added to `mistakes`.

    That an environment variable is not set is no mistake of the file: see `Channel.address`.
    """
    try:
        document = located.read(path, path.name)
    except located.ConfigurationError as error:
        mistakes.extend(error.mistakes)
        return Channels()
    if document.value is None:
        return Channels()
    file = located.check(document, _File, mistakes)
    if file is None:
        return Channels()
    found: dict[str, Channel] = {}
    for index, channel in enumerate(file.channels):
        if channel.id in found:
            mistakes.append(document.mistake(("channels", index, "id"), f"`{channel.id}` is given twice"))
        found[channel.id] = channel
    if file.operator is not None and file.operator not in found:
        mistakes.append(document.mistake(("operator",), f"`{file.operator}` is no channel of this file"))
    return Channels(operator=file.operator, by_id=found)


def _from_environment(name: str, environ: Mapping[str, str]) -> str:
    try:
        value = secret(name, environ)
    except (OSError, UnicodeDecodeError) as error:
        raise ChannelError(f"the file that {name}_FILE names cannot be read: {_said(error)}") from None
    if not value:
        raise ChannelError(f"the environment variable {name} is not set")
    return value.strip()


def _said(error: OSError | UnicodeDecodeError) -> str:
    return (error.strerror or "input or output failed") if isinstance(error, OSError) else "it is not UTF-8"


def _wrong_address(kind: ChannelKind, address: str) -> str | None:
    """What is wrong with an address, in words that do not repeat it."""
    if kind is ChannelKind.APPRISE:
        return None if "://" in address else "is not an Apprise address"
    if kind is ChannelKind.FILE and address.startswith("/"):
        return None
    schemes = SCHEMES[kind]
    try:
        parts = urlsplit(address)
        complete = bool(parts.path if kind is ChannelKind.FILE else parts.hostname)
        _ = parts.port
    except ValueError:
        return "is not an address"
    if parts.scheme not in schemes or not complete or (kind is ChannelKind.FILE and parts.netloc):
        return f"must begin with {' or '.join(f'{scheme}://' for scheme in schemes)} and be complete"
    return None


def _holds_secret(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return True
    parameters = parse_qsl(parts.query, keep_blank_values=True)
    return (
        "@" in parts.netloc
        or any(TELLING_PARAMETER.search(name) or TOKEN.search(value) for name, value in parameters)
        or TOKEN.search(parts.path) is not None
    )
