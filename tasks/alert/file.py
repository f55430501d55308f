"""A line of JSON for each message, appended to a file: an archive, or a spool for another program."""

import fcntl
import json
import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tasks.alert.parcel import Outcome, Parcel, failure
from tasks.alert.webhook import document
from tasks.settings.channels import Channel

# How far back a line is looked for that an interrupted try may have written.
LOOK_BACK = 4 * 1024 * 1024


def send(channel: Channel, parcel: Parcel, environ: Mapping[str, str]) -> Outcome:
    """Append one line and wait for the disk; the folder of the file must be there.

    A file can be asked what it has: the line of an earlier try is found and not written again.

    Raises:
        ChannelError: the channel lacks its address.
    """
    path = _path(channel.address(environ))
    line = json.dumps(document(channel, parcel), ensure_ascii=False).encode() + b"\n"
    try:
        with path.open("ab+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            tail = _tail(file.fileno())
            if parcel.repeat and _holds(tail, parcel.id):
                return Outcome(sent=True)
            # A try that was interrupted may have left half a line.
            file.write(line if not tail or tail.endswith(b"\n") else b"\n" + line)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        return failure(f"cannot be written: {error.strerror}", uncertain=True)
    return Outcome(sent=True)


def _path(address: str) -> Path:
    return Path(address if address.startswith("/") else unquote(urlsplit(address).path))


def _tail(file: int) -> bytes:
    size = os.fstat(file).st_size
    return os.pread(file, LOOK_BACK, max(0, size - LOOK_BACK))


def _holds(tail: bytes, parcel_id: str) -> bool:
    """Whether a whole line with this id is among the last ones."""
    marked = json.dumps(parcel_id).encode()
    return any(_id(line) == parcel_id for line in tail.split(b"\n")[:-1] if marked in line)


def _id(line: bytes) -> object:
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found.get("id") if isinstance(found, dict) else None
