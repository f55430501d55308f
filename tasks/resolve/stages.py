"""The stages of an event, after its mentions have changed.

A stage that was told stays told with the event that holds the mention by which it was told. A
stage of which nobody is left who says it is taken back, unless it was told. What was found out
late to be an event of its own is noted without being news.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from tasks.store import events
from tasks.store.database import Connection
from tasks.store.rows import Sighting

# A part that is split off later than this after its last report is no news any more (codebook, "Background").
_NEWS = timedelta(days=14)
_TOO_LATE = "It was seen to be an event of its own when its reports were no news any more."


def settle(
    db: Connection, event_id: int, members: Sequence[Sighting], fresh: set[int], now: datetime
) -> list[str]:
    """Let an event have the stages that its mentions tell of; the stages that are new.

    `fresh` are the ids of the mentions that were resolved just now.
    """
    ids = {one.id for one in members}
    registered = any(one.entry is not None for one in members)
    told = {alert.stage for alert in events.told(db, [event_id])}
    there: set[str] = set()
    since: dict[str, datetime] = {}
    for row in events.stages(db, [event_id]):
        holds = registered if row["mention_id"] is None else row["mention_id"] in ids
        if holds or row["stage"] in told:
            there.add(row["stage"])
        else:
            since[row["stage"]] = row["reached_at"]
            events.drop_stage(db, event_id, row["stage"])
    reached = []
    saying = [one for one in sorted(members, key=lambda one: one.id) if one.entry is None]
    for stage in dict.fromkeys(one.stage for one in saying):
        if stage in there:
            continue
        telling = [one for one in saying if one.stage == stage]
        late = stage not in since and _too_late(telling, fresh, now)
        events.reach(
            db, event_id, stage, since.get(stage, now), mention_id=telling[0].id, item_id=telling[0].item_id,
            decision="quiet" if late else None, reason=_TOO_LATE if late else None,
        )  # fmt: skip
        if stage not in since:
            reached.append(stage)
    return reached


def _too_late(telling: Sequence[Sighting], fresh: set[int], now: datetime) -> bool:
    if any(one.id in fresh for one in telling):
        return False
    return now - max(one.first_seen for one in telling) > _NEWS
