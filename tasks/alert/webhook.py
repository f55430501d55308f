"""A JSON document by HTTP POST, signed if the operator wants that.

The headers `webhook-id`, `webhook-timestamp` and `webhook-signature` are those of the Standard
Webhooks specification, for which receivers find ready libraries.
"""

import base64
import hashlib
import hmac
import json
import logging
import ssl
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any

import httpx

from tasks.alert.message import to_json
from tasks.alert.parcel import Outcome, Parcel, failure
from tasks.settings.channels import Channel, Format

TIMEOUT = httpx.Timeout(10, connect=5)
# Both of these write whole addresses to the log, and an address may be a secret.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)


def send(channel: Channel, parcel: Parcel, environ: Mapping[str, str]) -> Outcome:
    """One POST; anything but a status of 2xx is a failure, and redirects are not followed.

    Raises:
        ChannelError: the channel lacks its address or its secret.
    """
    address, secret = channel.address(environ), channel.signing_secret(environ)
    content = json.dumps(document(channel, parcel), ensure_ascii=False).encode()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "dragoman",
        "Idempotency-Key": parcel.id,
        "webhook-id": parcel.id,
        "webhook-timestamp": str(int(parcel.tried_at.timestamp())),
    }
    if parcel.repeat:
        headers["Dragoman-Possible-Repeat"] = "true"
    if secret:
        headers["webhook-signature"] = signature(secret, headers, content)
    try:
        # The body of the answer is left unread: it tells nothing and could be endless.
        post = httpx.stream(
            "POST", address, content=content, headers=headers, timeout=TIMEOUT, verify=_trusted()
        )
        with post as response:
            return _outcome(response, parcel.tried_at)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
        return failure(f"no connection: {error}")
    except httpx.HTTPError as error:
        return failure(f"{type(error).__name__}: {error}", uncertain=True)


def document(channel: Channel, parcel: Parcel) -> dict[str, Any]:
    """What is posted, and what a file gets as a line: the message in parts and as text."""
    return {
        "id": parcel.id,
        "channel": channel.id,
        "created_at": parcel.created_at.astimezone(UTC).isoformat(timespec="seconds"),
        "possible_repeat": parcel.repeat,
        "text": parcel.text(channel.format or Format.PLAIN, channel.limit),
        **to_json(parcel.message),
    }


def signature(secret: str, headers: Mapping[str, str], content: bytes) -> str:
    """The signature of Standard Webhooks: HMAC-SHA256 over id, timestamp and body.

    A secret that begins with `whsec_` is read as base64, as there; another one as it is written.
    """
    key = base64.b64decode(secret.removeprefix("whsec_")) if secret.startswith("whsec_") else secret.encode()
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + content
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


@cache
def _trusted() -> ssl.SSLContext:
    """The authorities that we trust. To read them anew takes longer than to send a message."""
    return httpx.create_ssl_context()


def _outcome(response: httpx.Response, now: datetime) -> Outcome:
    if response.is_success:
        return Outcome(sent=True)
    wait = _wait(response.headers.get("Retry-After", ""), now)
    return failure(f"the receiver answered {response.status_code}", wait=wait)


def _wait(value: str, now: datetime) -> timedelta | None:
    """How long `Retry-After` asks us to wait, in seconds or until a date; None if it says nothing."""
    if value.isascii() and value.isdigit():
        return timedelta(seconds=min(int(value[:9]), 10**8))
    try:
        until = parsedate_to_datetime(value)
    except ValueError:
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(until - now, timedelta(0))
