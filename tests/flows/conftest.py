"""One Prefect server for all tests of flows."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dragoman import prefect_server
from tasks.store import server as embedded


@pytest.fixture(scope="session")
def prefect_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the server and its clients keep their files."""
    return tmp_path_factory.mktemp("prefect")


@pytest.fixture(scope="session")
def prefect_api(server: embedded.Server, prefect_home: Path) -> Iterator[str]:
    """The address of a real Prefect server; flows called in a test that asks for it are run there."""
    embedded.create_database(server, "prefect")
    with prefect_server.running(prefect_home, server.sqlalchemy_url("prefect")) as api_url:
        yield api_url
