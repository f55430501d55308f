"""One Prefect server for all tests of flows."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from prefect import get_client
from prefect.settings import PREFECT_WORKER_QUERY_SECONDS, temporary_settings

from dragoman import prefect_server
from flows.deployments import deploy
from tasks.store import server as embedded


@pytest.fixture(scope="session")
def prefect_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the server and its clients keep their files."""
    return tmp_path_factory.mktemp("prefect")


@pytest.fixture(scope="session")
def prefect_api(server: embedded.Server, prefect_home: Path) -> Iterator[str]:
    """The address of a real Prefect server; flows called in a test that asks for it are run there."""
    embedded.create_database(server, "prefect")
    with (
        prefect_server.running(prefect_home, server.sqlalchemy_url("prefect")) as api_url,
        temporary_settings({PREFECT_WORKER_QUERY_SECONDS: 0.3}),
    ):
        yield api_url


@pytest.fixture(scope="session")
def work_pool(prefect_api: str) -> None:
    """The work pool with its deployments, which are paused: nothing is run but what a test asks for."""

    async def prepare() -> None:
        await deploy()
        async with get_client() as client:
            for deployment in await client.read_deployments():
                await client.pause_deployment(deployment.id)

    asyncio.run(prepare())
