"""`config/second_reader.yaml`: whether a language model reads again what the rules have coded, and which.

Without the file, or with `enabled: false`, nobody is asked and nothing is sent. The key stands in an
environment variable, or in the file that the variable with `_FILE` behind it names, and is read when
something is sent.
"""

import ipaddress
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, ValidationInfo, field_validator, model_validator

from tasks.settings import located
from tasks.settings.channels import TOKEN, EnvironmentName
from tasks.settings.environment import SettingError, secret
from tasks.settings.located import Mistake, Row


class SecondReaderError(ValueError):
    """The second reader cannot be asked as it is set; the message says why and holds no secret."""


class SecondReader(Row):
    """An endpoint that speaks the OpenAI chat interface, and how much of it is used.

    `url` is what `/chat/completions` is put behind. With `local` it may be on this machine or in the
    inner network, and be spoken to without encryption and without a key. A cycle asks for at most
    `seconds_per_cycle`, which is the longest that an alert can be held up by it. Budgets count what
    is sent: a day's is kept in the store, and is a day's of UTC.
    """

    enabled: bool = False
    local: bool = False
    url: str | None = None
    model: str | None = Field(default=None, pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/@+-]*$", max_length=120)
    key_env: EnvironmentName | None = None
    calls_per_day: int = Field(default=300, ge=1, le=100_000)
    calls_per_cycle: int = Field(default=20, ge=1, le=200)
    kilobytes_per_day: int = Field(default=3000, ge=20, le=1_000_000)
    kilobytes_per_cycle: int = Field(default=200, ge=20, le=10_000)
    seconds_per_call: float = Field(default=15, gt=0, le=60)
    seconds_per_cycle: float = Field(default=20, gt=0, le=60)

    @field_validator("url")
    @classmethod
    def _address(cls, url: str | None, info: ValidationInfo) -> str | None:
        if url is not None and (problem := _wrong_address(url, local=bool(info.data.get("local")))):
            raise ValueError(problem)
        return url.rstrip("/") if url else url

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.enabled and not (self.url and self.model):
            raise ValueError("a second reader that is enabled needs `url` and `model`")
        if self.enabled and not self.local and self.key_env is None:
            raise ValueError("`key_env` is missing: only a reader with `local: true` goes without a key")
        return self

    def key(self, environ: Mapping[str, str] = os.environ) -> str | None:
        """The key, for sending and never for showing; None where none is named.

        Raises:
            SecondReaderError: it is named but not set, cannot be read, or cannot stand in a header.
        """
        if self.key_env is None:
            return None
        try:
            value = (secret(self.key_env, environ) or "").strip()
        except (OSError, SettingError):
            raise SecondReaderError(f"the file that {self.key_env}_FILE names cannot be read") from None
        if not value:
            raise SecondReaderError(f"the environment variable {self.key_env} is not set")
        # A library that refuses a header repeats it in its complaint.
        if not (value.isascii() and value.isprintable() and " " not in value):
            raise SecondReaderError(f"what {self.key_env} holds is no key: it has spaces or odd characters")
        return value


def load(path: Path, mistakes: list[Mistake]) -> SecondReader | None:
    """The second reader in the file at `path`, None if it is off; what is wrong is added to `mistakes`."""
    if not path.exists():
        return None
    try:
        document = located.read(path, path.name)
    except located.ConfigurationError as error:
        mistakes.extend(error.mistakes)
        return None
    if document.value is None:
        return None
    found = located.check(document, SecondReader, mistakes)
    return found if found is not None and found.enabled else None


def _wrong_address(url: str, *, local: bool) -> str | None:
    """What is wrong with an address, in words that do not repeat it."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return "is not an address"
    if parts.scheme not in ("https", "http") or not host or not url.isascii():
        return "must begin with https:// or http:// and be complete"
    if "@" in parts.netloc or parts.query or parts.fragment or TOKEN.search(parts.path):
        return "must hold no user, key, query or fragment: the key belongs into `key_env`"
    inner = _is_inner(host)
    if local:
        return (
            "is of the open network: `local: true` is for this machine and the inner network"
            if (inner is False)
            else None
        )
    if inner or parts.scheme == "http":
        return "is of this machine or without encryption: that needs `local: true`"
    return None


def _is_inner(host: str) -> bool | None:
    """Whether a host is of this machine or the inner network; None if its name does not tell."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return None
