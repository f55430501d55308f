"""The account of the embedded server, and the files and folders that only that account may touch.

PostgreSQL refuses to run as root. A root that starts Dragoman, as in a container, lends the server
an account and puts what the server needs where that account can reach it. For an ordinary user
there is nothing to lend: the account is None, and the server runs as that user.
"""

import hashlib
import os
import pwd
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

NAMES = ("postgres", "nobody")


class ServerError(RuntimeError):
    """The embedded server cannot be found, started, shared or stopped; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account that root lends to the server."""

    name: str
    uid: int
    gid: int


def lend(home: Path) -> Account | None:
    """Make the server's folder `home`; the account that its server runs as, None for our own.

    Raises:
        ServerError: the folder cannot be made, the account may not enter it, or there is none to lend.
    """
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        account = _choose(home)
        if account and home.stat().st_uid == 0 and not any(home.iterdir()):
            # Root keeps the folder, so that the account cannot plant links in root's way.
            home.chmod(0o711)
    except OSError as error:
        raise ServerError(f"The folder {home} cannot be used for the database: {error.strerror}.") from error
    if account and (closed := shut(home, account)):
        raise ServerError(
            f"PostgreSQL refuses to run as root, and the account lent to it, {account.name!r}, may not "
            f"enter {closed}. Put the data elsewhere, for example below /var/lib, or open that folder with "
            "`chmod o+x`."
        )
    return account


def _choose(home: Path) -> Account | None:
    if os.geteuid() != 0:
        return None
    data = home / "data"
    owner = (data if data.exists() else home).stat()
    if owner.st_uid != 0:
        with suppress(KeyError):
            return _account(pwd.getpwuid(owner.st_uid))
        if data.exists():
            # Only the making of data wants an account that has a name.
            return Account(str(owner.st_uid), owner.st_uid, owner.st_gid)
    for name in NAMES:
        with suppress(KeyError):
            return _account(pwd.getpwnam(name))
    raise ServerError(
        f"PostgreSQL refuses to run as root, and this system has no account {' or '.join(NAMES)} to lend "
        "to it. Make one, or run Dragoman as an ordinary user."
    )


def _account(entry: pwd.struct_passwd) -> Account:
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def shut(path: Path, account: Account) -> Path | None:
    """The first folder on the way to `path`, or `path` itself, that `account` may not enter or run."""
    for step in (*reversed(path.parents), path):
        found = step.stat()
        mode = found.st_mode
        if found.st_uid == account.uid:
            mode >>= 6
        elif found.st_gid == account.gid:
            mode >>= 3
        if not mode & stat.S_IXOTH:
            return step
    return None


@contextmanager
def opened(path: Path, account: Account | None) -> Iterator[int]:
    """The descriptor of a private file, open for appending, made for `account` if it is missing.

    Raises:
        ServerError: it cannot be opened.
    """
    flags = os.O_RDWR | os.O_APPEND | os.O_NOFOLLOW
    try:
        try:
            descriptor = os.open(path, flags | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            descriptor = os.open(path, flags)
        else:
            # Only what root has made itself is given away: anything else may be a link.
            if account:
                os.fchown(descriptor, account.uid, account.gid)
    except OSError as error:
        raise ServerError(f"{path} cannot be opened: {error.strerror}. Is it another user's?") from error
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def private(folder: Path, account: Account | None) -> Path:
    """`folder`, made if it is missing, which belongs to `account` or to us and is closed to all others.

    Raises:
        ServerError: something of that name belongs to somebody else or is open to others.
    """
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    if account and folder.lstat().st_uid == 0:
        os.chown(folder, account.uid, account.gid, follow_symlinks=False)
    found = folder.lstat()
    owner = account.uid if account else os.geteuid()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or found.st_mode & 0o077:
        raise ServerError(f"{folder} is not a folder of the server's own, or is open to others. Remove it.")
    return folder


def within_reach(programs: Path, home: Path, account: Account | None) -> Path:
    """The folder `programs` of an installed wheel, or a copy below `home` if `account` cannot reach it.

    Root's own virtual environment commonly lies in root's home. That stays closed.

    Raises:
        ServerError: a copy is needed, but `home` is not root's.
    """
    if account is None or shut(programs / "postgres", account) is None:
        return programs
    if home.stat().st_uid != 0:
        # Where another account could exchange what root is writing to, root does not write.
        raise ServerError(
            f"The database belongs to {account.name!r}, who may not enter {programs}. "
            "Install Dragoman where everyone can read it, or run it as that user."
        )
    package = programs.parents[1]
    digest = hashlib.sha256((programs / "postgres").read_bytes()).hexdigest()[:16]
    copy = home / f"programs-{digest}"
    if not copy.exists():
        for old in home.glob("programs-*"):
            shutil.rmtree(old)
        _copy(package, home / "programs-new").rename(copy)
    return copy / programs.relative_to(package.parent)


def _copy(package: Path, target: Path) -> Path:
    unused = shutil.ignore_patterns("include", "*.a", "__pycache__")
    # The programs find their libraries by a path from the package to the folder beside it.
    for folder in (package, package.with_name(f"{package.name}.libs")):
        if folder.is_dir():
            shutil.copytree(folder, target / folder.name, ignore=unused)
    for path in (target, *target.rglob("*")):
        runs = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
        path.chmod(0o755 if runs else 0o644)
    return target


def keep_name(path: Path) -> None:
    """Have the disk remember that `path` is called so: a new name is not safe before its folder is."""
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
