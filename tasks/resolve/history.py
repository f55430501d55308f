"""The register's history as events: they are there from the first day, and never alert.

Each event gets one mention, whose family is `register`: so it is weighed, joined and fused like
any other, and what the news says later stands beside it.
"""

from datetime import UTC, date, datetime, time

from tasks.model import (
    Evidence,
    Interval,
    Mention,
    Official,
    RoundBasis,
    Stage,
)
from tasks.resolve.fuse import fuse
from tasks.resolve.resolver import learn, settle
from tasks.settings.actors import Actors
from tasks.settings.configuration import Configuration
from tasks.settings.register import Acting, Entry, Register, over_before
from tasks.store import events, mentions
from tasks.store.database import Connection, scalar

_REASON = "is history: the register has it"
_OVER = (Stage.HELD, Stage.UNDER_WAY, Stage.CANCELLED, Stage.POSTPONED, Stage.DENIED, Stage.ANNOUNCED)


def load_history(
    db: Connection,
    register: Register,
    configuration: Configuration,
    now: datetime,
    before: date | None = None,
) -> int:
    """Put the register's events into the store; how many were new.

    With `before` only those that were over before that day. What is in the store already stays as
    it is, so that it can be called at every start.
    """
    with db.transaction():
        loaded = [_load(db, entry, configuration, now) for entry in over_before(register, before)]
        added = [event_id for event_id in loaded if event_id is not None]
        if added and scalar(db, "events/told_of"):
            # A row that was added later may be what the news has told of already.
            for event_id in added:
                event = events.by_id(db, event_id)
                # It may have gone into one that was settled before it.
                if event is not None and event.merged_into is None:
                    settle(db, event, configuration, now)
        elif added:
            for mechanism in configuration.mechanisms:
                learn(db, mechanism, configuration)
    return len(added)


def _load(db: Connection, entry: Entry, configuration: Configuration, now: datetime) -> int | None:
    """The id of the event, or None if it is there already."""
    mention = _mention(entry, configuration.actors)
    event_id = events.create(
        db, mention.dyad, mention.kind, mention.stage, now, status="historical", register_id=entry.id
    )
    if event_id is None:
        return None
    mechanism = configuration.mechanisms.get(entry.mechanism or "")
    told = _told(mention.date)
    mention_id = mentions.add(
        db, -event_id, 0, mention,
        {
            "source_id": mentions.REGISTER, "outlet": "register", "family": mentions.REGISTER, "rank": 1,
            "language": "en", "url": next(iter(entry.sources), None),
            "title": mechanism.title if mechanism else entry.id, "published": told, "first_seen": told or now,
            "baseline": True, "text_hash": None,
        },
    )  # fmt: skip
    assert mention_id is not None
    mentions.attach(db, mention_id, event_id, _REASON)
    fields = fuse(mentions.of_events(db, [event_id]))
    events.save(db, event_id, {**fields, "status": "historical"}, now)
    for stage in entry.stages:
        events.reach(
            db, event_id, stage, now, mention_id=None, item_id=None, decision="quiet", reason=_REASON
        )
    return event_id


def _mention(entry: Entry, actors: Actors) -> Mention:
    assert entry.dyad is not None and entry.kind is not None
    stage = next(one for one in _OVER if one in entry.stages)
    quote = Evidence(entry.id, "register")
    evidence = {
        name: quote
        for name, value in (
            ("kind", True), ("dyad", True), ("stage", True), ("date", True), ("round", entry.round),
            ("place", entry.place), ("officials", entry.officials), ("instrument", entry.instrument),
            ("mechanism", entry.mechanism),
        )
        if value
    }  # fmt: skip
    return Mention(
        kind=entry.kind,
        stage=stage,
        dyad=entry.dyad,
        background=True,
        mechanism=entry.mechanism,
        round=entry.round,
        round_basis=RoundBasis.STATED if entry.round else None,
        date=entry.stages[stage],
        place=entry.place,
        officials=tuple(_official(acting, actors) for acting in entry.officials),
        instrument=entry.instrument,
        evidence=evidence,
    )


def _official(acting: Acting, actors: Actors) -> Official:
    person = actors.officials[acting.id]
    return Official(person.id, person.name, person.state, acting.role)


def _told(day: Interval | None) -> datetime | None:
    """When it was news, for the order of witnesses."""
    return datetime.combine(day.end, time(), UTC) if day else None
