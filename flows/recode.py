"""Codes the stored items again after a change of the rules, and shows what that changes.

By itself it changes nothing: it shows which items would become relevant or stop being so, and
which mentions would be new, gone or different. With `apply` it writes them, and the events follow.
Nobody is told of what is old. Any number of runs share the work; what one leaves the next takes up.
"""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from prefect import flow, get_client
from prefect.artifacts import (
    acreate_markdown_artifact,
    acreate_progress_artifact,
    acreate_table_artifact,
    aupdate_progress_artifact,
)
from prefect.runtime import deployment, flow_run
from prefect.states import Scheduled

from flows import parts, surroundings
from flows.moments import clock
from flows.parts import Knowledge
from tasks.code.archive.changes import Tally
from tasks.code.archive.work import recode_items
from tasks.resolve.work import resolve_mentions
from tasks.store import recodings
from tasks.store.database import Pool
from tasks.store.recodings import Recoding

BUDGET = 600.0
"""Seconds after which a run leaves the rest to the next one, which it orders: no flow lives longer
than fifteen minutes, so that one that hangs can be told from one that works."""

BATCHES = 20
"""Batches of one task run: some thousand items, most of which the gate drops."""

RESOLVED = 500
LOOK = 1.0
"""Seconds between two looks at the batches that others have taken."""

PAUSE = timedelta(seconds=5)
"""Before the next run begins, so that this one has ended."""


@flow(name="recode", description=__doc__, timeout_seconds=900, retries=0, persist_result=False)
async def recode(
    apply: bool = False, days: int | None = None, begun: int | None = None, now: str | None = None
) -> Tally:
    """Take part in coding the archive again; what has changed so far, or would.

    Args:
        apply: write what changes; without it, it is only shown.
        days: only items that were first seen in so many days; without it, all.
        begun: the number of a run over the archive that this one goes on with; what it was asked for
            holds, and no other is begun when it has ended meanwhile.
        now: the moment that the run takes for the present (ISO 8601); without it, the clock's.

    """
    place = surroundings.current()
    knowledge = parts.known(place.environment.configuration)
    moment = clock(now)
    with parts.pool(place.environment) as pool:
        with pool.connection() as db:
            recoding = recodings.get(db, begun) if begun is not None else None
            version = knowledge.rules.version
            if recoding is None or recoding.rules != version:
                recoding = recodings.begin(db, version, moment(), applies=apply, days=days)
        ended = await _work(pool, knowledge, recoding, moment)
        with pool.connection() as db:
            recodings.close(db, recoding, moment())
            total = Tally()
            for found in recodings.changes(db, recoding):
                total.add(Tally.of(found))
    await _tell(total, recoding, place.say, ended=ended)
    if not ended:
        await _go_on({"apply": recoding.applies, "days": recoding.days, "begun": recoding.id})
    return total


async def _work(pool: Pool, knowledge: Knowledge, recoding: Recoding, moment: Callable[[], datetime]) -> bool:
    """Take batches until none is left or the time is up; whether the whole run is done."""
    shown = await acreate_progress_artifact(0.0, key="recode-progress", description="items coded again")
    end = monotonic() + BUDGET
    while monotonic() < end:
        with pool.connection() as db:
            progress = recodings.progress(db, recoding)
        await aupdate_progress_artifact(shown, 100.0 * progress.done / max(progress.batches, 1))
        if progress.ended:
            break
        found = await recode_items(
            pool, knowledge.rules, recoding, moment(), batch=progress.done + 1, limit=BATCHES
        )
        if found is None:
            # The rest is with other workers, or was with one that has died: its lease will end.
            await asyncio.sleep(LOOK)
    if recoding.applies:
        await _resolve(pool, knowledge, moment)
    with pool.connection() as db:
        return recodings.progress(db, recoding).ended


async def _resolve(pool: Pool, knowledge: Knowledge, moment: Callable[[], datetime]) -> None:
    """Let the events follow; those of which nobody tells any more are withdrawn."""
    while True:
        resolved = await resolve_mentions(pool, knowledge.configuration, moment(), limit=RESOLVED)
        if resolved.taken < RESOLVED:
            return


async def _tell(total: Tally, recoding: Recoding, say: Callable[[str], None], *, ended: bool) -> None:
    rows = [{"what": "items coded again", "how many": total.items}]
    rows += [{"what": kind, "how many": number} for kind, number in total.counts.items()]
    rows += [{"what": f"field {name} changed", "how many": number} for name, number in total.fields.items()]
    done = "applied" if recoding.applies else "shown, not applied"
    told = f"{total.items} items coded again, {total.differing} of them differ; {done}"
    if not ended:
        told += "; it goes on"
    say(told)
    await acreate_table_artifact(rows, key="recode-changes", description=told)
    await acreate_markdown_artifact(_examples(total), key="recode-examples", description=told)
    async with get_client() as client:
        await client.update_flow_run(flow_run.id, name=told)


def _examples(total: Tally) -> str:
    """Examples of each kind as a list. What outlets write stands in code marks, where nothing is markup."""
    lines: list[str] = []
    for kind, found in total.examples.items():
        lines.append(f"## {kind} ({total.counts[kind]})")
        lines += [_example(one) for one in found]
    return "\n".join(lines) or "Nothing changes."


def _example(one: Mapping[str, Any]) -> str:
    told = " ".join(f"{one['outlet']}: {one['title']} {one['what']}".replace("`", "'").split())
    return f"- item {one['item']}: `{told}`"


async def _go_on(parameters: Mapping[str, Any]) -> None:
    """Order the next run, if this one was run from its deployment and not by hand."""
    if not deployment.id:
        return
    begins = datetime.now().astimezone() + PAUSE
    async with get_client() as client:
        await client.create_flow_run_from_deployment(
            deployment.id, parameters=dict(parameters), state=Scheduled(scheduled_time=begins)
        )
