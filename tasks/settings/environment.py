"""What the environment sets: where data lie, which database, who the operator is.

A secret may stand in a variable or in a file named by the variable with `_FILE` behind it.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import platformdirs
import psycopg
from psycopg.conninfo import conninfo_to_dict

ROOT = Path(__file__).resolve().parents[2]

_NO_ADDRESS = (
    "DATABASE_URL cannot be understood as the address of a database. It is written as "
    "postgresql://user:password@host:port/name; in the password, the characters @ / ? # and % stand as "
    "%40 %2F %3F %23 and %25."
)

_NO_PROXY = (
    "DRAGOMAN_PROXY is not the address of an HTTP proxy. It is written as http://user:password@host:port."
)


class SettingError(ValueError):
    """A variable of the environment cannot be used; the message names it and never shows its value."""


@dataclass(frozen=True, slots=True)
class Environment:
    """The settings of one process.

    `database` is None when the embedded server is to be used. `contact` is what the user agent
    names, so that a publisher can reach the operator. `proxy` is the HTTP proxy that sources are
    fetched through: behind it nothing keeps a feed from naming an address of the inner network,
    unless the proxy does. HTTP_PROXY and its like are meant for other programs and are not read.
    """

    home: Path
    configuration: Path
    seeds: Path
    database: str | None = field(repr=False)
    contact: str | None
    proxy: str | None = field(default=None, repr=False)


def secret(name: str, environ: Mapping[str, str]) -> str | None:
    """The secret `name`: the variable's value, or the content of the file that `name_FILE` names.

    Raises:
        OSError: the file is named but cannot be read.
        SettingError: the file is no text in UTF-8.
    """
    if value := environ.get(name):
        return value
    if path := environ.get(f"{name}_FILE"):
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except UnicodeDecodeError:
            raise SettingError(f"The file that {name}_FILE names is not text in UTF-8.") from None
    return None


def from_environment(environ: Mapping[str, str] = os.environ) -> Environment:
    """The settings of this process, from `DRAGOMAN_HOME`, `DRAGOMAN_CONFIG`, `DRAGOMAN_CONTACT`,
    `DRAGOMAN_PROXY` and `DATABASE_URL`, with what a laptop wants where nothing is set.

    Raises:
        OSError: DATABASE_URL_FILE or DRAGOMAN_PROXY_FILE names a file that cannot be read.
        SettingError: DATABASE_URL is no address of a database, or DRAGOMAN_PROXY none of a proxy.
    """
    home = environ.get("DRAGOMAN_HOME")
    configuration = environ.get("DRAGOMAN_CONFIG")
    return Environment(
        home=Path(home).expanduser() if home else default_home(),
        configuration=Path(configuration).expanduser() if configuration else ROOT / "config",
        seeds=ROOT / "seeds",
        database=_database(environ),
        contact=environ.get("DRAGOMAN_CONTACT"),
        proxy=_proxy(environ),
    )


def _proxy(environ: Mapping[str, str]) -> str | None:
    """DRAGOMAN_PROXY, if it is one."""
    address = secret("DRAGOMAN_PROXY", environ)
    if address is None:
        return None
    try:
        parts = urlsplit(address)
        usable = parts.scheme == "http" and bool(parts.hostname) and parts.port != 0
    except ValueError:
        raise SettingError(_NO_PROXY) from None
    if not usable or not address.isascii():
        raise SettingError(_NO_PROXY)
    return address


def _database(environ: Mapping[str, str]) -> str | None:
    """DATABASE_URL, if libpq takes every part of it for what it was meant to be.

    What libpq cannot read it quotes in its complaint. And where a password holds `@` or `/`, the
    rest of it passes for a host, a port or a database, which later complaints name.
    """
    dsn = secret("DATABASE_URL", environ)
    if dsn is None:
        return None
    try:
        parts = conninfo_to_dict(dsn)
    except (psycopg.Error, ValueError):
        raise SettingError(_NO_ADDRESS) from None
    # Of a list, libpq takes an empty port for the usual one.
    ports = [port for port in str(parts.get("port") or "").split(",") if port]
    misread = dsn.startswith(("postgres://", "postgresql://")) and "@" in str(parts.get("dbname"))
    if "\0" in dsn or "@" in str(parts.get("host")) or misread or not all(map(_is_port, ports)):
        raise SettingError(_NO_ADDRESS)
    return dsn


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdigit()


def default_home() -> Path:
    """The platform's folder for a user's data; for root the system's, which another account can enter.

    The embedded server lends itself an ordinary account when it is started by root, and that
    account cannot enter root's home.
    """
    if os.geteuid() == 0:
        return Path("/var/lib/dragoman")
    return platformdirs.user_data_path("dragoman", appauthor=False)
