import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from prefect import get_client
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterDeploymentId
from prefect.client.schemas.objects import StateType
from prefect.client.schemas.responses import DeploymentResponse

from flows.deployments import DEPLOYMENTS, FLOWS, deploy
from flows.worker import POOL
from tasks.settings.environment import ROOT
from tests.flows.waiting import until
from tests.support import commands

pytestmark = pytest.mark.usefixtures("prefect_api")


def test_prefect_yaml_says_the_same_as_the_code() -> None:
    declared = yaml.safe_load((ROOT / "prefect.yaml").read_text())["deployments"]

    assert [
        (entry["entrypoint"], next((one["cron"] for one in entry["schedules"]), None), tuple(entry["tags"]))
        for entry in declared
    ] == [
        (f"flows/{deployment.flow.name}.py:{deployment.flow.name}", deployment.cron, deployment.tags)
        for deployment in DEPLOYMENTS
    ]
    scheduled = [entry for entry in declared if entry["schedules"]]
    assert {entry["concurrency_limit"]["collision_strategy"] for entry in scheduled} == {"CANCEL_NEW"}
    assert {entry["work_pool"]["name"] for entry in declared} == {POOL}
    assert {entry["schedules"][0]["timezone"] for entry in scheduled} == {"UTC"}
    assert all("concurrency_limit" not in entry for entry in declared if not entry["schedules"])


async def _ours(client: PrefectClient) -> list[DeploymentResponse]:
    """The deployments that have a schedule, without those of other tests."""
    names = {one.flow.name for one in DEPLOYMENTS if one.cron}
    found = [deployment for deployment in await client.read_deployments() if deployment.name == "main"]
    assert len(found) == len(FLOWS)
    return [one for one in found if str(one.entrypoint).rpartition(":")[2] in names]


async def test_deploying_twice_changes_nothing_and_runs_are_scheduled() -> None:
    await deploy()
    await deploy()

    async with get_client() as client:
        found = await _ours(client)
        for deployment in found:
            assert deployment.work_pool_name == POOL
            assert deployment.description
            assert deployment.global_concurrency_limit is not None
            assert deployment.global_concurrency_limit.limit == 1
            assert [schedule.active for schedule in deployment.schedules] == [True]

        # Prefect's scheduler looks every five seconds; with a library too new for it, it never succeeds.
        scheduled = FlowRunFilter(deployment_id=FlowRunFilterDeploymentId(any_=[one.id for one in found]))
        runs = await until(lambda: client.read_flow_runs(flow_run_filter=scheduled))
        assert {run.state.type for run in runs if run.state} == {StateType.SCHEDULED}
        assert all(run.expected_start_time > datetime.now(UTC) for run in runs)
        for deployment in found:
            await client.pause_deployment(deployment.id)


def test_prefects_own_command_deploys_them(prefect_api: str, prefect_home: Path) -> None:
    given = {"PREFECT_API_URL": prefect_api, "PREFECT_HOME": str(prefect_home / "cli")}

    deployed = subprocess.run(
        [sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--all"],
        cwd=ROOT, env=commands.environment(**given), capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert deployed.returncode == 0, deployed.stdout + deployed.stderr


async def test_what_is_run_by_hand_has_no_schedule_and_no_limit() -> None:
    await deploy(at_once=3)

    async with get_client() as client:
        found = await client.read_deployment_by_name("recode/main")
        assert found.schedules == []
        assert found.global_concurrency_limit is None
        assert found.work_pool_name == POOL
        assert {"apply", "days"} <= set(found.parameter_openapi_schema["properties"])
    await deploy()


async def test_more_machines_mean_more_runs_of_one_moment() -> None:
    await deploy(at_once=3)

    async with get_client() as client:
        for deployment in await _ours(client):
            assert len(deployment.schedules) == 3
            assert deployment.global_concurrency_limit is not None
            assert deployment.global_concurrency_limit.limit == 3
            await client.pause_deployment(deployment.id)
    await deploy()
    async with get_client() as client:
        for deployment in await _ours(client):
            assert len(deployment.schedules) == 1
            await client.pause_deployment(deployment.id)
