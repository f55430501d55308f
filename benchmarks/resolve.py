"""What it costs to resolve a mention against stores of 1,000, 100,000 and 1,000,000 events.

    .venv/bin/python -m benchmarks.resolve --sizes 1000 100000 1000000 --mentions 300

A store grows by the years that it is kept: each day every one of fifty dyads has one event, told
by two outlets, so that a larger store is an older one. The mentions that are measured tell of the
last month of each store, one transaction each, as in the service: two in three of an event that is
there, one of a new one. The figure is flat if it does not fall by more than half.
"""

import argparse
import random
import statistics
import sys
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from dragoman import scratch
from tasks.model import DateBasis, Interval, Kind, Mention, Official, Precision, Stage
from tasks.resolve.resolver import resolve
from tasks.settings import configuration
from tasks.settings.configuration import Configuration
from tasks.settings.environment import ROOT
from tasks.store import database as store
from tasks.store import mentions
from tasks.store.database import Connection

DYADS = 50
LAST = date(2026, 1, 1)
WARM = 50
FLAT = 2.0
_KINDS = ("agreement", "meeting", "exercise", "patrol", "consultation_round")

_FILL_EVENTS = """
insert into event (dyad, kind, stage, date_start, date_end, date_precision, date_basis, place, officials,
                   witnesses, created_at, changed_at)
select dyad, kind, 'held', day, day, 'day', 'stated', place, officials, 2, day, day
from planned order by number
"""
_PLAN = """
create temporary table planned as
select number,
       'CHN-X' || chr(65 + (number %% %(dyads)s) / 26) || chr(65 + (number %% %(dyads)s) %% 26) as dyad,
       (%(kinds)s::text[])[1 + (number / %(dyads)s) %% 5] as kind,
       %(last)s::date - (number / %(dyads)s)::integer as day,
       'place ' || number / %(dyads)s %% 7 as place,
       jsonb_build_array(jsonb_build_object(
           'id', 'official_' || number / %(dyads)s %% 11, 'name', 'x', 'role', null, 'state',
           'X' || chr(65 + (number %% %(dyads)s) / 26) || chr(65 + (number %% %(dyads)s) %% 26)
       )) as officials
from generate_series(0, %(size)s - 1) as number
"""
_FILL_MENTIONS = """
insert into mention (item_id, position, event_id, dyad, kind, stage, background, date_start, date_end,
                     date_precision, date_basis, place, officials, segment, source_id, outlet, family, rank,
                     language, title, published, first_seen)
select 1000000000 + e.id * 2 + outlet, 0, e.id, e.dyad, e.kind, 'held', false, e.date_start, e.date_end,
       'day', 'stated', e.place, e.officials, 'main', 's', 'Outlet ' || outlet, 'family ' || outlet, 3,
       'en', 'Title', e.date_start + interval '12 hours', e.date_start + interval '12 hours'
from event e cross join generate_series(0, 1) as outlet
"""


def fill(db: Connection, size: int) -> None:
    """Put `size` events into an empty store, each told by two outlets."""
    with db.transaction():
        db.execute("set local statement_timeout = 0")
        db.execute(_PLAN, {"dyads": DYADS, "kinds": list(_KINDS), "last": LAST, "size": size})
        db.execute(_FILL_EVENTS)
        db.execute(_FILL_MENTIONS)
        db.execute("drop table planned")
    db.execute("analyze event, mention")


def said(number: int, chance: random.Random) -> Mention:
    """What an item says: of an event that is in the store, or, every third time, of another."""
    back, dyad = chance.randrange(1, 30), chance.randrange(DYADS)
    other = f"X{chr(65 + dyad // 26)}{chr(65 + dyad % 26)}"
    day = LAST - timedelta(days=back)
    known = number % 3 != 0
    return Mention(
        kind=Kind(_KINDS[back % 5]),
        stage=Stage.HELD,
        dyad=f"CHN-{other}",
        date=Interval(day, day, Precision.DAY, DateBasis.STATED) if number % 4 else None,
        place=f"place {back % 7}" if known else "elsewhere",
        officials=(Official(f"official_{back % 11}" if known else f"stranger_{number}", "x", other),),
    )


def measure(db: Connection, settings: Configuration, count: int) -> list[float]:
    """Seconds for each of `count` mentions, after some that are not counted."""
    chance = random.Random(5)
    took = []
    for number in range(WARM + count):
        mention = said(number, chance)
        now = datetime.combine(LAST, datetime.min.time(), UTC) + timedelta(minutes=number)
        origin = {
            "source_id": "s", "outlet": f"O{number}", "family": f"f{number}", "rank": 3, "language": "en",
            "url": None, "title": "Title", "published": now - timedelta(days=5), "first_seen": now,
            "baseline": False, "text_hash": None,
        }  # fmt: skip
        began = time.perf_counter()
        with db.transaction():
            mentions.add(db, number, 0, mention, origin)
            resolve(db, [number], settings, now)
        took.append(time.perf_counter() - began)
    return took[WARM:]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure each size; the exit status is 1 if the costs are not flat."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 100_000, 1_000_000])
    parser.add_argument("--mentions", type=int, default=300)
    given = parser.parse_args(arguments)
    settings = configuration.load(ROOT / "config")
    rates = []
    for size in given.sizes:
        with scratch.database() as dsn, store.connect(dsn) as db:
            fill(db, size)
            took = measure(db, settings, given.mentions)
        rates.append(1 / statistics.median(took))
        worst = sorted(took)[int(0.95 * len(took))]
        sys.stdout.write(
            f"{size:>9,} events: {rates[-1]:6.1f} mentions a second, "
            f"median {statistics.median(took) * 1000:.1f} ms, 95th of 100 {worst * 1000:.1f} ms\n"
        )
        sys.stdout.flush()
    flat = max(rates) / min(rates) <= FLAT
    sys.stdout.write(f"most and least differ by a factor of {max(rates) / min(rates):.2f}\n")
    return 0 if flat else 1


if __name__ == "__main__":
    sys.exit(main())
