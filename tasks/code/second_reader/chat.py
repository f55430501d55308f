"""One call to an endpoint that speaks the OpenAI chat interface, bounded in time and size.

Endpoints differ in what they take: some know JSON schemas, some only that an answer be JSON, some
refuse whatever they do not know. `Tier` is how much is asked of one. What an endpoint says of an error
is not read: it may repeat the key.
"""

import asyncio
import json
import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Any

import httpx
from pydantic import BaseModel, ValidationError

from tasks.settings.second_reader import SecondReader

MOST_BYTES = 256 * 1024
MOST_TOKENS = 1500
# What says that a request has a part which the endpoint does not know.
_UNKNOWN_PART = frozenset({400, 415, 422, 501})
# What does not get better by asking again: a wrong key, no money, a wrong address or model.
_HOPELESS = frozenset({401, 402, 403, 404, 405})

# Both of these may write what they send to the log.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)


class Tier(StrEnum):
    """How much is asked of an endpoint, most first."""

    SCHEMA = "schema"  # an answer by JSON schema
    OBJECT = "object"  # an answer in JSON
    TEXT = "text"  # no word on the form but in the instructions
    BARE = "bare"  # as well nothing of temperature and length, which some models refuse

    def below(self) -> "Tier | None":
        """The next one, or None."""
        tiers = list(Tier)
        at = tiers.index(self) + 1
        return tiers[at] if at < len(tiers) else None


class ChatError(RuntimeError):
    """A call failed; the message is in our own words.

    `hopeless` says that the endpoint is not to be asked again for now, `wait` that it asked for that
    itself, and `unknown_part` that it may take a request of a lower tier.
    """

    def __init__(
        self,
        reason: str,
        *,
        hopeless: bool = False,
        unknown_part: bool = False,
        wait: timedelta | None = None,
    ) -> None:
        super().__init__(reason)
        self.hopeless = hopeless
        self.unknown_part = unknown_part
        self.wait = wait


class _Message(BaseModel):
    content: str | None = None


class _Choice(BaseModel):
    message: _Message


class _Completion(BaseModel):
    choices: list[_Choice]


Messages = Sequence[Mapping[str, str]]


def request(settings: SecondReader, tier: Tier, messages: Messages, schema: Mapping[str, Any]) -> bytes:
    """The body of a call."""
    asked: dict[str, Any] = {"model": settings.model, "messages": list(messages)}
    if tier is not Tier.BARE:
        asked |= {"temperature": 0, "max_tokens": MOST_TOKENS}
    if tier is Tier.SCHEMA:
        form = {"name": "judgement", "strict": True, "schema": schema}
        asked["response_format"] = {"type": "json_schema", "json_schema": form}
    elif tier is Tier.OBJECT:
        asked["response_format"] = {"type": "json_object"}
    return json.dumps(asked, ensure_ascii=False).encode()


def client() -> httpx.AsyncClient:
    """A client that goes where it is told: by no proxy of other programs, after no redirect."""
    return httpx.AsyncClient(trust_env=False, follow_redirects=False)


async def send(
    web: httpx.AsyncClient, settings: SecondReader, key: str | None, content: bytes, now: datetime
) -> str:
    """What the model said; empty if it refused.

    Raises:
        ChatError: no usable answer within `seconds_per_call`, however it trickles in.
    """
    try:
        async with asyncio.timeout(settings.seconds_per_call):
            body = await _posted(web, settings, key, content, now)
    except TimeoutError:
        raise ChatError(f"no answer within {settings.seconds_per_call:g} seconds") from None
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        # Without what it says: that may hold what was sent.
        raise ChatError(f"no answer: {type(error).__name__}") from None
    try:
        completion = _Completion.model_validate_json(body)
    except ValidationError:
        raise ChatError("what answers there does not speak the chat interface") from None
    return completion.choices[0].message.content or "" if completion.choices else ""


async def _posted(
    web: httpx.AsyncClient, settings: SecondReader, key: str | None, content: bytes, now: datetime
) -> bytes:
    headers = {
        "Content-Type": "application/json",
        "Accept": "application/json",
        # Nothing packed: a small answer could unpack to a huge one.
        "Accept-Encoding": "identity",
        "User-Agent": "dragoman",
    }
    if key is not None:
        headers["Authorization"] = f"Bearer {key}"
    post = web.stream(
        "POST", f"{settings.url}/chat/completions", content=content, headers=headers,
        timeout=settings.seconds_per_call,
    )  # fmt: skip
    async with post as response:
        if response.status_code != httpx.codes.OK:
            raise _refused(response, now)
        if response.headers.get("Content-Encoding", "identity") != "identity":
            raise ChatError("it answers packed, which was not asked for")
        body = bytearray()
        async for part in response.aiter_raw():
            body += part
            if len(body) > MOST_BYTES:
                raise ChatError(f"it answers more than {MOST_BYTES // 1024} kB")
        return bytes(body)


def _refused(response: httpx.Response, now: datetime) -> ChatError:
    status = response.status_code
    wait = _wait(response.headers.get("Retry-After", ""), now)
    return ChatError(
        f"it answers {status}",
        hopeless=status in _HOPELESS or wait is not None,
        unknown_part=status in _UNKNOWN_PART,
        wait=wait,
    )


def _wait(value: str, now: datetime) -> timedelta | None:
    """How long `Retry-After` asks us to wait, in seconds or until a date; None if it says nothing."""
    if value.isascii() and value.isdigit():
        return timedelta(seconds=int(value[:9]))
    try:
        until = parsedate_to_datetime(value)
    except ValueError:
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(until - now, timedelta(0))
