"""Send one message to one channel, whatever its kind, within a time that is sure to end."""

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from queue import Empty, SimpleQueue
from types import MappingProxyType

from tasks.alert import by_apprise, file, guard, mail, webhook
from tasks.alert.message import Message
from tasks.alert.parcel import Outcome, Parcel, failure, masked
from tasks.settings.channels import Channel, ChannelError, ChannelKind, Channels

# The time limits of the libraries count for each wait on the network, of which there may be many.
PATIENCE = timedelta(seconds=60)
SENDERS: Mapping[ChannelKind, Callable[[Channel, Parcel, Mapping[str, str]], Outcome]] = MappingProxyType(
    {
        ChannelKind.WEBHOOK: webhook.send,
        ChannelKind.APPRISE: by_apprise.send,
        ChannelKind.MAIL: mail.send,
        ChannelKind.FILE: file.send,
    }
)


def send(
    channel: Channel,
    parcel: Parcel,
    environ: Mapping[str, str] = os.environ,
    patience: timedelta = PATIENCE,
) -> Outcome:
    """Send a parcel and say how that went, after `patience` at the latest; it never raises.

    A try that takes longer is left to itself, and its fate is unknown.
    """
    answers: SimpleQueue[Outcome] = SimpleQueue()
    thread = threading.Thread(
        target=lambda: answers.put(_tried(channel, parcel, environ)),
        name=f"send-{parcel.name}",
        daemon=True,
    )
    thread.start()
    try:
        return answers.get(timeout=patience.total_seconds())
    except Empty:
        return failure(f"no end after {patience.total_seconds():.0f} seconds", uncertain=True)


def check(channel: Channel, environ: Mapping[str, str] = os.environ) -> str | None:
    """Why a channel cannot be used as it is set, or None; nothing is sent."""
    try:
        address = channel.address(environ)
        channel.signing_secret(environ)
        if channel.kind is ChannelKind.APPRISE:
            by_apprise.load(address)
    except ChannelError as error:
        return str(error)
    return None


def send_test(channel: Channel, now: datetime, environ: Mapping[str, str] = os.environ) -> Outcome:
    """Send a message that says that it is a test, and say how that went."""
    message = Message(
        headline=f"Test: this is only a test of the channel {channel.id}",
        notes=("Nothing has happened. Alerts will reach you here.",),
        test=True,
    )
    return send(channel, Parcel(f"test-{now:%Y%m%dT%H%M%S}-{channel.id}", message, now, now), environ)


def tell_operator(
    channels: Channels,
    headline: str,
    notes: Sequence[str],
    now: datetime,
    environ: Mapping[str, str] = os.environ,
    *,
    name: str | None = None,
    created_at: datetime | None = None,
    repeat: bool = False,
) -> Outcome | None:
    """Tell the operator that something is wrong with the service; None if nobody is to be told.

    `name` is the same for every try of one message; without it, this is the only try.
    """
    if channels.operator is None:
        return None
    channel = channels.by_id[channels.operator]
    message = Message(
        headline=guard.clean(headline, 200), notes=tuple(guard.clean(note, 400) for note in notes)
    )
    parcel = Parcel(
        f"{name or f'notice-{now:%Y%m%dT%H%M%S%f}'}-{channel.id}", message, created_at or now, now, repeat
    )
    return send(channel, parcel, environ)


def _tried(channel: Channel, parcel: Parcel, environ: Mapping[str, str]) -> Outcome:
    try:
        outcome = SENDERS[channel.kind](channel, parcel, environ)
    except ChannelError as error:
        return failure(str(error))
    except Exception as error:  # noqa: BLE001
        # Libraries of which there are a hundred behind Apprise may raise anything. The trace is
        # not logged: it could show the address.
        outcome = failure(f"{type(error).__name__}: {error}", uncertain=True)
    if outcome.error is None:
        return outcome
    return replace(outcome, error=masked(outcome.error, *_secrets(channel, environ)))


def _secrets(channel: Channel, environ: Mapping[str, str]) -> list[str | None]:
    try:
        return [channel.address(environ), channel.signing_secret(environ)]
    except ChannelError:
        return []
