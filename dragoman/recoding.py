"""`dragoman recode`: the archive coded again by the rules of today, shown first and applied when asked."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from dragoman.terminal import opened_store
from tasks.code.archive.changes import Tally
from tasks.code.archive.station import recode_batch
from tasks.code.rules import Rules, compile_rules
from tasks.resolve import station as resolving
from tasks.settings import configuration
from tasks.settings.configuration import Configuration
from tasks.settings.environment import Environment
from tasks.store import recodings
from tasks.store.database import Connection
from tasks.store.recodings import Recoding

LOOK = 1.0
"""Seconds between two looks at the batches that others have taken."""

_RESOLVED = 500


@dataclass(frozen=True, slots=True)
class Recoded:
    """What a run over the archive came to, by all who worked on it."""

    applied: bool
    rules: str
    days: int | None
    tally: Tally

    def described(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "applied": self.applied, "rules": self.rules, "days": self.days, **self.tally.to_json(),
        }  # fmt: skip


def recode(
    environment: Environment, *, applies: bool, days: int | None, progress: Callable[[int, int], None]
) -> Recoded:
    """Take part in coding the archive again until all of it is done; what changed, or would.

    Whoever calls it at the same time, on this machine or another, shares the work. `progress` is
    told how many batches are done, and of how many.

    Raises:
        ConfigurationError: the configuration is wrong.
    """
    loaded = configuration.load(environment.configuration)
    rules = compile_rules(loaded)
    with opened_store(environment) as db:
        recoding = recodings.begin(db, rules.version, datetime.now(UTC), applies=applies, days=days)
        _work(db, rules, loaded, recoding, progress)
        recodings.close(db, recoding, datetime.now(UTC))
        total = Tally()
        for found in recodings.changes(db, recoding):
            total.add(Tally.of(found))
    return Recoded(applies, rules.version, days, total)


def _work(
    db: Connection,
    rules: Rules,
    loaded: Configuration,
    recoding: Recoding,
    progress: Callable[[int, int], None],
) -> None:
    while True:
        found = recode_batch(db, rules, recoding, datetime.now(UTC))
        if recoding.applies and (found is None or found.differing):
            _follow(db, loaded)
        state = recodings.progress(db, recoding)
        progress(state.done, state.batches)
        if state.ended:
            if recoding.applies and found is not None:
                _follow(db, loaded)
            return
        if found is None:
            # Others hold the rest; what one of them has died with comes free when its lease ends.
            time.sleep(LOOK)


def _follow(db: Connection, loaded: Configuration) -> None:
    """Let the events follow what the items say now."""
    while resolving.resolve_items(db, loaded, _RESOLVED, datetime.now(UTC)).taken == _RESOLVED:
        continue
