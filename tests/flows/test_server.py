import os

import httpx
import psutil
import pytest


@pytest.fixture
def process(prefect_api: str) -> psutil.Process:
    """The server of these tests, which is a child of theirs."""
    children = psutil.Process().children()
    return next(child for child in children if "dragoman.prefect_server" in child.cmdline())


def test_it_listens_on_loopback_alone(process: psutil.Process) -> None:
    listening = [one for one in process.net_connections() if one.status == psutil.CONN_LISTEN]

    assert {one.laddr.ip for one in listening} == {"127.0.0.1"}


def test_it_is_given_nothing_of_ours_that_may_be_a_secret(process: psutil.Process) -> None:
    passed = {"PATH", "HOME", "LANG", "TMPDIR", "TZ", "VIRTUAL_ENV", "PYTHONPATH", "DO_NOT_TRACK"}

    assert {name for name in process.environ() if not name.startswith(("PREFECT_", "LC_"))} <= passed
    assert set(os.environ) - passed


def test_a_page_of_somebody_else_may_not_give_it_orders(prefect_api: str) -> None:
    order = httpx.post(
        f"{prefect_api}/work_pools/", json={"name": "theirs", "type": "process"}, trust_env=False
    )
    question = httpx.get(f"{prefect_api}/health", headers={"Origin": "https://evil.example"}, trust_env=False)

    assert order.status_code == httpx.codes.FORBIDDEN
    assert "access-control-allow-origin" not in question.headers
