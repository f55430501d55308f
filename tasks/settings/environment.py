"""What the environment sets: where data lie, which database, who the operator is.

A secret may stand in a variable or in a file named by the variable with `_FILE` behind it.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Environment:
    """The settings of one process.

    `database` is None when the embedded server is to be used. `contact` is what the user agent
    names, so that a publisher can reach the operator.
    """

    home: Path
    configuration: Path
    seeds: Path
    database: str | None
    contact: str | None


def secret(name: str, environ: Mapping[str, str]) -> str | None:
    """The secret `name`: the variable's value, or the content of the file that `name_FILE` names.

    Raises:
        OSError: the file is named but cannot be read.
    """
    if value := environ.get(name):
        return value
    if path := environ.get(f"{name}_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()
    return None


def from_environment(environ: Mapping[str, str] = os.environ) -> Environment:
    """The settings of this process, from `DRAGOMAN_HOME`, `DRAGOMAN_CONFIG`, `DRAGOMAN_CONTACT`
    and `DATABASE_URL`, with what a laptop wants where nothing is set.
    """
    home = environ.get("DRAGOMAN_HOME")
    configuration = environ.get("DRAGOMAN_CONFIG")
    return Environment(
        home=Path(home).expanduser() if home else default_home(),
        configuration=Path(configuration).expanduser() if configuration else ROOT / "config",
        seeds=ROOT / "seeds",
        database=secret("DATABASE_URL", environ),
        contact=environ.get("DRAGOMAN_CONTACT"),
    )


def default_home() -> Path:
    """The platform's folder for a user's data; for root the system's, which another account can enter.

    The embedded server lends itself an ordinary account when it is started by root, and that
    account cannot enter root's home.
    """
    if os.geteuid() == 0:
        return Path("/var/lib/dragoman")
    return platformdirs.user_data_path("dragoman", appauthor=False)
