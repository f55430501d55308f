"""The archive coded again as a flow: what an operator sees in the dashboard, and what is in the store after it."""

import asyncio
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from prefect import get_client
from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterKey
from prefect.client.schemas.sorting import ArtifactSort

from flows import parts, surroundings
from flows.recode import recode
from tasks.code import station as coding
from tasks.code.archive.changes import ADDED, BECAME, Tally
from tasks.settings.environment import ROOT, Environment
from tasks.store import events, items, sources
from tasks.store.database import Connection
from tasks.store.items import FoundItem
from tests.support.sources import a_source

pytestmark = pytest.mark.usefixtures("prefect_api")

NOW = datetime(2024, 2, 17, 9, tzinfo=UTC)
TITLE = "China and Hungary sign agreement on law enforcement cooperation"
BODY = (
    "Wang Xiaohong and Interior Minister Sandor Pinter signed an agreement on law enforcement and security "
    "cooperation in Budapest on Friday."
)


@pytest.fixture
def environment(tmp_path: Path, database: str) -> Environment:
    shutil.copytree(ROOT / "config", tmp_path / "config")
    return Environment(tmp_path, tmp_path / "config", ROOT / "seeds", database, None)


def set_gate(environment: Environment, passes_at: int) -> None:
    text = (ROOT / "config" / "gate.yaml").read_text(encoding="utf-8")
    path = environment.configuration / "gate.yaml"
    path.write_text(text.replace("passes_at: 4", f"passes_at: {passes_at}"), encoding="utf-8")


@pytest.fixture
def dropped(db: Connection, environment: Environment) -> None:
    """An item that an earlier gate has dropped."""
    set_gate(environment, 14)
    rules = parts.known(environment.configuration).rules
    sources.synchronise(db, [a_source(id="paper", zone="UTC", pages="never")], NOW)
    items.add(
        db, "paper", [FoundItem(keys=("one",), title=TITLE, body=BODY, published=NOW)], NOW, baseline=False
    )
    coding.pass_gate(db, rules, 10, NOW)
    set_gate(environment, 4)


async def run(environment: Environment, said: Callable[[str], None], *, apply: bool) -> Tally:
    with surroundings.within(environment, said):
        return await recode(apply=apply, now=(NOW + timedelta(hours=1)).isoformat())


@pytest.mark.usefixtures("dropped")
async def test_it_shows_first_and_applies_when_asked(db: Connection, environment: Environment) -> None:
    said: list[str] = []
    shown = await run(environment, said.append, apply=False)
    assert (shown.items, shown.counts) == (1, {BECAME: 1, ADDED: 1})
    assert events.listed(db) == []

    applied = await run(environment, said.append, apply=True)
    assert applied.counts == shown.counts
    (event,) = events.listed(db)
    assert event.dyad == "CHN-HUN"
    assert [line.split(";")[1].strip() for line in said] == ["shown, not applied", "applied"]

    async with get_client() as client:
        wanted = ArtifactFilter(key=ArtifactFilterKey(any_=["recode-examples"]))
        (first, *_) = await client.read_artifacts(artifact_filter=wanted, sort=ArtifactSort.CREATED_DESC)
    assert TITLE in str(first.data)


@pytest.mark.usefixtures("dropped")
async def test_several_runs_share_the_work(db: Connection, environment: Environment) -> None:
    totals = await asyncio.gather(*(run(environment, print, apply=True) for _ in range(3)))
    assert max(total.counts[BECAME] for total in totals) == 1
    assert len(events.listed(db)) == 1
