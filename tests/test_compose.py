"""docker-compose.yml without Docker: what it declares, and the same commands with the same environment."""

import asyncio
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml
from prefect import get_client
from prefect.settings import PREFECT_API_URL, temporary_settings

from dragoman import prefect_server
from tasks.settings.environment import ROOT
from tasks.store import server as embedded
from tests.support import commands, site
from tests.support.newsroom import configure, story

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
VARIABLE = re.compile(r"\$\{(\w+)(?::([?-])([^}]*))?\}")


def test_no_password_stands_in_the_file() -> None:
    for service in SERVICES.values():
        for name, value in service["environment"].items():
            if "PASSWORD" in name:
                assert value.startswith("${DRAGOMAN_DATABASE_PASSWORD:?")
            assert not re.search(r"://[^/@]*:[^/@]*@", str(value))


def test_nothing_listens_outside_of_the_host() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", ())]

    assert ports == ["127.0.0.1:4200:4200"]


@pytest.mark.parametrize("name", ["prefect-server", "setup", "worker"])
def test_ours_run_without_rights(name: str) -> None:
    service = SERVICES[name]

    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "user" not in service
    assert re.findall(r"^USER (\w+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE) == ["dragoman"]


def test_each_waits_for_what_it_needs() -> None:
    waits = {name: service.get("depends_on", {}) for name, service in SERVICES.items()}

    assert waits["prefect-server"] == {"postgres": {"condition": "service_healthy"}}
    assert waits["setup"]["prefect-server"] == {"condition": "service_healthy"}
    assert waits["worker"] == {"setup": {"condition": "service_completed_successfully"}}
    assert {"postgres", "prefect-server"} <= {name for name, one in SERVICES.items() if "healthcheck" in one}
    assert "/api/ready" in " ".join(SERVICES["prefect-server"]["healthcheck"]["test"])


def test_the_database_is_made_as_the_embedded_one_is() -> None:
    flags = set(SERVICES["postgres"]["environment"]["POSTGRES_INITDB_ARGS"].split())

    assert flags >= {"--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"}


class Host:
    """This machine in place of the containers: their commands, their environment, other addresses."""

    def __init__(self, server: embedded.Server, folder: Path, port: int) -> None:
        self.server = server
        self.folder = folder
        self.port = port
        self.given = {"DRAGOMAN_DATABASE_PASSWORD": "open sesame"}

    def environment(self, name: str) -> dict[str, str]:
        service = SERVICES[name]
        files = service.get("env_file", [])
        named = [files] if isinstance(files, str) else [one for one in files if isinstance(one, str)]
        found: dict[str, str] = {}
        for file in named:
            found |= prefect_server.read_settings(ROOT / file)
        # From the Dockerfile.
        found |= {"DRAGOMAN_HOME": "/var/lib/dragoman", "PREFECT_HOME": "/var/lib/dragoman/prefect"}
        found |= {key: self._filled(str(value)) for key, value in service["environment"].items()}
        return commands.environment(**{key: self._moved(value, name) for key, value in found.items()})

    def command(self, name: str, words: list[str] | None = None) -> list[str]:
        first, *rest = words or SERVICES[name]["command"]
        programs = {
            "dragoman": list(commands.COMMAND),
            "prefect": [sys.executable, "-m", "prefect"],
            "python": [sys.executable],
        }
        moved = [self._moved(word, name).replace("4200", str(self.port)) for word in rest]
        return [*programs[first], *("127.0.0.1" if word == "0.0.0.0" else word for word in moved)]

    def _filled(self, text: str) -> str:
        def value(match: re.Match[str]) -> str:
            name, kind, otherwise = match.groups()
            if kind == "?":
                return self.given[name]
            return self.given.get(name, otherwise or "")

        return VARIABLE.sub(value, text)

    def _moved(self, text: str, name: str) -> str:
        # Before anything of this machine, which may lie in /tmp as well, is put into it.
        text = text.replace("/tmp/", f"{self.folder}/")
        text = re.sub(
            r"(postgresql(?:\+asyncpg)?)://dragoman@postgres:5432/(\w+)",
            rf"\1://dragoman@/compose_\2?host={self.server.socket}&port=5432",
            text,
        )
        text = text.replace("http://prefect-server:4200", f"http://127.0.0.1:{self.port}")
        text = text.replace("/var/lib/dragoman", str(self.folder / name))
        return str(self.folder / "config") if text == "/config" else text


@pytest.fixture
def host(server: embedded.Server, tmp_path: Path) -> Iterator[Host]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as db:
        # What the image makes of POSTGRES_USER and POSTGRES_DB.
        db.execute("create role dragoman login superuser")
        db.execute("create database compose_prefect owner dragoman")
        yield Host(server, tmp_path, port)
        for name in ("compose_prefect", "compose_dragoman"):
            db.execute(f"drop database if exists {name} with (force)".encode())
        db.execute("drop role dragoman")


def _healthy(host: Host, name: str) -> bool:
    _, *words = SERVICES[name]["healthcheck"]["test"]
    return subprocess.run(host.command(name, words), capture_output=True, check=False).returncode == 0


async def _start_a_cycle(host: Host) -> None:
    with temporary_settings({PREFECT_API_URL: f"http://127.0.0.1:{host.port}/api"}):
        async with get_client() as client:
            deployment = await client.read_deployment_by_name("monitor/main")
            await client.create_flow_run_from_deployment(deployment.id)


@pytest.mark.timeout(300)
def test_the_services_work_together(host: Host) -> None:
    box = host.folder / "alerts.jsonl"
    with site.running() as outlets, ExitStack() as services:
        outlets.set("/hungary", story("hungary"))
        configure(
            host.folder / "config",
            outlets,
            ["hungary"],
            [{"id": "box", "kind": "file", "url": f"file://{box}"}],
        )

        def start(name: str) -> commands.Command:
            # The volume or tmpfs that the service has there.
            (host.folder / name).mkdir(exist_ok=True)
            words = host.command(name)
            env = host.environment(name)
            return services.enter_context(commands.running(*words[1:], env=env, command=(words[0],)))

        server = start("prefect-server")
        commands.until(lambda: _healthy(host, "prefect-server") or server.process.poll() is not None, 90)
        assert server.process.poll() is None, "".join(server.lines)
        setup = start("setup")
        setup.expect("ready for workers")
        assert setup.process.wait(10) == 0
        worker = start("worker")
        worker.expect("working")

        asyncio.run(_start_a_cycle(host))
        worker.expect("1 source · 1 new · 1 event · 1 alert")
        assert len(box.read_text().splitlines()) == 1

        worker.process.terminate()
        assert worker.process.wait(15) == 0
