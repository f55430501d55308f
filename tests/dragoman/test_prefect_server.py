from pathlib import Path

import pytest

from dragoman import prefect_server
from dragoman.prefect_server import PrefectServer, PrefectServerError


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
