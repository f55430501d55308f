import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from dragoman import prefect_server
from dragoman.prefect_server import PrefectServer, PrefectServerError
from tasks.store import server as embedded

# A parent that starts a server, says where it is, and waits to be killed.
PARENT = """
import sys
from pathlib import Path
from dragoman import prefect_server
with prefect_server.listen() as listener, prefect_server.serving(Path(sys.argv[1]), sys.argv[2], listener) as server:
    server.await_ready()
    print(server.process.pid, server.dashboard, flush=True)
    sys.stdin.read()
"""


@pytest.fixture(scope="module")
def parent(
    server: embedded.Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[subprocess.Popen[str], psutil.Process, str]]:
    home = tmp_path_factory.mktemp("home")
    embedded.create_database(server, "prefect_of_parent")
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, str(home), server.sqlalchemy_url("prefect_of_parent")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"DRAGOMAN_TEST_SECRET": "open sesame"},
    ) as process:
        assert process.stdout is not None
        identifier, dashboard = process.stdout.readline().split()
        yield process, psutil.Process(int(identifier)), dashboard
        process.kill()


def test_the_server_shows_a_dashboard_on_loopback_alone(
    parent: tuple[subprocess.Popen[str], psutil.Process, str],
) -> None:
    _, server, dashboard = parent

    assert httpx.get(dashboard, follow_redirects=True, trust_env=False).is_success
    listening = [one for one in server.net_connections() if one.status == psutil.CONN_LISTEN]
    assert {one.laddr.ip for one in listening} == {"127.0.0.1"}


def test_the_server_is_given_no_secret_of_ours(
    parent: tuple[subprocess.Popen[str], psutil.Process, str],
) -> None:
    assert "DRAGOMAN_TEST_SECRET" not in parent[1].environ()


def test_a_page_of_somebody_else_may_not_give_orders(
    parent: tuple[subprocess.Popen[str], psutil.Process, str],
) -> None:
    api = f"{parent[2]}/api"

    without_token = httpx.post(
        f"{api}/work_pools/", json={"name": "theirs", "type": "process"}, trust_env=False
    )
    foreign = httpx.get(f"{api}/health", headers={"Origin": "https://evil.example"}, trust_env=False)

    assert without_token.status_code == httpx.codes.FORBIDDEN
    assert "access-control-allow-origin" not in foreign.headers


def test_the_server_goes_when_its_parent_is_killed(
    parent: tuple[subprocess.Popen[str], psutil.Process, str],
) -> None:
    process, server, dashboard = parent

    process.send_signal(signal.SIGKILL)

    psutil.wait_procs([server], timeout=10)
    assert not server.is_running() or server.status() == psutil.STATUS_ZOMBIE
    with pytest.raises(httpx.ConnectError):
        httpx.get(dashboard, trust_env=False)


def test_a_server_that_cannot_start_is_told_with_its_log(tmp_path: Path) -> None:
    with prefect_server.listen() as listener:
        # A period that Prefect does not understand.
        server = PrefectServer(tmp_path, None, listener, {"PREFECT_SERVER_EVENTS_RETENTION_PERIOD": "soon"})
        server.start()
        try:
            with pytest.raises(PrefectServerError, match=r"prefect-server\.log says why"):
                server.await_ready()
        finally:
            server.stop()


def test_a_port_that_is_taken_is_passed_over() -> None:
    with prefect_server.listen() as first:
        taken: int = first.getsockname()[1]
        with prefect_server.listen(taken) as second:
            assert taken < second.getsockname()[1] < taken + 100
            assert second.getsockname()[0] == "127.0.0.1"


def test_the_settings_name_no_folder_but_the_home(tmp_path: Path) -> None:
    found = prefect_server.settings(tmp_path, given={})

    assert found["PREFECT_HOME"] == str(tmp_path / "prefect")
    assert found["DO_NOT_TRACK"] == "1"
    assert found["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
    assert [name for name in found if not name.startswith("PREFECT_")] == ["DO_NOT_TRACK"]


def test_what_the_operator_has_set_wins_over_the_file(tmp_path: Path) -> None:
    given = {"PREFECT_SERVER_EVENTS_RETENTION_PERIOD": "P7D", "PREFECT_HOME": "/elsewhere"}

    found = prefect_server.settings(tmp_path, given=given)

    assert found["PREFECT_SERVER_EVENTS_RETENTION_PERIOD"] == "P7D"
    assert found["PREFECT_HOME"] == str(tmp_path / "prefect")
