"""The code station: items that await the gate or the coder, and what becomes of them.

Each item is a transaction of its own. One that cannot be coded is tried again later, and given up
with its reason after some tries; the others go on.
"""

import hashlib
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from tasks.code.coder import Coding, code, tools_for
from tasks.code.gate import NOTHING, weigh
from tasks.code.language import language_of
from tasks.code.rules import Rules
from tasks.code.text import fold
from tasks.model import SegmentRole, item_text
from tasks.settings.outlets import Outlets
from tasks.settings.sources import Pages
from tasks.store import items, mentions
from tasks.store.database import Connection
from tasks.store.items import StoredItem

LEASE = timedelta(minutes=5)
# A feed that gives less than this has a page worth fetching (characters).
SHORT = 600
_MOST_ATTEMPTS = 3
_AGAIN = timedelta(minutes=10)
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Counted:
    """What a batch came to: items taken, passed or relevant, mentions made, and failures."""

    taken: int = 0
    kept: int = 0
    mentions: int = 0
    failed: int = 0


def pass_gate(db: Connection, rules: Rules, limit: int, now: datetime) -> Counted:
    """Weigh items that await the gate, and send them to their page, to the coder, or nowhere."""
    claimed = items.claim(db, "gate", limit, now, LEASE)
    outcomes = [_tried(db, stored, now, partial(_weigh, db, stored, rules, now)) for stored in claimed]
    return _counted(outcomes)


def code_items(db: Connection, rules: Rules, limit: int, now: datetime) -> Counted:
    """Code items that await the coder; those that say something go on to be resolved."""
    claimed = items.claim(db, "code", limit, now, LEASE)
    outcomes = [_tried(db, stored, now, partial(_code, db, stored, rules, now)) for stored in claimed]
    return _counted(outcomes)


def _counted(outcomes: list[tuple[bool, int] | None]) -> Counted:
    done = [outcome for outcome in outcomes if outcome is not None]
    return Counted(
        len(outcomes), sum(kept for kept, _ in done), sum(made for _, made in done), len(outcomes) - len(done)
    )


def _tried(
    db: Connection, stored: StoredItem, now: datetime, work: Callable[[], tuple[bool, int]]
) -> tuple[bool, int] | None:
    """What `work` gives, or None if it failed: then the item waits, or is given up with its reason.

    One on which work has begun too often without an end has ended its worker each time.
    """
    if stored.attempts > _MOST_ATTEMPTS:
        _give_up(db, stored, now, stored.failure or "ended its worker time and again")
        return None
    stored = items.begin(db, stored)
    try:
        with db.transaction():
            return work()
    except Exception as error:  # noqa: BLE001 - one item must not stop the others; it is kept and told
        _LOG.exception("item %s could not be coded", stored.number)
        reason = f"{type(error).__name__}: {error}"[:500]
        if stored.attempts > _MOST_ATTEMPTS:
            _give_up(db, stored, now, reason)
        else:
            items.release(db, stored.number, now + _AGAIN, failure=reason)
        return None


def _give_up(db: Connection, stored: StoredItem, now: datetime, reason: str) -> None:
    """Let an item go with its reason; what an earlier version of it said is taken back."""
    with db.transaction():
        mentions.clear(db, stored.number)
        items.await_next(db, stored.number, None, now, failure=reason)


def _weigh(db: Connection, stored: StoredItem, rules: Rules, now: datetime) -> tuple[bool, int]:
    text = item_text(stored.item)
    language = language_of(text, stored.language)
    folded = fold(text)
    gates = [weigh(one.matcher.weighed(text, folded), rules) for one in tools_for(language, rules)]
    gate = max(gates, key=lambda one: (one.passed, one.weight), default=NOTHING)
    awaits = None
    if gate.passed:
        awaits = "page" if _wants_page(stored) else "code"
    handed = items.await_next(
        db, stored.number, awaits, now, version=stored.version, score=gate.share,
        relevant=None if gate.passed else False, reasons=gate.reasons, rules=rules.version,
    )  # fmt: skip
    if handed and not gate.passed:
        # An item that was edited into something else takes back what it said.
        mentions.clear(db, stored.number)
    return gate.passed, 0


def _wants_page(stored: StoredItem) -> bool:
    short = len(stored.item.body or stored.item.summary) < SHORT
    return short and stored.item.url is not None and stored.pages == Pages.SHORT


def _code(db: Connection, stored: StoredItem, rules: Rules, now: datetime) -> tuple[bool, int]:
    coding = code(stored.item, rules, ZoneInfo(stored.zone))
    said = coding.coded.mentions
    handed = items.await_next(
        db, stored.number, "resolve" if said else None, now, version=stored.version,
        score=coding.coded.score, relevant=coding.coded.relevant, reasons=coding.coded.reasons,
        rules=rules.version,
    )  # fmt: skip
    if handed:
        mentions.clear(db, stored.number)
        store_mentions(db, stored.number, coding, origin_of(stored, coding, rules.outlets))
    return coding.coded.relevant, len(said)


def store_mentions(db: Connection, number: int, coding: Coding, origin: Mapping[str, object]) -> None:
    """Store what an item was coded to say; see `tasks.store.mentions.add` for `origin`."""
    for position, mention in enumerate(coding.coded.mentions):
        mentions.add(db, number, position, mention, origin)


def origin_of(stored: StoredItem, coding: Coding, outlets: Outlets) -> dict[str, object]:
    """What a mention keeps of its item and source, so that it can be weighed when they have gone.

    What an aggregator found is told in the name of the outlet that it names, and says so.
    """
    outlet, family = stored.outlet, stored.family
    if stored.found_at is not None:
        named = outlets.at(stored.found_at)
        outlet, family = f"{named.name} via {stored.outlet}", named.family
    return {
        "source_id": stored.source_id,
        "outlet": outlet,
        "family": family,
        "country": stored.source.country,
        "rank": stored.rank,
        "language": coding.coded.language,
        "url": stored.item.url,
        "title": stored.item.title,
        "published": stored.item.published,
        "first_seen": stored.item.first_seen,
        "baseline": stored.baseline,
        "text_hash": text_hash(stored),
    }


def text_hash(stored: StoredItem) -> bytes:
    """What copies of one text share: the letters of its main story, without case, space and marks."""
    main = [segment.text for segment in stored.item.segments if segment.role is SegmentRole.MAIN]
    told = fold(" ".join(main) if main else item_text(stored.item))
    letters = "".join(character for character in told if character.isalnum())
    return hashlib.blake2b(letters.encode(), digest_size=16).digest()
