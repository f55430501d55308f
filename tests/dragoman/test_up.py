import json
import signal
import subprocess
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import psycopg
import pytest

from dragoman import home
from tasks.store import server as embedded
from tests.alert.receivers import Web, web
from tests.support import commands, site
from tests.support.newsroom import configure, story

# Leases that a killed process holds run out after minutes. This makes those minutes pass.
TIME_PASSES = """
update source set lease_until = null;
update rate_group set lease_until = null;
update response set lease_until = null;
update item set lease_until = null;
update delivery set lease_until = now() where lease_until is not null
"""


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="dragoman-up-") as folder:
        # The embedded server's account, which root lends it, has to pass through.
        Path(folder).chmod(0o711)
        yield Path(folder)


@pytest.fixture(scope="module")
def outlets() -> Iterator[site.Site]:
    with site.running() as running:
        yield running


@pytest.fixture(scope="module")
def receiver() -> Iterator[Web]:
    with web() as running:
        yield running


@pytest.fixture(scope="module")
def env(place: Path, outlets: site.Site, receiver: Web) -> dict[str, str]:
    channel = {"id": "hook", "kind": "webhook", "url": receiver.url}
    configure(place / "config", outlets, ["hungary", "serbia", "belarus"], [channel])
    return commands.environment(DRAGOMAN_HOME=str(place / "home"), DRAGOMAN_CONFIG=str(place / "config"))


def _rows(place: Path, question: str) -> list[tuple[object, ...]]:
    with (
        embedded.running(place / "home" / "postgres") as server,
        psycopg.connect(server.dsn("dragoman"), autocommit=True) as db,
    ):
        answer = db.execute(question.encode())
        return answer.fetchall() if answer.description else []


def _told(receiver: Web) -> Counter[str]:
    """How often each alert has arrived, by its identifier."""
    return Counter(str(request.headers["webhook-id"]) for request in receiver.requests)


def _lives(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.mark.timeout(300)
def test_killed_at_any_moment_it_loses_no_item_and_tells_nothing_twice_unmarked(
    place: Path, env: dict[str, str], outlets: site.Site, receiver: Web
) -> None:
    asked, answer = threading.Event(), threading.Event()

    def slow(request: site.Asked) -> site.Answer:
        asked.set()
        answer.wait(60)
        return story("belarus")

    outlets.set("/hungary", story("hungary"))
    outlets.set("/serbia", story("serbia"))
    outlets.set("/belarus", slow, story("belarus"))

    # Killed while a site is being asked.
    with commands.running("up", env=env) as up:
        assert asked.wait(90), up.lines
        # All but the database's processes, which the next start takes over.
        children = psutil.Process(up.process.pid).children(recursive=True)
        ours = [child for child in children if child.name() != "postgres"]
        assert ours
        up.kill()
        commands.until(lambda: not any(_lives(child) for child in ours), 10)
    answer.set()
    _rows(place, TIME_PASSES)

    # Killed while an alert is being sent: it has arrived, and nobody saw the answer.
    receiver.gate.clear()
    with commands.running("up", env=env) as up:
        assert receiver.arrived.acquire(timeout=60), up.lines
        up.kill()
    receiver.gate.set()
    in_flight = set(_told(receiver))
    assert in_flight
    _rows(place, TIME_PASSES)
    # Prefect's history is lost as well, and with it nothing that matters.
    _rows(place, "drop database prefect with (force)")

    with commands.running("up", env=env) as up:
        up.expect("watching", 90)
        commands.until(lambda: _rows(place, "select 1 from delivery where state <> 'sent'") == [])
        commands.until(lambda: len(_told(receiver)) == 3)
        _is_there_for_others(place, env, up)
        _stops_when_asked(place, up)

    assert _rows(place, "select source_id, count(*) from item group by 1 order by 1") == [
        ("belarus", 1),
        ("hungary", 1),
        ("serbia", 1),
    ]
    assert _rows(place, "select count(*) from alert") == [(3,)]
    told = _told(receiver)
    assert {identifier for identifier, times in told.items() if times > 1} == in_flight
    last = {request.headers["webhook-id"]: request for request in receiver.requests}
    for identifier in in_flight:
        assert last[identifier].headers["Dragoman-Possible-Repeat"] == "true"


def _is_there_for_others(place: Path, env: dict[str, str], up: commands.Command) -> None:
    """The dashboard answers, a second `up` is refused in a sentence, and `once` uses this one's server."""
    found = home.running(place / "home")
    assert found is not None
    assert found.process == up.process.pid
    assert httpx.get(found.dashboard, follow_redirects=True, trust_env=False).is_success

    second = subprocess.run([*commands.COMMAND, "up"], env=env, capture_output=True, text=True, check=False)
    assert second.returncode == 1
    assert f"process {up.process.pid}" in second.stdout
    assert "Traceback" not in second.stdout + second.stderr

    once = [*commands.COMMAND, "once", "--json"]
    joined = subprocess.run(once, env=env, capture_output=True, text=True, check=True)
    assert json.loads(joined.stdout)["new"] == 0
    assert "starting Prefect" not in joined.stderr


def _stops_when_asked(place: Path, up: commands.Command) -> None:
    found = home.running(place / "home")
    assert found is not None

    began = time.monotonic()
    up.process.send_signal(signal.SIGINT)
    assert up.process.wait(20) == 0
    assert time.monotonic() - began < 10

    assert home.running(place / "home") is None
    with pytest.raises(httpx.ConnectError):
        httpx.get(found.dashboard, trust_env=False)
    assert not (place / "home" / "postgres" / "data" / "postmaster.pid").exists()
    shown = "".join(up.lines)
    assert "prefect.io" not in shown.lower()
    assert "Traceback" not in shown
