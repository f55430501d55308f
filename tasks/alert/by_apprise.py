"""Any of the services that Apprise knows: Slack, Telegram, Matrix, Signal, Teams, ntfy and others.

Written for what Apprise 1.13 and 2 have in common. Each try builds its service anew: one that is
kept sleeps for up to 5.5 seconds between two messages.
"""

import logging
import threading
from collections.abc import Iterable, Mapping
from dataclasses import replace

import apprise
from apprise import NotifyFormat, OverflowMode
from apprise.plugins import NotifyBase

from tasks.alert import guard
from tasks.alert.parcel import Outcome, Parcel, failure
from tasks.settings.channels import Channel, ChannelError, Format

CONNECT_TIMEOUT = 5.0
READ_TIMEOUT = 10.0
FORMATS = {
    Format.PLAIN: NotifyFormat.TEXT,
    Format.MARKDOWN: NotifyFormat.MARKDOWN,
    Format.HTML: NotifyFormat.HTML,
}
OWN_FORMATS = {theirs: ours for ours, theirs in FORMATS.items()}
# At the level of debugging both of these write whole addresses to the log; and what Apprise warns
# of is told as the error of a try, masked.
for _name in ("apprise", "urllib3"):
    logging.getLogger(_name).setLevel(logging.WARNING)
logging.getLogger("apprise").propagate = False


def send(channel: Channel, parcel: Parcel, environ: Mapping[str, str]) -> Outcome:
    """One message through one Apprise address.

    Apprise says whether it went well and logs why not; what it logs is the error.

    Raises:
        ChannelError: the channel lacks its address, or Apprise can do nothing with it.
    """
    service = load(channel.address(environ))
    targets = apprise.Apprise(asset=service.asset)
    targets.add(service)
    form = channel.format or own_format(service)
    title, text = _laid_out(parcel, form, channel.limit, service)
    with _Heard() as heard:
        answer: object = targets.notify(body=text, title=title, body_format=FORMATS[form])
    if answer:
        return Outcome(sent=True)
    said = "; ".join(heard.lines or _told(answer)) or "Apprise gave no reason"
    # An address may stand for several recipients, some of whom may have got it.
    return failure(said, uncertain=len(service) > 1 or "timed out" in said.lower())


def load(address: str) -> NotifyBase:
    """The service behind an Apprise address, with our name, our time limits and no tries of its own.

    Raises:
        ChannelError: Apprise does not know the service, or lacks a package that it needs.
    """
    # Sequential, so that it works and logs in the thread of its caller. No image is loaded from
    # elsewhere into the recipient's message, and no redirect takes the message elsewhere.
    asset = apprise.AppriseAsset(
        app_id="Dragoman",
        app_desc="Dragoman",
        app_url="",
        image_url_mask="",
        image_url_logo="",
        async_mode=False,
        secure_logging=True,
        http_redirects=False,
    )
    service = apprise.Apprise.instantiate(address, asset=asset, suppress_exceptions=True)
    if not isinstance(service, NotifyBase) or not service.enabled:
        raise ChannelError(
            "Apprise can do nothing with its address: an unknown service, or a missing package"
        )
    service.socket_connect_timeout = CONNECT_TIMEOUT
    service.socket_read_timeout = READ_TIMEOUT
    # With `optional`, a failure would be told as success.
    service.retry, service.optional = 0, False
    # We shorten; what a conversion makes longer than the service takes comes in two pieces.
    service.overflow_mode = OverflowMode.SPLIT
    return service


def own_format(service: NotifyBase) -> Format:
    """What a service writes of itself. What Apprise has to convert comes out much longer."""
    # Apprise 2 knows several for some services, and picks one.
    resolve = getattr(service, "resolve_format", None)
    return OWN_FORMATS[NotifyFormat(resolve() if resolve else service.notify_format)]


def _laid_out(parcel: Parcel, form: Format, limit: int | None, service: NotifyBase) -> tuple[str, str]:
    """Title and text. The headline is the title with services that show one apart, as on a phone."""
    title = guard.plain(parcel.message.headline)
    if guard.length(title) > service.title_maxlen:
        return "", parcel.text(form, limit, service.body_maxlen)
    rest = replace(parcel, message=replace(parcel.message, headline=""))
    return title, rest.text(form, limit, service.body_maxlen - guard.length(title))


def _told(answer: object) -> list[str]:
    """What Apprise 2 logged, which sends in a thread of its own and says in its answer what it logged."""
    services = answer if isinstance(answer, Iterable) else ()
    return [entry.message for service in services for entry in service.logs()]


class _Heard(logging.Handler):
    """What Apprise logs in this thread while it is listened to: other threads send at the same time."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []
        self._thread = threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self._thread:
            self.lines.append(record.getMessage())

    def __enter__(self) -> "_Heard":
        logging.getLogger("apprise").addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger("apprise").removeHandler(self)
