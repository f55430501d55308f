"""A mail with a plain and an HTML part, over SMTP.

Not by Apprise, which cannot set the Message-ID: with a stable one many mailboxes drop a second
copy by themselves, and all stages of an event stand in one thread.
"""

import ipaddress
import smtplib
import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

from tasks.alert.parcel import HOST, Outcome, Parcel, failure
from tasks.settings.channels import Channel, Format

TIMEOUT = 15.0
SUBJECT_LENGTH = 200


def send(channel: Channel, parcel: Parcel, environ: Mapping[str, str]) -> Outcome:
    """One mail to all recipients of the channel; refused by some of them, it still is sent.

    Raises:
        ChannelError: the channel lacks its address.
    """
    address = channel.address(environ)
    mail = compose(channel, parcel)
    try:
        server = _connected(address)
    except (smtplib.SMTPException, OSError) as error:
        return failure(_told(error))
    try:
        refused = server.send_message(mail, channel.sender, list(channel.to))
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as error:
        return failure(_told(error))
    except (smtplib.SMTPException, OSError) as error:
        return failure(_told(error), uncertain=True)
    finally:
        _parted(server)
    return Outcome(sent=True, error=f"refused for {_refusals(refused)}" if refused else None)


def compose(channel: Channel, parcel: Parcel) -> EmailMessage:
    """The mail, with the headers by which mailboxes thread it and tell it from a person's."""
    mail = EmailMessage()
    mail["From"] = channel.sender
    mail["To"] = ", ".join(channel.to)
    mail["Subject"] = parcel.message.headline[:SUBJECT_LENGTH]
    mail["Date"] = format_datetime(parcel.created_at)
    mail["Message-ID"] = f"<{parcel.id}>"
    if parcel.message.event is not None:
        mail["References"] = f"<event-{parcel.message.event}@{HOST}>"
    mail["Auto-Submitted"] = "auto-generated"
    if parcel.repeat:
        mail["Dragoman-Possible-Repeat"] = "true"
    mail.set_content(parcel.text(Format.PLAIN, channel.limit))
    mail.add_alternative(parcel.text(Format.HTML, channel.limit), subtype="html")
    return mail


def _connected(address: str) -> smtplib.SMTP:
    """A session with the server, encrypted if the server can, and always before a password is told."""
    parts = urlsplit(address)
    host, safe = parts.hostname or "", parts.scheme == "smtps"
    context = ssl.create_default_context()
    # By itself smtplib asks the resolver for our name, which can take long.
    name = socket.gethostname()
    if safe:
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            host, parts.port or 465, name, timeout=TIMEOUT, context=context
        )
    else:
        server = smtplib.SMTP(host, parts.port or 25, name, TIMEOUT)
    try:
        server.ehlo_or_helo_if_needed()
        if not safe and server.has_extn("starttls"):
            server.starttls(context=context)
            safe = True
        if parts.username:
            if not safe and not _on_this_machine(host):
                raise smtplib.SMTPException("the server offers no encryption, so it is not told the password")
            server.login(unquote(parts.username), unquote(parts.password or ""))
    except BaseException:
        server.close()
        raise
    return server


def _parted(server: smtplib.SMTP) -> None:
    """Take leave of the server. What goes wrong now changes nothing about the mail."""
    with suppress(smtplib.SMTPException, OSError):
        server.quit()
    server.close()


def _on_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _told(error: smtplib.SMTPException | OSError) -> str:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return f"the server refused all recipients: {_refusals(error.recipients)}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"the server answered {error.smtp_code}: {_words(error.smtp_error)}"
    return f"{type(error).__name__}: {error}"


def _refusals(refused: Mapping[str, tuple[int, bytes]]) -> str:
    return "; ".join(f"{address} ({code} {_words(said)})" for address, (code, said) in refused.items())


def _words(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said
